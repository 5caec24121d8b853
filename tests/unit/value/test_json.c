// SPDX-License-Identifier: MPL-2.0
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "value/json.h"
#include "value_cases.h"

#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)1024 * 1024)

// As a value inside a list when it is of dynamic type: at the root, none is declared.
static void write_case(const struct value *value, const struct type *type, struct buffer *out)
{
	const struct type list_type = { .kind = TYPE_LIST, .element = &type_dynamic };
	struct value item = *value;
	struct value list = { .state = VALUE_KNOWN, .type = &list_type };
	list.items = &item;
	list.count = 1;
	json_write(type->kind == TYPE_DYNAMIC ? &list : value, out);
}

static void check_case(struct arena *arena, const struct value_case *one)
{
	const struct type *type = type_read_json(arena, one->type);
	assert_non_null(type);
	struct text input = value_cases_unescape(arena, one->input);
	struct value value;
	struct text problem = { NULL, 0 };
	bool ok = json_read(arena, input, type, &value, &problem);
	if (one->notation.at[0] == '!') {
		struct text wanted = text_part(one->notation, 1, one->notation.length);
		if (ok || text_find(problem, wanted) == SIZE_MAX)
			value_cases_expect(one, "the problem", problem, wanted);
		return;
	}
	if (!ok)
		value_cases_expect(one, "the problem", problem, T(""));
	struct buffer out;
	buffer_init(&out, ROOM);
	value_cases_dump(&value, type, &out);
	value_cases_expect(one, "the value", buffer_text(&out), one->notation);
	buffer_free(&out);
	write_case(&value, type, &out);
	struct text got = buffer_text(&out);
	if (type->kind == TYPE_DYNAMIC)
		got = text_part(got, 1, got.length - 2);
	value_cases_expect(one, "what is written", got, text_equal(one->output, T("=")) ? input : one->output);
	buffer_free(&out);
}

static void cases_test(void **state)
{
	(void)state;
	value_cases_each("json.tsv", 120, check_case);
}

static void check_damage(struct arena *arena, const struct value_case *one)
{
	static const char others[] = "\"\\{}[],:0-.eE tn\x80\x00";
	const struct type *type = type_read_json(arena, one->type);
	struct text input = value_cases_unescape(arena, one->input);
	struct value value;
	for (size_t length = 0; length < input.length; length++) {
		char *exact = malloc(length ? length : 1);
		assert_non_null(exact);
		memcpy(exact, input.at, length);
		for (size_t k = 0; k < sizeof others; k++) {
			struct text problem = { NULL, 0 };
			bool ok = json_read(arena, (struct text){ exact, length }, type, &value, &problem);
			assert_true(ok || problem.length > 0);
			if (length > 0)
				exact[(k * 7) % length] = others[k];
		}
		free(exact);
	}
}

static void damage_test(void **state)
{
	(void)state;
	value_cases_each("json.tsv", 120, check_damage);
}

static void not_utf8_test(void **state)
{
	(void)state;
	struct arena arena;
	struct value value;
	struct text problem = { NULL, 0 };
	arena_init(&arena, 0);
	assert_false(json_read(&arena, T("\"a\xff\""), &type_string, &value, &problem));
	assert_true(text_find(problem, T("from byte 2 on")) != SIZE_MAX);
	arena_free(&arena);
}

static void unknown_is_not_written_test(void **state)
{
	(void)state;
	struct value unknown = value_unknown(&type_string);
	struct value list = { .state = VALUE_KNOWN, .type = &type_string_list };
	struct buffer out;
	list.items = &unknown;
	list.count = 1;
	buffer_init(&out, ROOM);
	json_write(&list, &out);
	assert_true(out.failed);
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_test),
		cmocka_unit_test(damage_test),
		cmocka_unit_test(not_utf8_test),
		cmocka_unit_test(unknown_is_not_written_test),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
