// SPDX-License-Identifier: MPL-2.0
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/call.h"
#include "base/limits.h"
#include "value/msgpack.h"
#include "value_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)16 * 1024 * 1024)

// Some constraints say more than a type: names of optional attributes, which are no part of it.
static const struct type *type_of_case(struct arena *arena, const struct value_case *one)
{
	const struct type *type = type_read_json(arena, one->type);
	if (!type)
		fail_msg("%.*s: no type: %.*s", TEXT_ARG(one->name), TEXT_ARG(one->type));
	return type;
}

static void check_output(struct arena *arena, const struct value_case *one, const struct value *value,
			 const struct type *type, struct text input)
{
	struct value root = *value;
	struct buffer out;
	buffer_init(&out, ROOM);
	if (type->kind == TYPE_DYNAMIC) {
		// The type travels with a value only inside something: a list of one, whose head is one byte.
		const struct type list = { .kind = TYPE_LIST, .element = &type_dynamic };
		struct value item = *value;
		root = (struct value){ .state = VALUE_KNOWN, .type = &list };
		root.items = &item;
		root.count = 1;
		msgpack_write(&root, &out);
	} else {
		msgpack_write(&root, &out);
	}
	assert_false(out.failed);
	struct text got = text_part(buffer_text(&out), type->kind == TYPE_DYNAMIC ? 1 : 0, out.length);
	struct text wanted = text_equal(one->output, T("=")) ? input : value_cases_unhex(arena, one->output);
	if (!text_equal(got, wanted))
		fail_msg("%.*s: written otherwise than in the case file", TEXT_ARG(one->name));

	struct value again;
	struct text problem;
	assert_true(msgpack_read(arena, got, type, &again, &problem));
	assert_true(value_equal(value, &again));
	buffer_free(&out);
}

static void check_case(struct arena *arena, const struct value_case *one)
{
	const struct type *type = type_of_case(arena, one);
	struct text input = value_cases_unhex(arena, one->input);
	struct value value;
	struct text problem = { NULL, 0 };
	bool ok = msgpack_read(arena, input, type, &value, &problem);
	if (one->notation.at[0] == '!') {
		struct text wanted = text_part(one->notation, 1, one->notation.length);
		if (ok || text_find(problem, wanted) == SIZE_MAX)
			value_cases_expect(one, "the problem", problem, wanted);
		return;
	}
	if (!ok)
		value_cases_expect(one, "the problem", problem, T(""));
	struct buffer dump;
	buffer_init(&dump, ROOM);
	value_cases_dump(&value, type, &dump);
	value_cases_expect(one, "the value", buffer_text(&dump), one->notation);
	buffer_free(&dump);
	check_output(arena, one, &value, type, input);
}

static void cases_test(void **state)
{
	(void)state;
	value_cases_each("msgpack.tsv", 300, check_case);
}

// Bytes in memory of exactly their size, so that the sanitizer sees a read beyond them.
static bool read_exactly(struct arena *arena, struct text bytes, const struct type *type)
{
	char *copy = malloc(bytes.length + 1);
	assert_non_null(copy);
	memcpy(copy, bytes.at, bytes.length);
	char *exact = realloc(copy, bytes.length ? bytes.length : 1);
	assert_non_null(exact);
	struct value value;
	struct text problem = { NULL, 0 };
	bool ok = msgpack_read(arena, (struct text){ exact, bytes.length }, type, &value, &problem);
	assert_true(ok || problem.length > 0);
	if (ok) {
		struct buffer out;
		buffer_init(&out, ROOM);
		msgpack_write(&value, &out);
		buffer_free(&out);
		(void)value_print(arena, &value);
	}
	free(exact);
	return ok;
}

// Every beginning of a good value is refused, and no change of a byte does harm.
static void check_damage(struct arena *arena, const struct value_case *one)
{
	const struct type *type = type_of_case(arena, one);
	struct text input = value_cases_unhex(arena, one->input);
	bool is_good = one->notation.at[0] != '!';
	if (input.length > 100)
		return;
	for (size_t length = 1; length < input.length; length++)
		assert_false(read_exactly(arena, text_part(input, 0, length), type) && is_good);
	char *changed = text_to_c_string(arena, input);
	for (size_t i = 0; i < input.length; i++) {
		static const unsigned char others[] = { 0x00, 0x7F, 0x80, 0x91, 0xA1, 0xC0, 0xC1, 0xC7,
							0xC9, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xFF };
		for (size_t k = 0; k < sizeof others; k++) {
			changed[i] = (char)others[k];
			(void)read_exactly(arena, (struct text){ changed, input.length }, type);
		}
		changed[i] = input.at[i];
	}
}

static void damage_test(void **state)
{
	(void)state;
	value_cases_each("msgpack.tsv", 300, check_damage);
}

// A head that promises four billion items costs nothing.
static void huge_counts_test(void **state)
{
	(void)state;
	static const struct text heads[] = { TEXT("\xdd\xff\xff\xff\xff"), TEXT("\xdd\xff\xff\xff\xff\xa1x\xa1y"),
					     TEXT("\xdc\xff\xff\xc0") };
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		struct arena arena;
		struct value value;
		struct text problem;
		arena_init(&arena, 0);
		assert_false(msgpack_read(&arena, heads[i], &type_string_list, &value, &problem));
		assert_true(arena.taken_bytes < (size_t)64 * 1024);
		arena_free(&arena);
	}
}

// Lengths around 2^16, where the head gets wider.
static void check_size(size_t count, const char *array_head, const char *map_head, const char *string_head)
{
	struct arena arena;
	struct buffer out;
	struct value again;
	struct text problem;
	arena_init(&arena, 0);
	char *letters = arena_take(&arena, count);
	memset(letters, 'x', count);
	struct value values[] = { value_list(&arena, &type_string_list, count),
				  value_map(&arena, &type_string_map, count),
				  value_string((struct text){ letters, count }) };
	for (size_t i = 0; i < count; i++)
		values[1].keys[i] = text_print(&arena, "%08zu", i);
	const char *const heads[] = { array_head, map_head, string_head };
	for (size_t i = 0; i < 3; i++) {
		buffer_init(&out, ROOM);
		msgpack_write(&values[i], &out);
		assert_false(out.failed);
		assert_memory_equal(out.bytes, heads[i], strlen(heads[i]));
		assert_true(msgpack_read(&arena, buffer_text(&out), values[i].type, &again, &problem));
		assert_true(value_equal(&values[i], &again));
		buffer_free(&out);
	}
	arena_free(&arena);
}

static void large_test(void **state)
{
	(void)state;
	check_size(65535, "\xdc\xff\xff", "\xde\xff\xff", "\xda\xff\xff");
	check_size(65537, "\xdd", "\xdf", "\xdb");
}

// A type of so many containers in each other, and the head of each as bytes.
static const struct type *nest(struct arena *arena, enum type_kind kind, int depth, struct buffer *ret_heads)
{
	const struct type *type = &type_string;
	for (int i = 0; i < depth; i++) {
		struct type_field *field = ARENA_NEW(arena, struct type_field);
		*field = (struct type_field){ T("k"), type };
		struct type *outer = ARENA_NEW(arena, struct type);
		*outer = (struct type){ .kind = kind, .element = type };
		if (kind == TYPE_OBJECT || kind == TYPE_TUPLE)
			*outer = (struct type){ .kind = kind, .fields = field, .field_count = 1 };
		type = outer;
		buffer_append_text(ret_heads, kind == TYPE_MAP || kind == TYPE_OBJECT ? T("\x81\xa1k") : T("\x91"));
	}
	return type;
}

static void nesting_test(void **state)
{
	(void)state;
	static const enum type_kind kinds[] = { TYPE_LIST, TYPE_SET, TYPE_TUPLE, TYPE_MAP, TYPE_OBJECT };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		for (int depth = LIMIT_NESTING; depth <= LIMIT_NESTING + 1; depth++) {
			struct arena arena;
			struct buffer bytes;
			struct value value;
			struct text problem = { NULL, 0 };
			arena_init(&arena, 0);
			buffer_init(&bytes, ROOM);
			const struct type *type = nest(&arena, kinds[i], depth, &bytes);
			buffer_append_text(&bytes, T("\xc0"));
			const bool fits = depth == LIMIT_NESTING;
			assert_int_equal(msgpack_read(&arena, buffer_text(&bytes), type, &value, &problem), fits);
			assert_int_equal(text_find(problem, T("nested more than 64")) != SIZE_MAX, !fits);
			buffer_free(&bytes);
			arena_free(&arena);
		}
	}
}

static void buffer_ceiling_test(void **state)
{
	(void)state;
	struct buffer out;
	struct value value = value_string(T("longer than the buffer"));
	buffer_init(&out, 8);
	msgpack_write(&value, &out);
	assert_true(out.failed);
	buffer_free(&out);
}

static void read_out_of_memory(struct call *call, void *argument)
{
	const struct text *bytes = argument;
	struct value value;
	struct text problem;
	(void)msgpack_read(call->arena, *bytes, &type_string_list, &value, &problem);
	fail_msg("there was memory after all");
}

static void out_of_memory_test(void **state)
{
	(void)state;
	struct arena arena;
	struct call call = { .arena = &arena };
	char bytes[3 + 2000] = { (char)0xDC, 2000 >> 8, (char)(2000 & 0xFF) };
	struct text view = { bytes, sizeof bytes };
	memset(bytes + 3, 0xC0, 2000);
	arena_init(&arena, 32 * 1024);
	assert_false(call_run(&call, read_out_of_memory, &view));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_test),         cmocka_unit_test(damage_test),
		cmocka_unit_test(huge_counts_test),   cmocka_unit_test(large_test),
		cmocka_unit_test(nesting_test),       cmocka_unit_test(buffer_ceiling_test),
		cmocka_unit_test(out_of_memory_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
