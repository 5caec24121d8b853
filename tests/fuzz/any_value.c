// SPDX-License-Identifier: MPL-2.0
#include "any_value.h"

#include <string.h>

enum { LONGEST_TEXT = 64, MOST_ITEMS = 4 };

// Anything, as UTF-8.
static struct text any_text(const struct any *any)
{
	struct text view = choices_text(any->choices, LONGEST_TEXT);
	return text_utf8_repair(any->arena, text_copy(any->arena, view));
}

static struct text pick(const struct any *any, const char *const *words, unsigned count)
{
	return text_of(words[choices_below(any->choices, count)]);
}

static struct value any_string(const struct any *any, const struct row *row)
{
	static const char *const networks[] = { "0.0.0.0/0",     "10.0.0.0/8",      "10.1.2.3/8",
						"2001:db8::/32", "2001:DB8:0::/32", "::/0" };
	static const char *const words[] = { "", "a", "b", "Name", "aws:x", "https://a.example", "eu-central-1" };
	static const char *const ends[] = { "00000000", "0123456789abcdef0", "0123456789ABCDEF0", "" };
	unsigned wish = choices_below(any->choices, 8);
	if (wish == 7)
		return value_string(any_text(any));
	if (wish == 6)
		return value_string(pick(any, words, 7));
	if (row->flags & ROW_CIDR)
		return value_string(pick(any, networks, 6));
	if (row->id_prefix)
		return value_string(text_print(any->arena, "%s%.*s", row->id_prefix, TEXT_ARG(pick(any, ends, 4))));
	if (row->choices) {
		unsigned count = 0;
		while (row->choices[count])
			count++;
		return value_string(pick(any, row->choices, count));
	}
	return value_string(row->fallback && wish < 3 ? text_of(row->fallback) : pick(any, words, 7));
}

static struct value any_integer(const struct any *any, const struct row *row)
{
	const int64_t usual[] = { row->min, row->max, row->min - 1, row->max + 1, 0, 6, 17, -1, INT64_MAX, INT64_MIN };
	return value_integer(usual[choices_below(any->choices, sizeof usual / sizeof usual[0])]);
}

static struct text any_key(const struct any *any, const struct row *row)
{
	static const char *const numbers[] = { "100", "20", "7", "0", "01", "-1", "32767", "99999999999999999999" };
	static const char *const keys[] = { "Name", "a", "b", "aws:a", "", "c", "d", "e" };
	if (choices_one_in(any->choices, 8))
		return any_text(any);
	return pick(any, row->kind == ROW_NUMBER_MAP ? numbers : keys, 8);
}

static bool has_key(const struct value *map, size_t count, struct text key)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(map->keys[i], key))
			return true;
	}
	return false;
}

static struct value any_map(const struct any *any, const struct row *row, const struct type *type)
{
	const struct row element = { .kind = row->fields ? ROW_OBJECT : ROW_STRING, .fields = row->fields };
	struct value map = value_map(any->arena, type, choices_below(any->choices, MOST_ITEMS));
	size_t kept = 0;
	for (size_t i = 0; i < map.count; i++) {
		struct text key = any_key(any, row);
		struct value item = any_value(any, &element, type->element);
		if (has_key(&map, kept, key))
			continue;
		map.keys[kept] = key;
		map.items[kept++] = item;
	}
	map.count = kept;
	value_sort_map(&map);
	return map;
}

// Lists may say the same twice, sets may not.
static struct value any_list(const struct any *any, const struct row *row, const struct type *type)
{
	const struct row element = { .kind = row->kind == ROW_BLOCK ? ROW_OBJECT : ROW_STRING,
				     .choices = row->choices,
				     .fields = row->fields };
	unsigned most = row->kind == ROW_BLOCK ? 2 : MOST_ITEMS;
	struct value list = value_list(any->arena, type, choices_below(any->choices, most));
	size_t kept = 0;
	for (size_t i = 0; i < list.count; i++) {
		list.items[kept] = any_value(any, &element, type->element);
		bool is_double = false;
		for (size_t k = 0; k < kept && row->kind == ROW_STRING_SET; k++)
			is_double |= value_equal(&list.items[k], &list.items[kept]);
		kept += !is_double;
	}
	list.count = kept;
	return list;
}

static struct value any_known(const struct any *any, const struct row *row, const struct type *type)
{
	switch (row->kind) {
	case ROW_STRING:
		return any_string(any, row);
	case ROW_INTEGER:
		return any_integer(any, row);
	case ROW_BOOL:
		return value_bool(choices_below(any->choices, 2));
	case ROW_OBJECT:
		return any_object(any, row->fields, type);
	case ROW_STRING_MAP:
	case ROW_NUMBER_MAP:
		return any_map(any, row, type);
	case ROW_STRING_LIST:
	case ROW_STRING_SET:
	case ROW_BLOCK:
		break;
	}
	return any_list(any, row, type);
}

struct value any_value(const struct any *any, const struct row *row, const struct type *type)
{
	unsigned wish = choices_below(any->choices, 8);
	if (wish == 0)
		return value_null(type);
	if (wish == 7 && any->may_be_unknown)
		return value_unknown(type);
	return any_known(any, row, type);
}

struct value any_object(const struct any *any, const struct row *rows, const struct type *type)
{
	struct value object = value_object(any->arena, type);
	for (size_t i = 0; rows[i].name; i++) {
		const struct type *item = type->fields[i].type;
		bool is_settable = any->may_be_set || (rows[i].flags & (ROW_REQUIRED | ROW_OPTIONAL));
		object.items[i] = is_settable ? any_value(any, &rows[i], item) : value_null(item);
		// Core never sends a block that is null or unknown, and demands what is required.
		bool must_be_known = rows[i].kind == ROW_BLOCK;
		bool must_be_set = rows[i].flags & ROW_REQUIRED;
		if ((must_be_known && !value_is_known(&object.items[i])) ||
		    (must_be_set && value_is_null(&object.items[i])))
			object.items[i] = any_known(any, &rows[i], item);
	}
	return object;
}

static struct value resolved_items(const struct any *any, const struct row *row, const struct value *value)
{
	const struct row element = { .kind = row->fields ? ROW_OBJECT : ROW_STRING, .fields = row->fields };
	bool is_object = value->type->kind == TYPE_OBJECT;
	struct value resolved = value_copy(any->arena, value);
	for (size_t i = 0; i < value->count; i++)
		resolved.items[i] = any_resolved(any, is_object ? &row->fields[i] : &element, &value->items[i]);
	return resolved;
}

struct value any_resolved(const struct any *any, const struct row *row, const struct value *value)
{
	struct any sure = *any;
	sure.may_be_unknown = false;
	if (value_is_unknown(value)) {
		bool must_be_set = row->flags & ROW_REQUIRED;
		return must_be_set ? any_known(&sure, row, value->type) : any_value(&sure, row, value->type);
	}
	return value_holds_items(value) ? resolved_items(&sure, row, value) : *value;
}

void any_keep_one(const struct any *any, const struct row_set *set, struct value *config, const struct value *like)
{
	unsigned count = 0;
	for (const struct row *row = set->rows; row->name; row++)
		count += (row->flags & ROW_ONE_OF) != 0;
	if (count == 0)
		return;
	unsigned kept = choices_below(any->choices, count);
	unsigned i = 0;
	for (const struct row *row = set->rows; row->name; row++) {
		if (!(row->flags & ROW_ONE_OF))
			continue;
		if (like && !value_is_null(value_field(like, text_of(row->name))))
			kept = i;
		i++;
	}
	i = 0;
	for (const struct row *row = set->rows; row->name; row++) {
		if (!(row->flags & ROW_ONE_OF))
			continue;
		struct value *item = value_field(config, text_of(row->name));
		if (i++ != kept)
			*item = value_null(item->type);
		else if (value_is_null(item))
			*item = value_string(T("given"));
	}
}
