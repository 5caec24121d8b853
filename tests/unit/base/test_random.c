// SPDX-License-Identifier: MPL-2.0
#include "base/random.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static void assert_uuid(struct text text)
{
	assert_int_equal(text.length, RANDOM_UUID_CHARS);
	for (size_t i = 0; i < text.length; i++) {
		const bool is_hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		assert_non_null(strchr(is_hyphen ? "-" : "0123456789abcdef", text.at[i]));
	}
	assert_int_equal(text.at[14], '4');           // the version
	assert_non_null(strchr("89ab", text.at[19])); // the variant
}

static void no_two_are_equal(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct text before = random_token(&arena);
	for (int i = 0; i < 1000; i++) {
		char uuid[RANDOM_UUID_CHARS + 1];
		random_uuid(uuid);
		assert_uuid(text_of(uuid));
		struct text token = random_token(&arena);
		assert_uuid(token);
		assert_false(text_equal(token, before));
		assert_false(text_equal(token, text_of(uuid)));
		before = token;
	}
	arena_free(&arena);
}

// In 64 numbers, each bit is there and is not there; by chance it is otherwise once in 2^58 runs.
static void every_bit_of_a_number_varies(void **state)
{
	(void)state;
	uint32_t any = 0, all = UINT32_MAX;
	for (int i = 0; i < 64; i++) {
		const uint32_t number = random_number();
		any |= number;
		all &= number;
	}
	assert_int_equal(any, UINT32_MAX);
	assert_int_equal(all, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_are_equal),
		cmocka_unit_test(every_bit_of_a_number_varies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
