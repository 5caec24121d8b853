// SPDX-License-Identifier: MPL-2.0
#include "schema/row.h"

#include "schema/check.h"
#include "value/json.h"

#include <ctype.h>

size_t row_count(const struct row *rows)
{
	size_t count = 0;
	while (rows[count].name)
		count++;
	return count;
}

const struct row *row_find(const struct row *rows, struct text name)
{
	for (const struct row *row = rows; row->name; row++) {
		if (text_equal(name, text_of(row->name)))
			return row;
	}
	return NULL;
}

size_t row_slot(const struct row *rows, struct text name)
{
	return (size_t)(row_find(rows, name) - rows);
}

const struct type *row_type(struct arena *arena, const struct row *rows)
{
	size_t count = row_count(rows);
	struct type_field *fields = ARENA_ARRAY(arena, struct type_field, count);
	for (size_t i = 0; i < count; i++)
		fields[i] = (struct type_field){ text_of(rows[i].name), row_value_type(arena, &rows[i]) };
	struct type *object = ARENA_NEW(arena, struct type);
	*object = (struct type){ .kind = TYPE_OBJECT, .fields = fields, .field_count = count };
	size_t *after = ARENA_ARRAY(arena, size_t, count + 1);
	type_order_fields(object, after);
	object->after = after;
	return object;
}

static const struct type *container_of(struct arena *arena, enum type_kind kind, const struct row *fields)
{
	struct type *container = ARENA_NEW(arena, struct type);
	*container = (struct type){ .kind = kind, .element = row_type(arena, fields) };
	return container;
}

const struct type *row_value_type(struct arena *arena, const struct row *row)
{
	switch (row->kind) {
	case ROW_STRING:
		return &type_string;
	case ROW_INTEGER:
		return &type_number;
	case ROW_BOOL:
		return &type_bool;
	case ROW_STRING_LIST:
		return &type_string_list;
	case ROW_STRING_SET:
		return &type_string_set;
	case ROW_STRING_MAP:
		return &type_string_map;
	case ROW_OBJECT:
		return row_type(arena, row->fields);
	case ROW_NUMBER_MAP:
		return container_of(arena, TYPE_MAP, row->fields);
	case ROW_BLOCK:
		return container_of(arena, TYPE_LIST, row->fields);
	}
	return &type_dynamic;
}

// A column that holds a value: text for a string, JSON for the rest. Damaged JSON reads as null, which lint.c reports.
static struct value read_column(struct arena *arena, const struct row *row, const char *column)
{
	const struct type *type = row_value_type(arena, row);
	if (!column)
		return value_null(type);
	if (row->kind == ROW_STRING)
		return value_string(text_of(column));
	struct value value;
	struct text problem;
	return json_read(arena, text_of(column), type, &value, &problem) ? value : value_null(type);
}

struct value row_fallback(struct arena *arena, const struct row *row)
{
	return read_column(arena, row, row->fallback);
}

struct value row_assigned(struct arena *arena, const struct row *row)
{
	return read_column(arena, row, row->assigned);
}

struct text row_xml_name(struct arena *arena, const struct row *row)
{
	if (row->xml || !row->ec2)
		return text_of(row->xml);
	char *name = text_to_c_string(arena, text_of(row->ec2));
	name[0] = (char)tolower((unsigned char)name[0]);
	return text_of(name);
}

struct text row_remove_field_name(struct arena *arena, const struct row *row)
{
	char *name = text_to_c_string(arena, text_of(row->name));
	for (char *c = name; *c; c++) {
		if (*c == '_')
			*c = '-';
	}
	return text_of(name);
}

static bool objects_equal(const struct row *fields, const struct value *a, const struct value *b)
{
	for (size_t i = 0; fields[i].name; i++) {
		if (!row_value_equal(&fields[i], &a->items[i], &b->items[i]))
			return false;
	}
	return true;
}

static bool elements_equal(const struct row *row, const struct value *a, const struct value *b)
{
	if (a->state != VALUE_KNOWN || b->state != VALUE_KNOWN)
		return a->state == b->state;
	return objects_equal(row->fields, a, b);
}

static bool maps_equal(const struct row *row, const struct value *a, const struct value *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!text_equal(a->keys[i], b->keys[i]) || !elements_equal(row, &a->items[i], &b->items[i]))
			return false;
	}
	return true;
}

// All that `a` has, `b` has too. A null is nothing to have.
static bool map_is_within(const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (value_is_null(&a->items[i]))
			continue;
		const struct value *other = value_key(b, a->keys[i]);
		if (!other || !value_equal(&a->items[i], other))
			return false;
	}
	return true;
}

bool row_value_equal(const struct row *row, const struct value *a, const struct value *b)
{
	if (a->state != VALUE_KNOWN || b->state != VALUE_KNOWN)
		return a->state == b->state;
	if (row->kind == ROW_OBJECT)
		return objects_equal(row->fields, a, b);
	if (row->kind == ROW_NUMBER_MAP)
		return maps_equal(row, a, b);
	if (row->kind == ROW_STRING_MAP)
		return map_is_within(a, b) && map_is_within(b, a);
	if ((row->flags & ROW_CIDR) && check_cidr_same(a->string, b->string))
		return true;
	return value_equal(a, b);
}

bool row_moves(const struct row *rows, const struct value *before, const struct value *now)
{
	for (size_t i = 0; rows[i].name; i++) {
		if ((rows[i].flags & ROW_REPLACE_IF_UNKNOWN) &&
		    !row_value_equal(&rows[i], &before->items[i], &now->items[i]))
			return true;
	}
	return false;
}
