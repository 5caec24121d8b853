// SPDX-License-Identifier: MPL-2.0
#include "value/json.h"

#include "base/limits.h"
#include "base/path.h"
#include "value/json_token.h"
#include "value/number.h"

#include <stdarg.h>

// --- reading ---

// A read that fails leaves a problem, or none when the fault is one of grammar: json_read has the words for that.
struct reader {
	struct arena *arena;
	struct json_cursor cursor;
	struct text problem;
};

static bool fail(struct reader *reader, const struct path *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static bool fail(struct reader *reader, const struct path *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	reader->problem = path_sentence(reader->arena, path, format, arguments);
	va_end(arguments);
	return false;
}

static bool mismatch(struct reader *reader, const struct path *path, const struct type *type)
{
	return fail(reader, path, "the stored value is not of type %.*s.", TEXT_ARG(type_kind_name(type->kind)));
}

static bool read_value(struct reader *reader, const struct type *type, const struct path *path,
		       struct value *ret_value);

static bool number_to_string(struct reader *reader, const struct path *path, struct value *ret_value)
{
	struct text digits;
	struct number number;
	if (!json_token_number(&reader->cursor, &digits))
		return false;
	if (!number_read(reader->arena, digits, &number))
		return mismatch(reader, path, &type_string);
	*ret_value = value_string(number_print(reader->arena, &number));
	return true;
}

static bool read_string(struct reader *reader, enum json_kind kind, const struct path *path, struct value *ret_value)
{
	*ret_value = value_string(kind == JSON_TRUE ? T("true") : T("false"));
	if (kind == JSON_STRING)
		return json_token_string(&reader->cursor, &ret_value->string);
	if (kind == JSON_NUMBER)
		return number_to_string(reader, path, ret_value);
	if (kind == JSON_TRUE || kind == JSON_FALSE)
		return json_token_word(&reader->cursor);
	return mismatch(reader, path, &type_string);
}

static bool read_number(struct reader *reader, enum json_kind kind, const struct path *path, struct value *ret_value)
{
	struct text digits;
	if (kind != JSON_NUMBER && kind != JSON_STRING)
		return mismatch(reader, path, &type_number);
	const bool good = kind == JSON_NUMBER ? json_token_number(&reader->cursor, &digits)
					      : json_token_string(&reader->cursor, &digits);
	if (!good)
		return false;
	*ret_value = value_integer(0);
	return number_read(reader->arena, digits, &ret_value->number) || mismatch(reader, path, &type_number);
}

static bool read_bool(struct reader *reader, enum json_kind kind, const struct path *path, struct value *ret_value)
{
	*ret_value = value_bool(kind == JSON_TRUE);
	if (kind == JSON_TRUE || kind == JSON_FALSE)
		return json_token_word(&reader->cursor);
	struct text word;
	if (kind != JSON_STRING)
		return mismatch(reader, path, &type_bool);
	if (!json_token_string(&reader->cursor, &word))
		return false;
	ret_value->boolean = text_equal(word, T("true")) || text_equal(word, T("1"));
	return ret_value->boolean || text_equal(word, T("false")) || text_equal(word, T("0")) ||
	       mismatch(reader, path, &type_bool);
}

// Makes room for one more item, and key, of a value whose length is not known yet.
static void grow(struct arena *arena, struct value *value, size_t *room)
{
	if (value->count < *room)
		return;
	*room = *room ? *room * 2 : 8;
	struct value *items = ARENA_ARRAY(arena, struct value, *room);
	for (size_t i = 0; i < value->count; i++)
		items[i] = value->items[i];
	value->items = items;
	if (!value->keys)
		return;
	struct text *keys = ARENA_ARRAY(arena, struct text, *room);
	for (size_t i = 0; i < value->count; i++)
		keys[i] = value->keys[i];
	value->keys = keys;
}

static bool read_list(struct reader *reader, const struct type *type, const struct path *path, struct value *ret_value)
{
	size_t room = 0;
	*ret_value = value_list(reader->arena, type, 0);
	bool ok = json_token_open(&reader->cursor, '[');
	while (json_token_more(&reader->cursor, ']', &ok)) {
		struct path item = path_index(path, (int64_t)ret_value->count);
		grow(reader->arena, ret_value, &room);
		ok = read_value(reader, type->element, &item, &ret_value->items[ret_value->count]);
		ret_value->count++;
	}
	return ok;
}

static bool read_tuple(struct reader *reader, const struct type *type, const struct path *path, struct value *ret_value)
{
	size_t i = 0;
	*ret_value = value_list(reader->arena, type, type->field_count);
	bool ok = json_token_open(&reader->cursor, '[');
	for (; json_token_more(&reader->cursor, ']', &ok); i++) {
		struct path item = path_index(path, (int64_t)i);
		if (i == type->field_count)
			return mismatch(reader, path, type);
		ok = read_value(reader, type->fields[i].type, &item, &ret_value->items[i]);
	}
	return ok && (i == type->field_count || mismatch(reader, path, type));
}

static bool read_map(struct reader *reader, const struct type *type, const struct path *path, struct value *ret_value)
{
	size_t room = 0;
	struct text key;
	*ret_value = value_map(reader->arena, type, 0);
	bool ok = json_token_open(&reader->cursor, '{');
	while (json_token_more(&reader->cursor, '}', &ok)) {
		if (!json_token_key(&reader->cursor, &key))
			return false;
		struct path item = path_key(path, key);
		grow(reader->arena, ret_value, &room);
		ret_value->keys[ret_value->count] = key;
		ok = read_value(reader, type->element, &item, &ret_value->items[ret_value->count]);
		ret_value->count++;
	}
	value_sort_map(ret_value);
	for (size_t i = 1; ok && i < ret_value->count; i++) {
		if (text_equal(ret_value->keys[i - 1], ret_value->keys[i]))
			ok = fail(reader, path, "the key \"%.*s\" is there twice.", TEXT_ARG(ret_value->keys[i]));
	}
	return ok;
}

static bool read_object(struct reader *reader, const struct type *type, const struct path *path,
			struct value *ret_value)
{
	struct text name;
	*ret_value = value_object(reader->arena, type);
	size_t slot = SIZE_MAX;
	bool ok = json_token_open(&reader->cursor, '{');
	while (json_token_more(&reader->cursor, '}', &ok)) {
		if (!json_token_key(&reader->cursor, &name))
			return false;
		struct path field = path_attribute(path, name);
		slot = type_field_after(type, slot, name);
		ok = slot == SIZE_MAX ? json_token_skip(&reader->cursor)
				      : read_value(reader, type->fields[slot].type, &field, &ret_value->items[slot]);
	}
	return ok;
}

// {"value":...,"type":...}, in either order: a first walk finds both, then the value can be read by its type.
static bool read_dynamic(struct reader *reader, const struct path *path, struct value *ret_value)
{
	struct json_cursor value_place = reader->cursor;
	struct text type_json = { NULL, 0 };
	struct text name;
	bool has_value = false;
	bool ok = json_token_open(&reader->cursor, '{');
	while (json_token_more(&reader->cursor, '}', &ok)) {
		if (!json_token_key(&reader->cursor, &name))
			return false;
		struct json_cursor before = reader->cursor;
		ok = json_token_skip(&reader->cursor);
		if (text_equal(name, T("value"))) {
			value_place = before;
			has_value = true;
		} else if (text_equal(name, T("type"))) {
			type_json = text_part(before.rest, 0, before.rest.length - reader->cursor.rest.length);
		}
	}
	if (!ok)
		return false;
	const struct type *type = type_read_json(reader->arena, type_json);
	if (!has_value || !type)
		return fail(reader, path, "a \"value\" with a known \"type\" is required.");
	struct json_cursor behind = reader->cursor;
	reader->cursor = value_place;
	ok = read_value(reader, type, path, ret_value);
	reader->cursor = behind;
	return ok;
}

static bool read_container(struct reader *reader, enum json_kind kind, const struct type *type, const struct path *path,
			   struct value *ret_value)
{
	bool is_listed = type->kind == TYPE_LIST || type->kind == TYPE_SET || type->kind == TYPE_TUPLE;
	if (kind != (is_listed ? JSON_ARRAY : JSON_OBJECT))
		return mismatch(reader, path, type);
	if (type->kind == TYPE_TUPLE)
		return read_tuple(reader, type, path, ret_value);
	if (is_listed)
		return read_list(reader, type, path, ret_value);
	if (type->kind == TYPE_MAP)
		return read_map(reader, type, path, ret_value);
	if (type->kind == TYPE_OBJECT)
		return read_object(reader, type, path, ret_value);
	return read_dynamic(reader, path, ret_value);
}

static bool read_value(struct reader *reader, const struct type *type, const struct path *path, struct value *ret_value)
{
	enum json_kind kind = json_token_kind(&reader->cursor);
	if (kind == JSON_NONE)
		return false;
	if (kind == JSON_NULL) {
		*ret_value = value_null(type);
		return json_token_word(&reader->cursor);
	}
	if (type->kind == TYPE_STRING)
		return read_string(reader, kind, path, ret_value);
	if (type->kind == TYPE_NUMBER)
		return read_number(reader, kind, path, ret_value);
	if (type->kind == TYPE_BOOL)
		return read_bool(reader, kind, path, ret_value);
	return read_container(reader, kind, type, path, ret_value);
}

bool json_read(struct arena *arena, struct text bytes, const struct type *type, struct value *ret_value,
	       struct text *ret_problem)
{
	struct reader reader = { .arena = arena };
	*ret_value = value_null(type);
	bool ok = json_token_start(arena, bytes, &reader.cursor) && read_value(&reader, type, NULL, ret_value) &&
		  json_token_at_end(&reader.cursor);
	if (!ok && reader.problem.length == 0)
		(void)fail(&reader, NULL, "not JSON, or nested more than %d levels deep, from byte %zu on.",
			   LIMIT_NESTING, bytes.length - reader.cursor.rest.length);
	*ret_problem = reader.problem;
	return ok;
}

// --- writing ---

static void write_as(const struct value *value, const struct type *declared, struct buffer *out);

static void write_items(const struct value *list, struct buffer *out)
{
	buffer_append_char(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buffer_append_char(out, ',');
		write_as(&list->items[i], list->type->element ? list->type->element : list->type->fields[i].type, out);
	}
	buffer_append_char(out, ']');
}

static void write_map(const struct value *map, struct buffer *out)
{
	buffer_append_char(out, '{');
	for (size_t i = 0; i < map->count; i++) {
		if (i > 0)
			buffer_append_char(out, ',');
		json_token_write_string(map->keys[i], out);
		buffer_append_char(out, ':');
		write_as(&map->items[i], map->type->element, out);
	}
	buffer_append_char(out, '}');
}

static void write_object(const struct value *object, struct buffer *out)
{
	const struct type *type = object->type;
	size_t first = type_next_field(type, SIZE_MAX);
	buffer_append_char(out, '{');
	for (size_t i = first; i != SIZE_MAX; i = type_next_field(type, i)) {
		if (i != first)
			buffer_append_char(out, ',');
		json_token_write_string(type->fields[i].name, out);
		buffer_append_char(out, ':');
		write_as(&object->items[i], type->fields[i].type, out);
	}
	buffer_append_char(out, '}');
}

static void write_known(const struct value *value, struct buffer *out)
{
	switch (value->type->kind) {
	case TYPE_STRING:
		json_token_write_string(value->string, out);
		break;
	case TYPE_NUMBER:
		number_write(&value->number, out);
		break;
	case TYPE_BOOL:
		buffer_append_text(out, value->boolean ? T("true") : T("false"));
		break;
	case TYPE_LIST:
	case TYPE_SET:
	case TYPE_TUPLE:
		write_items(value, out);
		break;
	case TYPE_MAP:
		write_map(value, out);
		break;
	case TYPE_OBJECT:
		write_object(value, out);
		break;
	case TYPE_DYNAMIC:
		break; // a known value is of a type that is known
	}
}

// `declared` is the type at this place, which decides whether the value's own type has to be stored with it.
static void write_as(const struct value *value, const struct type *declared, struct buffer *out)
{
	bool carries_type = declared->kind == TYPE_DYNAMIC && value->type->kind != TYPE_DYNAMIC;
	if (carries_type)
		buffer_append_text(out, T("{\"value\":"));
	if (value_is_unknown(value))
		out->failed = true;
	else if (value_is_null(value))
		buffer_append_text(out, T("null"));
	else
		write_known(value, out);
	if (carries_type) {
		buffer_append_text(out, T(",\"type\":"));
		type_write_json(value->type, out);
		buffer_append_char(out, '}');
	}
}

void json_write(const struct value *value, struct buffer *out)
{
	write_as(value, value->type, out);
}
