// SPDX-License-Identifier: MPL-2.0
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "value/number.h"

#include <float.h>
#include <math.h>
#include <string.h>

static void assert_number(struct arena *arena, const struct number *number, const char *wanted)
{
	struct text got = number_print(arena, number);
	if (!text_equal(got, text_of(wanted)))
		fail_msg("got %.*s, wanted %s", TEXT_ARG(got), wanted);
}

static void spelling_test(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "0", "0" },
		{ "-0.000", "0" },
		{ "007", "7" },
		{ "1.50", "1.5" },
		{ "0.5", "0.5" },
		{ "100", "100" },
		{ "1e2", "100" },
		{ "1.25e1", "12.5" },
		{ "125e-3", "0.125" },
		{ "-1e-3", "-0.001" },
		{ "12.0", "12" },
		{ "0.0010", "0.001" },
		{ "+3", "3" },
		{ "1E+1", "10" },
		{ "00.10", "0.1" },
		{ "10.01", "10.01" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "9223372036854775808", "9223372036854775808" },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct number number;
		assert_true(number_read(&arena, text_of(cases[i][0]), &number));
		assert_number(&arena, &number, cases[i][1]);
	}
	arena_free(&arena);
}

static void integer_test(void **state)
{
	(void)state;
	struct arena arena;
	struct number number;
	arena_init(&arena, 0);
	assert_true(number_read(&arena, T("-9223372036854775808"), &number));
	assert_true(number.is_integer && number.integer == INT64_MIN && number.decimal.length == 0);
	assert_true(number_read(&arena, T("9223372036854775808"), &number));
	assert_false(number.is_integer);
	number = number_from_unsigned(&arena, UINT64_MAX);
	assert_number(&arena, &number, "18446744073709551615");
	number = number_from_unsigned(&arena, INT64_MAX);
	assert_true(number.is_integer);
	arena_free(&arena);
}

static void length_test(void **state)
{
	(void)state;
	struct arena arena;
	struct number number;
	arena_init(&arena, 0);
	assert_true(number_read(&arena, T("1e4095"), &number));
	assert_int_equal(number.decimal.length, 4096);
	assert_true(number_read(&arena, T("1e-4097"), &number));
	assert_false(number_read(&arena, T("1e4096"), &number));
	assert_false(number_read(&arena, T("1e-4098"), &number));
	assert_false(number_read(&arena, T("1e9223372036854775808"), &number));
	assert_true(number_read(&arena, T("0e9223372036854775808"), &number));
	assert_true(arena.taken_bytes < (size_t)256 * 1024);
	arena_free(&arena);
}

// What came with all its digits is a number however many they are: a host writes out 1e5000, and validation is to say
// what is wrong with it.
static void written_out_test(void **state)
{
	(void)state;
	enum { LENGTH = 10000 };
	static char digits[LENGTH];
	struct arena arena;
	struct number number;
	arena_init(&arena, 0);
	memset(digits, '0', sizeof digits);
	digits[0] = '1';
	const struct text whole = { digits, sizeof digits };
	assert_true(number_read(&arena, whole, &number));
	assert_false(number.is_integer);
	assert_true(text_equal(number_print(&arena, &number), whole));
	digits[0] = '0';
	digits[1] = '.';
	digits[LENGTH - 1] = '1';
	assert_true(number_read(&arena, whole, &number));
	assert_true(text_equal(number_print(&arena, &number), whole));
	assert_false(number_read(&arena, T("1e10000"), &number));
	arena_free(&arena);
}

static void double_test(void **state)
{
	(void)state;
	static const double reals[] = { 0.5, -0.1, 1e-300, DBL_MIN, 5e-324, 4503599627370495.5, 1.0 + DBL_EPSILON };
	struct arena arena;
	struct number number;
	double back;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
		assert_true(number_from_double(&arena, reals[i], &number));
		assert_true(number_to_double(&number, &back));
		assert_true(back >= reals[i] && back <= reals[i]);
	}
	assert_true(number_from_double(&arena, DBL_MAX, &number));
	assert_int_equal(number.decimal.length, 309);
	assert_false(number_to_double(&number, &back)); // whole
	assert_true(number_read(&arena, T("0.1"), &number));
	assert_false(number_to_double(&number, &back)); // no double is exactly that
	assert_true(number_read(&arena, T("1e-4000"), &number));
	assert_false(number_to_double(&number, &back));
	assert_false(number_from_double(&arena, (double)INFINITY, &number));
	assert_false(number_from_double(&arena, (double)NAN, &number));
	arena_free(&arena);
}

static void equal_test(void **state)
{
	(void)state;
	struct arena arena;
	struct number a, b;
	arena_init(&arena, 0);
	assert_true(number_read(&arena, T("1.50"), &a) && number_read(&arena, T("15e-1"), &b));
	assert_true(number_equal(&a, &b));
	assert_true(number_read(&arena, T("1.51"), &b));
	assert_false(number_equal(&a, &b));
	assert_true(number_read(&arena, T("1"), &b));
	assert_false(number_equal(&a, &b));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spelling_test),    cmocka_unit_test(integer_test), cmocka_unit_test(length_test),
		cmocka_unit_test(written_out_test), cmocka_unit_test(double_test),  cmocka_unit_test(equal_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
