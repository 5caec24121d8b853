// SPDX-License-Identifier: MPL-2.0
#include "schema_fixture.h"

#include "base/buffer.h"
#include "schema/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct row inner[] = {
	{ .name = "net", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_CIDR, .check = check_cidr },
	{ .name = "port", .kind = ROW_INTEGER, .flags = ROW_OPTIONAL },
	{ .name = NULL },
};

static const struct row rows[] = {
	{ .name = "a_string", .kind = ROW_STRING, .ec2 = "AString", .fallback = "text" },
	{ .name = "an_integer", .kind = ROW_INTEGER, .ec2 = "AnInteger", .xml = "other", .fallback = "12" },
	{ .name = "a_bool", .kind = ROW_BOOL, .fallback = "tru" },
	{ .name = "a_list", .kind = ROW_STRING_LIST, .fallback = "[\"a\",\"b\"]", .xml = "" },
	{ .name = "a_set", .kind = ROW_STRING_SET },
	{ .name = "a_map", .kind = ROW_STRING_MAP },
	{ .name = "an_object", .kind = ROW_OBJECT, .fields = inner },
	{ .name = "numbers", .kind = ROW_NUMBER_MAP, .fields = inner, .fallback = "{\"7\":{\"port\":1}}" },
	{ .name = "a_block", .kind = ROW_BLOCK, .fields = inner },
	{ .name = NULL },
};

static void test_types(void **state)
{
	(void)state;
	struct arena arena;
	struct buffer out;
	arena_init(&arena, 0);
	buffer_init(&out, 10000);
	type_write_json(row_type(&arena, rows), &out);
	assert_text(buffer_text(&out),
		    T("[\"object\",{\"a_block\":[\"list\",[\"object\",{\"net\":\"string\",\"port\":\"number\"}]],"
		      "\"a_bool\":\"bool\",\"a_list\":[\"list\",\"string\"],\"a_map\":[\"map\",\"string\"],"
		      "\"a_set\":[\"set\",\"string\"],\"a_string\":\"string\","
		      "\"an_integer\":\"number\",\"an_object\":[\"object\",{\"net\":\"string\",\"port\":\"number\"}],"
		      "\"numbers\":[\"map\",[\"object\",{\"net\":\"string\",\"port\":\"number\"}]]}]"));
	buffer_free(&out);
	arena_free(&arena);
}

static void test_finds(void **state)
{
	(void)state;
	assert_int_equal(row_count(rows), 9);
	assert_int_equal(row_slot(rows, T("a_list")), 3);
	assert_ptr_equal(row_find(rows, T("a_set")), &rows[4]);
	assert_null(row_find(rows, T("a_se")));
}

static void test_fallbacks(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	static const char *const expected[] = { "\"text\"", "12",   "null", "[\"a\", \"b\"]",
						"null",     "null", "null", "{\"7\": {\"port\": 1}}" };
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		struct value fallback = row_fallback(&arena, &rows[i]);
		assert_text(fixture_print(&arena, &fallback), text_of(expected[i]));
	}
	arena_free(&arena);
}

static void test_names(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	assert_text(row_xml_name(&arena, &rows[0]), T("aString"));
	assert_text(row_xml_name(&arena, &rows[1]), T("other"));
	assert_text(row_xml_name(&arena, &rows[2]), T(""));
	assert_text(row_xml_name(&arena, &rows[3]), T(""));
	assert_text(row_remove_field_name(&arena, &rows[1]), T("an-integer"));
	arena_free(&arena);
}

static bool same(struct arena *arena, size_t slot, const char *a, const char *b)
{
	const struct type *type = row_value_type(arena, &rows[slot]);
	json_t *first = json_loads(a, JSON_DECODE_ANY, NULL), *second = json_loads(b, JSON_DECODE_ANY, NULL);
	struct value left = fixture_value(arena, first, type), right = fixture_value(arena, second, type);
	bool result = row_value_equal(&rows[slot], &left, &right);
	json_decref(first);
	json_decref(second);
	return result;
}

static void test_equality(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	const size_t set = 4, object = 6, numbers = 7;
	assert_true(same(&arena, set, "[\"a\",\"b\"]", "[\"b\",\"a\"]"));
	assert_true(same(&arena, object, "{\"net\":\"2001:db8::/32\"}", "{\"net\":\"2001:DB8::/32\"}"));
	assert_false(same(&arena, object, "{\"net\":\"2001:db8::/32\"}", "{\"net\":\"2001:db8::/33\"}"));
	assert_false(same(&arena, object, "{\"net\":\"2001:db8::/32\"}", "{\"net\":{\"unknown\":true}}"));
	assert_true(same(&arena, object, "{\"net\":\"none\"}", "{\"net\":\"none\"}"));
	assert_true(same(&arena, numbers, "{\"7\":{\"net\":\"::/0\"}}", "{\"7\":{\"net\":\"0::/0\"}}"));
	assert_false(same(&arena, numbers, "{\"7\":{\"net\":\"::/0\"}}", "{\"8\":{\"net\":\"::/0\"}}"));
	assert_false(same(&arena, numbers, "{\"7\":{\"net\":\"::/0\"}}", "{}"));
	assert_false(same(&arena, numbers, "{\"7\":{}}", "{\"7\":{\"unknown\":true}}"));
	assert_true(same(&arena, numbers, "{\"unknown\":true}", "{\"unknown\":true}"));
	assert_false(same(&arena, numbers, "{\"unknown\":true}", "null"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types), cmocka_unit_test(test_finds),    cmocka_unit_test(test_fallbacks),
		cmocka_unit_test(test_names), cmocka_unit_test(test_equality),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
