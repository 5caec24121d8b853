// SPDX-License-Identifier: MPL-2.0
#include "value_cases.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_line(struct text line, void (*check)(struct arena *arena, const struct value_case *one))
{
	struct value_case one = { .name = { NULL, 0 } };
	struct text *const cells[] = { &one.name, &one.type, &one.input, &one.notation, &one.output };
	struct arena arena;
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
		assert_true(text_take_until(&line, '\t', cells[i]));
	arena_init(&arena, (size_t)64 * 1024 * 1024);
	check(&arena, &one);
	arena_free(&arena);
}

void value_cases_each(const char *file, size_t least, void (*check)(struct arena *arena, const struct value_case *one))
{
	char path[4096];
	(void)snprintf(path, sizeof path, VNS_CASES "/value/%s", file);
	FILE *stream = fopen(path, "r");
	assert_non_null(stream);
	char *line = NULL;
	size_t room = 0, count = 0;
	ssize_t length;
	while ((length = getline(&line, &room, stream)) > 0) {
		check_line((struct text){ line, (size_t)length - 1 }, check);
		count++;
	}
	free(line);
	(void)fclose(stream);
	assert_true(count >= least);
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = memchr(digits, c, 16);
	assert_non_null(at);
	return (int)(at - digits);
}

struct text value_cases_unhex(struct arena *arena, struct text hex)
{
	char *bytes = arena_take(arena, hex.length / 2);
	for (size_t i = 0; i < hex.length / 2; i++)
		bytes[i] = (char)(hex_digit(hex.at[2 * i]) * 16 + hex_digit(hex.at[2 * i + 1]));
	return (struct text){ bytes, hex.length / 2 };
}

struct text value_cases_unescape(struct arena *arena, struct text cell)
{
	char *plain = arena_take(arena, cell.length);
	size_t length = 0;
	for (size_t i = 0; i < cell.length; i++) {
		char c = cell.at[i];
		if (c == '\\') {
			c = cell.at[++i];
			c = (char)(c == 't' ? '\t' : c == 'n' ? '\n' : c);
		}
		plain[length++] = c;
	}
	return (struct text){ plain, length };
}

static void dump_string(struct text string, struct buffer *out)
{
	buffer_append_char(out, '"');
	for (size_t i = 0; i < string.length; i++) {
		char c = string.at[i];
		if (c == '"' || c == '\\')
			buffer_append_char(out, '\\');
		if ((unsigned char)c < 32)
			buffer_print(out, "\\u%04x", (unsigned)c);
		else
			buffer_append_char(out, c);
	}
	buffer_append_char(out, '"');
}

static int compare_fields(const void *a, const void *b)
{
	return text_compare((*(const struct type_field *const *)a)->name, (*(const struct type_field *const *)b)->name);
}

// In name order, found by another way than the one under test.
static void dump_object(const struct value *object, struct buffer *out)
{
	const struct type_field *order[64];
	size_t count = object->type->field_count;
	assert_true(count <= 64);
	for (size_t i = 0; i < count; i++)
		order[i] = &object->type->fields[i];
	// cppcheck-suppress uninitvar ; the loop sets as many as are sorted
	qsort(order, count, sizeof order[0], compare_fields);
	for (size_t i = 0; i < count; i++) {
		buffer_append_text(out, i ? T(",") : T(""));
		dump_string(order[i]->name, out);
		buffer_append_char(out, ':');
		value_cases_dump(&object->items[order[i] - object->type->fields], order[i]->type, out);
	}
}

static void dump_items(const struct value *value, struct buffer *out)
{
	bool is_listed = value->type->kind != TYPE_MAP && value->type->kind != TYPE_OBJECT;
	buffer_append_char(out, is_listed ? '[' : '{');
	for (size_t i = 0; i < value->count && value->type->kind != TYPE_OBJECT; i++) {
		const struct type *type = value->type->element ? value->type->element : value->type->fields[i].type;
		buffer_append_text(out, i ? T(",") : T(""));
		if (!is_listed) {
			dump_string(value->keys[i], out);
			buffer_append_char(out, ':');
		}
		value_cases_dump(&value->items[i], type, out);
	}
	if (value->type->kind == TYPE_OBJECT)
		dump_object(value, out);
	buffer_append_char(out, is_listed ? ']' : '}');
}

void value_cases_dump(const struct value *value, const struct type *declared, struct buffer *out)
{
	if (declared->kind == TYPE_DYNAMIC && value->type->kind != TYPE_DYNAMIC) {
		buffer_append_char(out, '<');
		type_write_json(value->type, out);
		buffer_append_char(out, '>');
	} else {
		assert_true(type_equal(value->type, declared));
	}
	if (value->state == VALUE_NULL)
		buffer_append_text(out, T("null"));
	else if (value->state == VALUE_UNKNOWN)
		buffer_append_char(out, '?');
	else if (value->type->kind == TYPE_BOOL)
		buffer_append_text(out, value->boolean ? T("true") : T("false"));
	else if (value->type->kind == TYPE_STRING)
		dump_string(value->string, out);
	else if (value->type->kind == TYPE_NUMBER && value->number.is_integer)
		buffer_print(out, "%lld", (long long)value->number.integer);
	else if (value->type->kind == TYPE_NUMBER)
		buffer_append_text(out, value->number.decimal);
	else
		dump_items(value, out);
}

void value_cases_expect(const struct value_case *one, const char *what, struct text got, struct text wanted)
{
	if (!text_equal(got, wanted))
		fail_msg("%.*s: %s is\n  %.*s\nwanted\n  %.*s", TEXT_ARG(one->name), what, TEXT_ARG(got),
			 TEXT_ARG(wanted));
}
