// SPDX-License-Identifier: MPL-2.0
#include "value/type.h"

#include "base/arena.h"
#include "value/json_token.h"

#include <stdint.h>
#include <stdlib.h>

const struct type type_string = { .kind = TYPE_STRING };
const struct type type_number = { .kind = TYPE_NUMBER };
const struct type type_bool = { .kind = TYPE_BOOL };
const struct type type_dynamic = { .kind = TYPE_DYNAMIC };
const struct type type_string_list = { .kind = TYPE_LIST, .element = &type_string };
const struct type type_string_set = { .kind = TYPE_SET, .element = &type_string };
const struct type type_string_map = { .kind = TYPE_MAP, .element = &type_string };

static const struct text kind_names[] = {
	[TYPE_STRING] = TEXT("string"), [TYPE_NUMBER] = TEXT("number"), [TYPE_BOOL] = TEXT("bool"),
	[TYPE_LIST] = TEXT("list"),     [TYPE_SET] = TEXT("set"),       [TYPE_MAP] = TEXT("map"),
	[TYPE_OBJECT] = TEXT("object"), [TYPE_TUPLE] = TEXT("tuple"),   [TYPE_DYNAMIC] = TEXT("dynamic"),
};

struct text type_kind_name(enum type_kind kind)
{
	return kind_names[kind];
}

static bool fields_equal(const struct type *a, const struct type *b)
{
	if (a->field_count != b->field_count)
		return false;
	for (size_t i = 0; i < a->field_count; i++) {
		size_t k = a->kind == TYPE_TUPLE ? i : type_field_index(b, a->fields[i].name);
		if (k == SIZE_MAX || !type_equal(a->fields[i].type, b->fields[k].type))
			return false;
	}
	return true;
}

bool type_equal(const struct type *a, const struct type *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case TYPE_LIST:
	case TYPE_SET:
	case TYPE_MAP:
		return type_equal(a->element, b->element);
	case TYPE_OBJECT:
	case TYPE_TUPLE:
		return fields_equal(a, b);
	case TYPE_STRING:
	case TYPE_NUMBER:
	case TYPE_BOOL:
	case TYPE_DYNAMIC:
		break;
	}
	return true;
}

size_t type_field_index(const struct type *object, struct text name)
{
	for (size_t i = 0; i < object->field_count; i++) {
		if (text_equal(object->fields[i].name, name))
			return i;
	}
	return SIZE_MAX;
}

size_t type_field_after(const struct type *object, size_t previous, struct text name)
{
	const size_t next = object->after ? type_next_field(object, previous) : SIZE_MAX;
	if (next != SIZE_MAX && text_equal(object->fields[next].name, name))
		return next;
	return type_field_index(object, name);
}

// Without an order it looks at all fields each time: objects have tens of them, and so a writer needs no memory to sort
// in.
size_t type_next_field(const struct type *object, size_t previous)
{
	if (object->after)
		return object->after[previous + 1]; // SIZE_MAX wraps to the first
	size_t next = SIZE_MAX;
	for (size_t i = 0; i < object->field_count; i++) {
		struct text name = object->fields[i].name;
		bool is_later = previous == SIZE_MAX || text_compare(name, object->fields[previous].name) > 0;
		if (is_later && (next == SIZE_MAX || text_compare(name, object->fields[next].name) < 0))
			next = i;
	}
	return next;
}

void type_order_fields(const struct type *object, size_t *ret_after)
{
	size_t slot = SIZE_MAX;
	do {
		const size_t next = type_next_field(object, slot);
		ret_after[slot + 1] = next;
		slot = next;
	} while (slot != SIZE_MAX);
}

static void write_fields(const struct type *object, struct buffer *out)
{
	buffer_append_char(out, '{');
	size_t first = type_next_field(object, SIZE_MAX);
	for (size_t i = first; i != SIZE_MAX; i = type_next_field(object, i)) {
		if (i != first)
			buffer_append_char(out, ',');
		json_token_write_string(object->fields[i].name, out);
		buffer_append_char(out, ':');
		type_write_json(object->fields[i].type, out);
	}
	buffer_append_char(out, '}');
}

static void write_tuple(const struct type *tuple, struct buffer *out)
{
	buffer_append_char(out, '[');
	for (size_t i = 0; i < tuple->field_count; i++) {
		if (i > 0)
			buffer_append_char(out, ',');
		type_write_json(tuple->fields[i].type, out);
	}
	buffer_append_char(out, ']');
}

void type_write_json(const struct type *type, struct buffer *out)
{
	bool is_simple = !type->element && type->kind != TYPE_OBJECT && type->kind != TYPE_TUPLE;
	if (!is_simple)
		buffer_append_char(out, '[');
	json_token_write_string(kind_names[type->kind], out);
	if (is_simple)
		return;
	buffer_append_char(out, ',');
	if (type->element)
		type_write_json(type->element, out);
	else if (type->kind == TYPE_OBJECT)
		write_fields(type, out);
	else
		write_tuple(type, out);
	buffer_append_char(out, ']');
}

// --- reading ---

static const struct type *read_type(struct json_cursor *cursor);

static bool read_kind(struct json_cursor *cursor, enum type_kind *ret_kind)
{
	struct text name;
	if (!json_token_string(cursor, &name))
		return false;
	for (size_t i = 0; i < sizeof kind_names / sizeof kind_names[0]; i++) {
		if (text_equal(name, kind_names[i])) {
			*ret_kind = (enum type_kind)i;
			return true;
		}
	}
	return false;
}

static const struct type *simple_type(enum type_kind kind)
{
	static const struct type *const simple[] = { &type_string, &type_number, &type_bool, &type_dynamic };
	for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
		if (simple[i]->kind == kind)
			return simple[i];
	}
	return NULL;
}

// Fields while their number is not known yet.
struct growing {
	struct type_field *fields;
	size_t count;
	size_t room;
};

static bool read_field(struct json_cursor *cursor, bool is_named, struct growing *growing)
{
	if (growing->count == growing->room) {
		growing->room = growing->room ? growing->room * 2 : 8;
		struct type_field *wider = ARENA_ARRAY(cursor->arena, struct type_field, growing->room);
		for (size_t i = 0; i < growing->count; i++)
			wider[i] = growing->fields[i];
		growing->fields = wider;
	}
	struct type_field *field = &growing->fields[growing->count++];
	if (is_named && !json_token_key(cursor, &field->name))
		return false;
	field->type = read_type(cursor);
	return field->type != NULL;
}

static int compare_names(const void *a, const void *b)
{
	return text_compare(((const struct type_field *)a)->name, ((const struct type_field *)b)->name);
}

static bool has_doubles(const struct growing *sorted)
{
	for (size_t i = 1; i < sorted->count; i++) {
		if (text_equal(sorted->fields[i - 1].name, sorted->fields[i].name))
			return true;
	}
	return false;
}

static bool read_fields(struct json_cursor *cursor, struct type *type)
{
	bool is_named = type->kind == TYPE_OBJECT;
	char close = is_named ? '}' : ']';
	struct growing growing = { NULL, 0, 0 };
	bool ok = json_token_open(cursor, is_named ? '{' : '[');
	while (json_token_more(cursor, close, &ok))
		ok = read_field(cursor, is_named, &growing);
	if (!ok)
		return false;
	if (is_named && growing.count > 1)
		qsort(growing.fields, growing.count, sizeof *growing.fields, compare_names);
	type->fields = growing.fields;
	type->field_count = growing.count;
	return !is_named || !has_doubles(&growing);
}

// ["list",T], ["tuple",[T...]], ["object",{...}] or ["object",{...},[names of optional fields]]: the last is a matter
// of configuration, not of values, and is skipped.
static bool read_compound(struct json_cursor *cursor, struct type *type)
{
	bool ok = json_token_open(cursor, '[');
	size_t position = 0;
	while (json_token_more(cursor, ']', &ok)) {
		bool is_container = type->kind == TYPE_LIST || type->kind == TYPE_SET || type->kind == TYPE_MAP;
		if (position == 0) {
			ok = read_kind(cursor, &type->kind) && !simple_type(type->kind);
		} else if (position == 1 && is_container) {
			type->element = read_type(cursor);
			ok = type->element != NULL;
		} else if (position == 1) {
			ok = read_fields(cursor, type);
		} else {
			ok = position == 2 && type->kind == TYPE_OBJECT && json_token_skip(cursor);
		}
		position++;
	}
	return ok && position >= 2;
}

static const struct type *read_type(struct json_cursor *cursor)
{
	if (json_token_kind(cursor) == JSON_STRING) {
		enum type_kind kind;
		return read_kind(cursor, &kind) ? simple_type(kind) : NULL;
	}
	struct type *type = ARENA_NEW(cursor->arena, struct type);
	return read_compound(cursor, type) ? type : NULL;
}

const struct type *type_read_json(struct arena *arena, struct text json)
{
	struct json_cursor cursor;
	if (!json_token_start(arena, json, &cursor))
		return NULL;
	const struct type *type = read_type(&cursor);
	return type && json_token_at_end(&cursor) ? type : NULL;
}
