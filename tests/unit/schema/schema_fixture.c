// SPDX-License-Identifier: MPL-2.0
#include "schema_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

void fixture_open(struct fixture *fixture)
{
	*fixture = (struct fixture){ .call = { .log = &log_none, .clock = &clock_system } };
	arena_init(&fixture->arena, 0);
	fixture->call.arena = &fixture->arena;
	fixture->call.diagnostics = &fixture->diagnostics;
}

void fixture_close(struct fixture *fixture)
{
	arena_free(&fixture->arena);
}

json_t *fixture_load(const char *path)
{
	json_error_t error;
	json_t *json = json_load_file(path, 0, &error);
	if (!json)
		fail_msg("%s:%d: %s", path, error.line, error.text);
	return json;
}

static struct text text_of_json(const json_t *string)
{
	return (struct text){ json_string_value(string), json_string_length(string) };
}

struct text fixture_text(const json_t *object, const char *key)
{
	return text_of_json(json_object_get(object, key));
}

static struct value read_object(struct arena *arena, const json_t *json, const struct type *type)
{
	struct value object = value_object(arena, type);
	const char *key;
	json_t *item;
	json_object_foreach((json_t *)(uintptr_t)json, key, item)
	{
		size_t slot = type_field_index(type, text_of(key));
		if (slot == SIZE_MAX)
			fail_msg("the case names the attribute %s, which does not exist", key);
		object.items[slot] = fixture_value(arena, item, type->fields[slot].type);
	}
	return object;
}

static struct value read_map(struct arena *arena, const json_t *json, const struct type *type)
{
	struct value map = value_map(arena, type, json_object_size(json));
	const char *key;
	json_t *item;
	size_t i = 0;
	json_object_foreach((json_t *)(uintptr_t)json, key, item)
	{
		map.keys[i] = text_of(key);
		map.items[i++] = fixture_value(arena, item, type->element);
	}
	value_sort_map(&map);
	return map;
}

static struct value read_list(struct arena *arena, const json_t *json, const struct type *type)
{
	struct value list = value_list(arena, type, json_array_size(json));
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = fixture_value(arena, json_array_get(json, i), type->element);
	return list;
}

static struct value read_number(const json_t *json)
{
	if (json_is_integer(json))
		return value_integer(json_integer_value(json));
	// A decimal stands in cases as a string.
	struct value number = { .state = VALUE_KNOWN, .type = &type_number };
	number.number.decimal = text_of_json(json);
	return number;
}

struct value fixture_value(struct arena *arena, const json_t *json, const struct type *type)
{
	if (!json || json_is_null(json))
		return value_null(type);
	if (json_is_true(json_object_get(json, "unknown")))
		return value_unknown(type);
	switch (type->kind) {
	case TYPE_STRING:
		return value_string(text_of_json(json));
	case TYPE_NUMBER:
		return read_number(json);
	case TYPE_BOOL:
		return value_bool(json_is_true(json));
	case TYPE_LIST:
	case TYPE_SET:
		return read_list(arena, json, type);
	case TYPE_MAP:
		return read_map(arena, json, type);
	case TYPE_OBJECT:
		return read_object(arena, json, type);
	case TYPE_TUPLE:
	case TYPE_DYNAMIC:
		break;
	}
	fail_msg("no row is of such a type");
	return value_null(type);
}

static json_t *json_of(struct arena *arena, const struct value *value)
{
	if (value_is_null(value))
		return json_null();
	if (value_is_unknown(value))
		return json_pack("{s:b}", "unknown", 1);
	switch (value->type->kind) {
	case TYPE_STRING:
		return json_stringn(value->string.at, value->string.length);
	case TYPE_NUMBER:
		return value->number.is_integer ? json_integer(value->number.integer)
						: json_stringn(value->number.decimal.at, value->number.decimal.length);
	case TYPE_BOOL:
		return json_boolean(value->boolean);
	case TYPE_LIST:
	case TYPE_SET: {
		json_t *list = json_array();
		for (size_t i = 0; i < value->count; i++)
			json_array_append_new(list, json_of(arena, &value->items[i]));
		return list;
	}
	case TYPE_MAP:
	case TYPE_OBJECT: {
		json_t *object = json_object();
		for (size_t i = 0; i < value->count; i++) {
			struct text name = value->keys ? value->keys[i] : value->type->fields[i].name;
			if (value->keys || !value_is_null(&value->items[i]))
				json_object_set_new(object, text_to_c_string(arena, name),
						    json_of(arena, &value->items[i]));
		}
		return object;
	}
	case TYPE_TUPLE:
	case TYPE_DYNAMIC:
		break;
	}
	return json_null();
}

struct text fixture_print(struct arena *arena, const struct value *value)
{
	json_t *json = json_of(arena, value);
	char *printed = json_dumps(json, JSON_ENCODE_ANY | JSON_SORT_KEYS);
	struct text copy = text_copy(arena, text_of(printed));
	free(printed);
	json_decref(json);
	return copy;
}

struct settings fixture_settings(struct arena *arena, const json_t *json)
{
	struct settings settings = {
		.region = value_string(T("eu-central-1")),
		.default_tags = fixture_value(arena, json_object_get(json, "default_tags"), &type_string_map),
		.ignore_keys = fixture_value(arena, json_object_get(json, "ignore_keys"), &type_string_set),
		.ignore_prefixes = value_null(&type_string_set),
	};
	if (json_object_get(json, "region"))
		settings.region = fixture_value(arena, json_object_get(json, "region"), &type_string);
	struct text severity = fixture_text(json, "deviation_severity");
	if (text_equal(severity, T("error")))
		settings.deviation_severity = DEVIATION_ERROR;
	if (text_equal(severity, T("none")))
		settings.deviation_severity = DEVIATION_NONE;
	return settings;
}

static struct value choose(struct arena *arena, const struct row *row, const struct value *planned);

static struct value choose_fields(struct arena *arena, const struct row *fields, const struct value *planned)
{
	if (!value_is_known(planned))
		return value_null(planned->type);
	struct value object = value_copy(arena, planned);
	for (size_t i = 0; fields[i].name; i++)
		object.items[i] = choose(arena, &fields[i], &planned->items[i]);
	return object;
}

// What EC2 makes of an unknown.
static struct value choose(struct arena *arena, const struct row *row, const struct value *planned)
{
	const struct type *type = planned->type;
	if (value_is_known(planned) && row->kind == ROW_OBJECT)
		return choose_fields(arena, row->fields, planned);
	if (value_is_known(planned) && row->kind == ROW_NUMBER_MAP) {
		struct value map = value_copy(arena, planned);
		for (size_t i = 0; i < map.count; i++)
			map.items[i] = choose_fields(arena, row->fields, &planned->items[i]);
		return map;
	}
	if (!value_is_unknown(planned))
		return *planned;
	if (type->kind == TYPE_STRING)
		return value_string(T("chosen"));
	if (type->kind == TYPE_NUMBER)
		return row->assigned ? value_null(type) : value_integer(777);
	if (type->kind == TYPE_MAP)
		return value_map(arena, type, 0);
	return value_list(arena, type, 0);
}

struct value fixture_apply(struct arena *arena, const struct row *rows, const struct value *planned, const json_t *json)
{
	struct value state = choose_fields(arena, rows, planned);
	for (size_t i = 0; rows[i].name; i++) {
		json_t *chosen = json_object_get(json, rows[i].name);
		if (chosen)
			state.items[i] = fixture_value(arena, chosen, state.items[i].type);
	}
	return state;
}

struct text fixture_complaints(struct fixture *fixture)
{
	struct arena *arena = &fixture->arena;
	struct text all = T("");
	for (const struct diagnostic *diagnostic = fixture->diagnostics.first; diagnostic;
	     diagnostic = diagnostic->next) {
		struct text at = diagnostic->attribute ? path_print(arena, diagnostic->attribute) : T("-");
		all = text_print(arena, "%.*s%s %.*s: %.*s: %.*s\n", TEXT_ARG(all),
				 diagnostic->severity == SEVERITY_ERROR ? "error" : "warning", TEXT_ARG(at),
				 TEXT_ARG(diagnostic->summary), TEXT_ARG(diagnostic->detail));
	}
	return all;
}
