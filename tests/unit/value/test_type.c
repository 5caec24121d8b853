// SPDX-License-Identifier: MPL-2.0
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "value/type.h"

static struct text write(struct arena *arena, const struct type *type)
{
	struct buffer out;
	buffer_init(&out, 4096);
	type_write_json(type, &out);
	struct text written = text_copy(arena, buffer_text(&out));
	buffer_free(&out);
	return written;
}

static void assert_text(struct text got, struct text wanted)
{
	if (!text_equal(got, wanted))
		fail_msg("got %.*s, wanted %.*s", TEXT_ARG(got), TEXT_ARG(wanted));
}

static void json_test(void **state)
{
	(void)state;
	static const struct {
		struct text read, written;
	} cases[] = {
		{ TEXT("\"string\""), TEXT("\"string\"") },
		{ TEXT(" \"number\" "), TEXT("\"number\"") },
		{ TEXT("\"bool\""), TEXT("\"bool\"") },
		{ TEXT("\"dynamic\""), TEXT("\"dynamic\"") },
		{ TEXT("[\"list\",\"string\"]"), TEXT("[\"list\",\"string\"]") },
		{ TEXT("[\"set\", [\"map\", \"bool\"]]"), TEXT("[\"set\",[\"map\",\"bool\"]]") },
		{ TEXT("[\"tuple\",[]]"), TEXT("[\"tuple\",[]]") },
		{ TEXT("[\"tuple\",[\"bool\",\"string\"]]"), TEXT("[\"tuple\",[\"bool\",\"string\"]]") },
		{ TEXT("[\"object\",{}]"), TEXT("[\"object\",{}]") },
		{ TEXT("[\"object\",{\"b\":\"bool\",\"a\\u0062\":[\"list\",\"number\"]},[\"b\"]]"),
		  TEXT("[\"object\",{\"ab\":[\"list\",\"number\"],\"b\":\"bool\"}]") },
		{ TEXT("[\"object\",{\"q\\\"\":\"bool\"}]"), TEXT("[\"object\",{\"q\\\"\":\"bool\"}]") },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct type *type = type_read_json(&arena, cases[i].read);
		assert_non_null(type);
		assert_text(write(&arena, type), cases[i].written);
		assert_true(type_equal(type, type_read_json(&arena, cases[i].written)));
	}
	arena_free(&arena);
}

static void no_type_test(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"string",
		"\"text\"",
		"null",
		"[]",
		"[\"list\"]",
		"[\"list\",\"x\"]",
		"[\"list\",\"bool\",\"bool\"]",
		"[\"list\",{}]",
		"[\"bool\",\"bool\"]",
		"[\"tuple\",{}]",
		"[\"tuple\",\"bool\"]",
		"[\"object\",[]]",
		"[\"object\",{\"a\":1}]",
		"[\"object\",{\"a\":\"bool\",\"a\":\"bool\"}]",
		"[\"object\",{},[],[]]",
		"[\"object\",{\"a\"}]",
		"\"bool\"x",
		"\"bool\" \"bool\"",
		"[[\"list\",\"bool\"]]",
		"\"\\ud800\"",
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		if (type_read_json(&arena, text_of(texts[i])))
			fail_msg("read as a type: %s", texts[i]);
	}
	arena_free(&arena);
}

// Fields and elements are read before their number is known.
static void width_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (int width = 1; width < 40; width++) {
		struct text fields = T("\"f00\":\"bool\""), elements = T("\"string\"");
		for (int i = 1; i < width; i++) {
			fields = text_print(&arena, "%.*s,\"f%02d\":\"number\"", TEXT_ARG(fields), i);
			elements = text_print(&arena, "%.*s,\"bool\"", TEXT_ARG(elements));
		}
		const struct text types[] = { text_print(&arena, "[\"object\",{%.*s}]", TEXT_ARG(fields)),
					      text_print(&arena, "[\"tuple\",[%.*s]]", TEXT_ARG(elements)) };
		for (size_t i = 0; i < 2; i++) {
			const struct type *type = type_read_json(&arena, types[i]);
			assert_non_null(type);
			assert_text(write(&arena, type), types[i]);
		}
	}
	arena_free(&arena);
}

static void nesting_test(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t depth = 64; depth <= 65; depth++) {
		struct text json = T("\"bool\"");
		for (size_t i = 0; i < depth; i++)
			json = text_print(&arena, "[\"list\",%.*s]", TEXT_ARG(json));
		assert_int_equal(type_read_json(&arena, json) != NULL, depth == 64);
	}
	arena_free(&arena);
}

static void equal_test(void **state)
{
	(void)state;
	static const struct type_field ab[] = { { TEXT("a"), &type_string }, { TEXT("b"), &type_bool } };
	static const struct type_field ba[] = { { TEXT("b"), &type_bool }, { TEXT("a"), &type_string } };
	static const struct type_field ac[] = { { TEXT("a"), &type_string }, { TEXT("c"), &type_bool } };
	const struct type first = { .kind = TYPE_OBJECT, .fields = ab, .field_count = 2 };
	const struct type turned = { .kind = TYPE_OBJECT, .fields = ba, .field_count = 2 };
	const struct type renamed = { .kind = TYPE_OBJECT, .fields = ac, .field_count = 2 };
	const struct type shorter = { .kind = TYPE_OBJECT, .fields = ab, .field_count = 1 };
	const struct type tuple = { .kind = TYPE_TUPLE, .fields = ab, .field_count = 2 };
	const struct type turned_tuple = { .kind = TYPE_TUPLE, .fields = ba, .field_count = 2 };
	const struct type strings = { .kind = TYPE_LIST, .element = &type_string };
	assert_true(type_equal(&first, &turned));
	assert_false(type_equal(&first, &renamed));
	assert_false(type_equal(&first, &shorter));
	assert_false(type_equal(&first, &tuple));
	assert_false(type_equal(&tuple, &turned_tuple));
	assert_true(type_equal(&strings, &type_string_list));
	assert_false(type_equal(&strings, &type_string_set));
	assert_false(type_equal(&type_string, &type_dynamic));
	assert_int_equal(type_field_index(&turned, T("a")), 1);
	assert_true(type_field_index(&turned, T("c")) == SIZE_MAX);
	assert_int_equal(type_next_field(&turned, SIZE_MAX), 1);
	assert_int_equal(type_next_field(&turned, 1), 0);
	assert_true(type_next_field(&turned, 0) == SIZE_MAX);
	size_t after[3];
	type_order_fields(&turned, after);
	const struct type ordered = { .kind = TYPE_OBJECT, .fields = ba, .field_count = 2, .after = after };
	assert_int_equal(type_next_field(&ordered, SIZE_MAX), 1);
	assert_int_equal(type_next_field(&ordered, 1), 0);
	assert_true(type_next_field(&ordered, 0) == SIZE_MAX);
	// In the order of names or in another one, of types with an order and without.
	const struct type *const both[] = { &turned, &ordered };
	const size_t previous[] = { SIZE_MAX, 0, 1 };
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(type_field_after(both[i / 3], previous[i % 3], T("b")), 0);
		assert_int_equal(type_field_after(both[i / 3], previous[i % 3], T("a")), 1);
		assert_true(type_field_after(both[i / 3], previous[i % 3], T("c")) == SIZE_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_test),    cmocka_unit_test(no_type_test), cmocka_unit_test(width_test),
		cmocka_unit_test(nesting_test), cmocka_unit_test(equal_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
