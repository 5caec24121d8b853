// SPDX-License-Identifier: MPL-2.0
// Networks in CIDR notation: two texts, held against a second reading of the notation and against each other.
#include "schema/check.h"

#include "fuzz.h"

#include <string.h>

// A decimal number up to `most`, without leading zeros.
static bool is_small_number(struct text digits, int most)
{
	int number = 0;
	if (digits.length == 0 || digits.length > 3 || (digits.length > 1 && digits.at[0] == '0'))
		return false;
	for (size_t i = 0; i < digits.length; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		number = number * 10 + (digits.at[i] - '0');
	}
	return number <= most;
}

static bool is_ipv4_network(struct text text)
{
	size_t slash = text_find_char(text, '/');
	if (slash == SIZE_MAX || !is_small_number(text_part(text, slash + 1, text.length), 32))
		return false;
	struct text rest = text_part(text, 0, slash), part;
	int parts = 0;
	while (text_take_until(&rest, '.', &part)) {
		if (!is_small_number(part, 255))
			return false;
		parts++;
	}
	return parts == 4 && text.at[slash - 1] != '.';
}

static void check_one(struct arena *arena, struct text text)
{
	struct cidr cidr;
	bool host_bits = false;
	bool parsed = check_cidr_parse(text, &cidr, &host_bits);
	struct value value = value_string(text);
	const char *problem = check_cidr(arena, &value);
	fuzz_check((problem == NULL) == (parsed && !host_bits), "parsing and checking do not agree");
	fuzz_check(check_cidr_same(text, text) == parsed, "a network is not the same as itself");
	bool has_colon = text_find_char(text, ':') != SIZE_MAX;
	fuzz_check(has_colon || parsed == is_ipv4_network(text), "read otherwise: %.*s", TEXT_ARG(text));
	if (!parsed)
		return;
	fuzz_check(cidr.is_ipv6 == has_colon, "of another family");
	fuzz_check(cidr.prefix_length >= 0 && cidr.prefix_length <= (cidr.is_ipv6 ? 128 : 32), "out of range");
	if (!host_bits)
		return;
	// The message names the right network: between its last quotes.
	struct text words = text_part(text_of(problem), 0, strlen(problem) - 1);
	struct text right = text_part(words, text_find_char(words, '"') + 1, words.length);
	struct value repaired = value_string(right);
	fuzz_check(check_cidr(arena, &repaired) == NULL, "the network that is advised is refused: %.*s",
		   TEXT_ARG(right));
}

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	struct text all = choices_rest(choices), one;
	if (!text_take_until(&all, '\n', &one))
		return;
	check_one(call->arena, one);
	check_one(call->arena, all);
	fuzz_check(check_cidr_same(one, all) == check_cidr_same(all, one), "sameness depends on the order");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
