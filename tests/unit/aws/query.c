// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include "aws/percent.h"
#include "aws/query.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_agrees_with_botocore(void **state)
{
	(void)state;
	json_t *cases = fixture_cases(VNS_CASES "/aws/query.json");
	assert_true(json_array_size(cases) >= 200);
	for (size_t i = 0; i < json_array_size(cases); i++) {
		const json_t *test = json_array_get(cases, i);
		const json_t *parameters = json_object_get(test, "parameters");
		struct arena arena;
		struct query query;
		arena_init(&arena, 0);
		query_init(&query, &arena);
		for (size_t k = 0; k < json_array_size(parameters); k++) {
			const json_t *pair = json_array_get(parameters, k);
			query_add(&query, text_of(json_string_value(json_array_get(pair, 0))),
				  text_of(json_string_value(json_array_get(pair, 1))));
		}
		assert_int_equal(query.count, json_array_size(parameters));
		assert_text(query_encode(&query, fixture_text(test, "action"), fixture_text(test, "version")),
			    fixture_text(test, "encoded").at);
		arena_free(&arena);
	}
	json_decref(cases);
}

static void test_adds_items_and_numbers(void **state)
{
	(void)state;
	struct arena arena;
	struct query query;
	arena_init(&arena, 0);
	query_init(&query, &arena);
	query_add_number(&query, T("SessionNumber"), INT64_MIN);
	query_add_item(&query, T("RemoveField"), 1, T(""), T("packet-length"));
	query_add_item(&query, T("Tag"), 12, T("Key"), T("a b"));
	query_add(&query, T("Empty"), T(""));
	assert_text(
		query_encode(&query, T("A"), T("V")),
		"Action=A&Version=V&SessionNumber=-9223372036854775808&RemoveField.1=packet-length&Tag.12.Key=a%20b&"
		"Empty=");
	assert_text(query_find(&query, T("Tag.12.Key")), "a b");
	assert_text(query_find(&query, T("Tag.1.Key")), "");
	arena_free(&arena);
}

static void test_copies(void **state)
{
	(void)state;
	struct arena arena;
	struct query query;
	char value[] = "before";
	arena_init(&arena, 0);
	query_init(&query, &arena);
	query_add(&query, T("Name"), text_of(value));
	value[0] = 'X';
	assert_text(query_find(&query, T("Name")), "before");
	arena_free(&arena);
}

static void test_percent_decoding(void **state)
{
	(void)state;
	static const struct {
		const char *encoded;
		const char *plain;
	} cases[] = { { "", "" },     { "a+b", "a+b" },        { "%41%7a", "Az" },   { "%", "%" },
		      { "%4", "%4" }, { "%zz", "%zz" },        { "100%25", "100%" }, { "%%41", "%A" },
		      { "%2", "%2" }, { "%C3%A9", "\xC3\xA9" } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char plain[32];
		const char *end = percent_decode(plain, text_of(cases[i].encoded));
		const struct text decoded = { plain, (size_t)(end - plain) };
		assert_text(decoded, cases[i].plain);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_botocore),
		cmocka_unit_test(test_adds_items_and_numbers),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_percent_decoding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
