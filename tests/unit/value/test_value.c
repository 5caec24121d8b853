// SPDX-License-Identifier: MPL-2.0
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "value/number.h"
#include "value/value.h"

#include <string.h>

static const struct type_field rule_fields[] = { { TEXT("rule_action"), &type_string },
						 { TEXT("protocol"), &type_number },
						 { TEXT("services"), &type_string_set } };
static const struct type rule = { .kind = TYPE_OBJECT, .fields = rule_fields, .field_count = 3 };
static const struct type rules = { .kind = TYPE_MAP, .element = &rule };

static struct value strings(struct arena *arena, const struct type *type, const char *a, const char *b)
{
	struct value list = value_list(arena, type, 2);
	list.items[0] = value_string(text_of(a));
	list.items[1] = value_string(text_of(b));
	return list;
}

static struct value a_rule(struct arena *arena)
{
	struct value object = value_object(arena, &rule);
	*value_field(&object, T("rule_action")) = value_string(T("accept"));
	*value_field(&object, T("protocol")) = value_integer(17);
	*value_field(&object, T("services")) = strings(arena, &type_string_set, "x", "y");
	return object;
}

static struct value a_map(struct arena *arena)
{
	struct value map = value_map(arena, &rules, 3);
	static const char *const keys[] = { "200", "1000", "30" };
	for (size_t i = 0; i < 3; i++) {
		map.keys[i] = text_of(keys[i]);
		map.items[i] = a_rule(arena);
		*value_field(&map.items[i], T("protocol")) = value_integer((int64_t)i);
	}
	value_sort_map(&map);
	return map;
}

static void make_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct value object = value_object(&arena, &rule);
	assert_true(value_is_known(&object));
	assert_int_equal(object.count, 3);
	assert_null(object.keys);
	assert_true(value_is_null(value_field(&object, T("services"))));
	assert_ptr_equal(value_field(&object, T("services"))->type, &type_string_set);
	struct value empty = value_list(&arena, &type_string_list, 0);
	assert_true(value_is_wholly_known(&empty));
	arena_free(&arena);
}

static void map_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct value map = a_map(&arena);
	assert_true(text_equal(map.keys[0], T("1000")));
	assert_true(text_equal(map.keys[1], T("200")));
	assert_true(text_equal(map.keys[2], T("30")));
	assert_int_equal(value_field(value_key(&map, T("200")), T("protocol"))->number.integer, 0);
	assert_int_equal(value_field(value_key(&map, T("1000")), T("protocol"))->number.integer, 1);
	assert_null(value_key(&map, T("100")));
	assert_null(value_key(&map, T("31")));
	struct value none = value_null(&rules);
	assert_null(value_key(&none, T("100")));
	arena_free(&arena);
}

// Any order of keys ends sorted, each with its own item.
static void sort_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t count = 0; count < 40; count++) {
		struct value map = value_map(&arena, &type_string_map, count);
		for (size_t i = 0; i < count; i++) {
			map.keys[i] = text_print(&arena, "%zu", i * 7919 % 97);
			map.items[i] = value_string(map.keys[i]);
		}
		value_sort_map(&map);
		for (size_t i = 0; i < count; i++) {
			assert_true(i == 0 || text_compare(map.keys[i - 1], map.keys[i]) < 0);
			assert_true(text_equal(map.keys[i], map.items[i].string));
		}
	}
	arena_free(&arena);
}

static void known_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct value map = a_map(&arena);
	assert_true(value_is_wholly_known(&map));
	value_field(&map.items[1], T("services"))->items[1] = value_unknown(&type_string);
	assert_true(value_is_known(&map));
	assert_false(value_is_wholly_known(&map));
	struct value null = value_null(&rules);
	assert_true(value_is_wholly_known(&null));
	arena_free(&arena);
}

static void equal_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct value map = a_map(&arena), other = a_map(&arena);
	assert_true(value_equal(&map, &other));
	struct value *services = value_field(&other.items[2], T("services"));
	*services = strings(&arena, &type_string_set, "y", "x");
	assert_true(value_equal(&map, &other));
	*services = strings(&arena, &type_string_set, "y", "z");
	assert_false(value_equal(&map, &other));
	struct value xx = strings(&arena, &type_string_set, "x", "x"),
		     set = strings(&arena, &type_string_set, "x", "y");
	assert_false(value_equal(&set, &xx));
	assert_false(value_equal(&xx, &set));
	*services = value_null(&type_string_set);
	assert_false(value_equal(&map, &other));
	struct value xy = strings(&arena, &type_string_list, "x", "y");
	struct value yx = strings(&arena, &type_string_list, "y", "x");
	assert_false(value_equal(&xy, &yx));
	struct value one = value_integer(1), truth = value_bool(true), lie = value_bool(false);
	assert_false(value_equal(&one, &truth));
	assert_false(value_equal(&lie, &truth));
	struct value unknown = value_unknown(&type_string), again = value_unknown(&type_string);
	assert_true(value_equal(&unknown, &again));
	struct value null = value_null(&type_string);
	assert_false(value_equal(&unknown, &null));
	struct value first = value_map(&arena, &type_string_map, 1), second = value_map(&arena, &type_string_map, 1);
	first.keys[0] = T("a");
	second.keys[0] = T("b");
	assert_false(value_equal(&first, &second));
	const struct type_field turned_fields[] = { rule_fields[2], rule_fields[1], rule_fields[0] };
	const struct type turned_rule = { .kind = TYPE_OBJECT, .fields = turned_fields, .field_count = 3 };
	const struct value object = a_rule(&arena);
	struct value turned = value_object(&arena, &turned_rule);
	for (size_t i = 0; i < 3; i++)
		turned.items[i] = object.items[2 - i];
	assert_true(value_equal(&object, &turned));
	*value_field(&turned, T("protocol")) = value_integer(6);
	assert_false(value_equal(&object, &turned));
	arena_free(&arena);
}

static void copy_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct value map = a_map(&arena);
	struct value copy = value_copy(&arena, &map);
	assert_true(value_equal(&map, &copy));
	copy.keys[0] = T("1");
	value_field(&copy.items[1], T("services"))->items[0] = value_string(T("changed"));
	assert_true(text_equal(map.keys[0], T("1000")));
	assert_true(value_has_string(value_field(&map.items[1], T("services")), T("x")));
	assert_false(value_has_string(value_field(&map.items[1], T("services")), T("changed")));
	struct value none = value_unknown(&type_string_set);
	assert_false(value_has_string(&none, T("x")));
	arena_free(&arena);
}

static void assert_printed(struct arena *arena, const struct value *value, const char *wanted)
{
	struct text got = value_print(arena, value);
	if (!text_equal(got, text_of(wanted)))
		fail_msg("got %.*s, wanted %s", TEXT_ARG(got), wanted);
}

static void print_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct value values[] = { value_string(T("a\"b\n")), value_integer(100), value_bool(true), value_null(&rules),
				  value_unknown(&rule) };
	static const char *const wanted[] = { "\"a\\\"b\\n\"", "100", "true", "null", "(known after apply)" };
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		assert_printed(&arena, &values[i], wanted[i]);
	struct value control = value_string(T("a\0b\x1B[1m\x7F"));
	assert_printed(&arena, &control, "\"a\\u0000b\\u001b[1m\\u007f\"");
	struct value list = strings(&arena, &type_string_list, "a", "b");
	assert_printed(&arena, &list, "[\"a\", \"b\"]");
	struct value map = a_map(&arena);
	assert_printed(&arena, &map, "{ 1000 = {...}, 200 = {...}, 30 = {...} }");
	assert_printed(&arena, &map.items[1], "{ rule_action = \"accept\", protocol = 0, services = [...] }");
	struct value empty = value_map(&arena, &rules, 0);
	assert_printed(&arena, &empty, "{}");
	empty = value_list(&arena, &type_string_list, 0);
	assert_printed(&arena, &empty, "[]");
	arena_free(&arena);
}

static void print_number_test(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "18446744073709551616", "18446744073709551616" },
		{ "0.00000000000000000001", "0.00000000000000000001" },
		{ "1e5000", "1e5000" },
		{ "-1e-400", "-1e-400" },
		{ "125e40", "1.25e42" },
		{ "-0.125e-40", "-1.25e-41" },
		{ "1234567890123456789012345678901234567890123.5", "1.2345678901234567890...e42" },
		{ "0.30000000000000000000000000000000000000004", "3.0000000000000000000...e-1" },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct value value = value_integer(0);
		static char digits[6000];
		struct text spelled = text_of(cases[i][0]);
		if (text_equal(spelled, T("1e5000"))) { // as a host writes it
			memset(digits, '0', 5001);
			digits[0] = '1';
			spelled = (struct text){ digits, 5001 };
		}
		assert_true(number_read(&arena, spelled, &value.number));
		assert_printed(&arena, &value, cases[i][1]);
	}
	arena_free(&arena);
}

static void print_cut_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t length = 190; length < 210; length++) {
		char *letters = arena_take(&arena, 2 * length);
		for (size_t i = 0; i < length; i++)
			memcpy(letters + 2 * i, "\xc3\xa9", 2); // two bytes each: the cut must not split one
		struct value value = value_string((struct text){ letters, length });
		value.string.length = length / 2 * 2;
		struct text printed = value_print(&arena, &value);
		assert_true(printed.length <= 203);
		assert_int_equal(text_utf8_prefix(printed), printed.length);
		assert_int_equal(text_ends_with(printed, T("...")), value.string.length + 2 > 200);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(make_test),  cmocka_unit_test(map_test),          cmocka_unit_test(sort_test),
		cmocka_unit_test(known_test), cmocka_unit_test(equal_test),        cmocka_unit_test(copy_test),
		cmocka_unit_test(print_test), cmocka_unit_test(print_number_test), cmocka_unit_test(print_cut_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
