// SPDX-License-Identifier: MPL-2.0
#include "base/text.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define SIXTY_THREE "abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvwxy"

static int sign(int number)
{
	return (number > 0) - (number < 0);
}

static void texts_are_compared_by_bytes(void **state)
{
	(void)state;
	assert_true(text_equal(T(""), text_of(NULL)));
	assert_true(text_equal(T("a\0b"), ((struct text){ "a\0b", 3 })));
	assert_false(text_equal(T("a\0b"), T("a\0c")));
	assert_false(text_equal(T("a"), T("ab")));
	assert_true(text_equal_ignore_case(T("aZ-é"), T("Az-é")));
	assert_false(text_equal_ignore_case(T("[{"), T("{[")));
	assert_false(text_equal_ignore_case(T("a"), T("ab")));
	static const struct {
		struct text a, b;
		int order;
	} cases[] = {
		{ TEXT(""), TEXT(""), 0 },     { TEXT(""), TEXT("a"), -1 },    { TEXT("b"), TEXT("abc"), 1 },
		{ TEXT("a"), TEXT("ab"), -1 }, { TEXT("\xff"), TEXT("a"), 1 }, { TEXT("10"), TEXT("9"), -1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(sign(text_compare(cases[i].a, cases[i].b)), cases[i].order);
		assert_int_equal(sign(text_compare(cases[i].b, cases[i].a)), -cases[i].order);
	}
}

static void parts_are_found_and_cut(void **state)
{
	(void)state;
	assert_true(text_starts_with(T("abc"), T("ab")));
	assert_true(text_starts_with(T("abc"), T("")));
	assert_false(text_starts_with(T("ab"), T("abc")));
	assert_true(text_ends_with(T("abc"), T("bc")));
	assert_false(text_ends_with(T("bc"), T("abc")));
	assert_int_equal(text_find(T("aabaab"), T("ab")), 1);
	assert_int_equal(text_find(T("abc"), T("abcd")), SIZE_MAX);
	assert_int_equal(text_find(T("abc"), T("")), 0);
	assert_int_equal(text_find(T("abc"), T("c")), 2);
	assert_int_equal(text_find_char(T("abc"), 'c'), 2);
	assert_int_equal(text_find_char(T("abc"), 'd'), SIZE_MAX);
	assert_int_equal(text_find_char(text_of(NULL), 'd'), SIZE_MAX);
	assert_true(text_equal(text_part(T("abc"), 1, 1), T("b")));
	assert_true(text_equal(text_part(T("abc"), 1, SIZE_MAX), T("bc")));
	assert_true(text_equal(text_part(T("abc"), 3, 1), T("")));
	assert_true(text_equal(text_part(T("abc"), SIZE_MAX, SIZE_MAX), T("")));
	assert_true(text_equal(text_trim(T(" \t\r\n a b \n")), T("a b")));
	assert_true(text_equal(text_trim(T(" \n")), T("")));
	assert_true(text_is_visible(T("!az~")));
	assert_true(text_is_visible(T("")));
	static const struct text others[] = { TEXT("a b"), TEXT("a\n"), TEXT("\x7F"), TEXT("\xC3\xA4"), TEXT("a\0") };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(text_is_visible(others[i]));
}

static void labels_are_told(void **state)
{
	(void)state;
	static const struct text labels[] = { TEXT("eu-central-1"), TEXT("x"), TEXT("0"), TEXT(SIXTY_THREE) };
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		assert_true(text_is_label(labels[i]));
	static const struct text others[] = {
		TEXT(""),
		TEXT("-"),
		TEXT("-a"),
		TEXT("a-"),
		TEXT("a.b"),
		TEXT("a/b"),
		TEXT("a@b"),
		TEXT("a b"),
		TEXT("a_b"),
		TEXT("EU-CENTRAL-1"),
		TEXT("eu-central-1.evil.example/"),
		TEXT("\xC3\xA9"),
		TEXT("a\0"),
		TEXT(SIXTY_THREE "a"),
	};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_false(text_is_label(others[i]));
}

static void lists_are_taken_apart(void **state)
{
	(void)state;
	static const struct {
		struct text list;
		size_t count;
		struct text last;
	} cases[] = {
		{ TEXT(""), 0, TEXT("") },    { TEXT("a"), 1, TEXT("a") },  { TEXT("a,,b"), 3, TEXT("b") },
		{ TEXT("a,"), 1, TEXT("a") }, { TEXT(",a"), 2, TEXT("a") }, { TEXT(",,"), 2, TEXT("") },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct text rest = cases[i].list;
		struct text part = T("");
		size_t count = 0;
		while (text_take_until(&rest, ',', &part))
			count++;
		assert_int_equal(count, cases[i].count);
		assert_true(text_equal(part, cases[i].last));
	}
}

static void numbers_are_read_whole(void **state)
{
	(void)state;
	static const struct {
		struct text digits;
		bool good;
		int64_t number;
	} cases[] = {
		{ TEXT("0"), true, 0 },
		{ TEXT("-0"), true, 0 },
		{ TEXT("007"), true, 7 },
		{ TEXT("9223372036854775807"), true, INT64_MAX },
		{ TEXT("9223372036854775808"), false, 0 },
		{ TEXT("-9223372036854775808"), true, INT64_MIN },
		{ TEXT("-9223372036854775809"), false, 0 },
		{ TEXT("99999999999999999999999"), false, 0 },
		{ TEXT(""), false, 0 },
		{ TEXT("-"), false, 0 },
		{ TEXT("+1"), false, 0 },
		{ TEXT(" 1"), false, 0 },
		{ TEXT("1 "), false, 0 },
		{ TEXT("1e3"), false, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t number = 0;
		assert_int_equal(text_to_int64(cases[i].digits, &number), cases[i].good);
		assert_true(number == cases[i].number);
	}
}

static void copies_end_in_a_nul(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	char source[] = { 'A', '\0', 'Z', '!' };
	struct text copy = text_copy(&arena, (struct text){ source, 3 });
	source[0] = 'x';
	assert_memory_equal(copy.at, "A\0Z", 4);
	assert_true(text_equal(text_lower(&arena, copy), T("a\0z")));
	assert_string_equal(text_to_c_string(&arena, text_of(NULL)), "");
	arena_free(&arena);
}

static void utf8_is_told_from_other_bytes(void **state)
{
	(void)state;
	static const struct {
		struct text bytes;
		size_t good;
		struct text repaired;
	} cases[] = {
		{ TEXT("abc"), 3, TEXT("abc") },
		{ TEXT("é€😀"), 9, TEXT("é€😀") },
		{ TEXT("a\x80"), 1, TEXT("a\xEF\xBF\xBD") },
		{ TEXT("\xC0\x80"), 0, TEXT("\xEF\xBF\xBD\xEF\xBF\xBD") }, // overlong
		{ TEXT("\xE0\x80\x80"), 0, TEXT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") },
		{ TEXT("\xED\xA0\x80"), 0, TEXT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") }, // a surrogate
		{ TEXT("\xF4\x90\x80\x80"), 0, TEXT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") },
		{ TEXT("\xF5"), 0, TEXT("\xEF\xBF\xBD") },
		{ TEXT("x\xE2\x82"), 1, TEXT("x\xEF\xBF\xBD\xEF\xBF\xBD") }, // cut short
		{ TEXT("\xFFok"), 0, TEXT("\xEF\xBF\xBDok") },
		{ TEXT("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"), 10,
		  TEXT("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF") },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(text_utf8_prefix(cases[i].bytes), cases[i].good);
		struct text repaired = text_utf8_repair(&arena, cases[i].bytes);
		assert_true(text_equal(repaired, cases[i].repaired));
		assert_int_equal(text_utf8_prefix(repaired), repaired.length);
	}
	arena_free(&arena);
}

// Long runs of ASCII are not looked at byte by byte.
static void utf8_is_told_wherever_it_stands(void **state)
{
	(void)state;
	enum { LENGTH = 40 };
	for (size_t start = 0; start < 8; start++) {
		for (size_t at = start; at + 2 <= LENGTH; at++) {
			char bytes[LENGTH];
			memset(bytes, 'a', sizeof bytes);
			const struct text view = { bytes + start, LENGTH - start };
			assert_int_equal(text_utf8_prefix(view), view.length);
			memcpy(bytes + at, "\xC3\xA9", 2);
			assert_int_equal(text_utf8_prefix(view), view.length);
			bytes[at + 1] = 'a';
			assert_int_equal(text_utf8_prefix(view), at - start);
			bytes[at] = (char)0x80;
			assert_int_equal(text_utf8_prefix(view), at - start);
			assert_int_equal(text_utf8_prefix(text_part(view, 0, at - start)), at - start);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_compared_by_bytes),
		cmocka_unit_test(parts_are_found_and_cut),
		cmocka_unit_test(labels_are_told),
		cmocka_unit_test(lists_are_taken_apart),
		cmocka_unit_test(numbers_are_read_whole),
		cmocka_unit_test(copies_end_in_a_nul),
		cmocka_unit_test(utf8_is_told_from_other_bytes),
		cmocka_unit_test(utf8_is_told_wherever_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
