// SPDX-License-Identifier: MPL-2.0
// Moments as AWS writes them: a text, held against a second reading with a calendar of its own; and any number of
// microseconds, written and read again.
#include "aws/iso_date.h"

#include "fuzz.h"
#include "moment.h"

#include <string.h>

static const int64_t second_us = 1000000;

// Behind "...:SS": the fraction of a second. Gives where it ends, or SIZE_MAX.
static size_t read_fraction(struct text date, size_t at, int64_t *ret_us)
{
	*ret_us = 0;
	if (at >= date.length || date.at[at] != '.')
		return at;
	size_t end = at + 1;
	int64_t worth = second_us;
	for (int digit; (digit = moment_digits(date, end, 1)) >= 0; end++) {
		worth /= 10;
		*ret_us += worth * digit;
	}
	return end > at + 1 ? end : SIZE_MAX;
}

static bool read_offset(struct text offset, int64_t *ret_seconds)
{
	*ret_seconds = 0;
	if (text_equal(offset, T("Z")) || text_equal(offset, T("z")) || text_equal(offset, T("UTC")))
		return true;
	size_t colon = offset.length == 6 && offset.at[3] == ':' ? 1 : 0;
	int hours = moment_digits(offset, 1, 2), minutes = moment_digits(offset, 3 + colon, 2);
	if (offset.length != 5 + colon || (offset.at[0] != '+' && offset.at[0] != '-') || hours < 0 || hours > 23 ||
	    minutes < 0 || minutes > 59)
		return false;
	*ret_seconds = (hours * 60 + minutes) * 60 * (offset.at[0] == '+' ? 1 : -1);
	return true;
}

static bool read_date(struct text date, int64_t *ret_us)
{
	static const struct text shape = TEXT("dddd-dd-ddTdd:dd:dd");
	for (size_t i = 0; i < shape.length; i++) {
		char c = i < date.length ? date.at[i] : '\0';
		bool fits = shape.at[i] == 'd'   ? c >= '0' && c <= '9'
			    : shape.at[i] == 'T' ? c == 'T' || c == 't' || c == ' '
						 : c == shape.at[i];
		if (!fits)
			return false;
	}
	const struct moment moment = { moment_digits(date, 0, 4),  moment_digits(date, 5, 2),
				       moment_digits(date, 8, 2),  moment_digits(date, 11, 2),
				       moment_digits(date, 14, 2), moment_digits(date, 17, 2) };
	int64_t fraction_us, offset_s;
	size_t end = read_fraction(date, shape.length, &fraction_us);
	if (!moment_exists(&moment) || end == SIZE_MAX || !read_offset(text_part(date, end, date.length), &offset_s))
		return false;
	*ret_us = (moment_seconds(&moment) - offset_s) * second_us + fraction_us;
	return true;
}

static void check_print(int64_t moment_us)
{
	static const int64_t year_10000_s = 253402300800;
	char printed[ISO_DATE_CHARS + 1];
	bool has_four_digits = moment_us >= 0 && moment_us / second_us < year_10000_s;
	bool is_printed = iso_date_print(moment_us, printed);
	fuzz_check(is_printed == has_four_digits, "%lld us is printed or not", (long long)moment_us);
	if (!is_printed)
		return;
	int64_t again_us = -1;
	fuzz_check(strlen(printed) == ISO_DATE_CHARS && iso_date_parse(text_of(printed), &again_us), "%s is no date",
		   printed);
	fuzz_check(again_us == moment_us - moment_us % second_us, "%s is another second", printed);
}

static void check(struct call *call, void *argument)
{
	(void)call;
	struct choices *choices = argument;
	int64_t any_us = 0;
	memcpy(&any_us, choices->at ? (const void *)choices->at : "", choices->left < 8 ? choices->left : 8);
	check_print(any_us);
	struct text date = choices_rest(choices);
	int64_t expected_us = 0, read_us = 0;
	bool is_date = read_date(text_trim(date), &expected_us);
	fuzz_check(iso_date_parse(date, &read_us) == is_date, "%.*s is a moment or not", TEXT_ARG(date));
	if (!is_date)
		return;
	fuzz_check(read_us == expected_us, "%.*s is read as %lld us", TEXT_ARG(date), (long long)read_us);
	check_print(read_us);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
