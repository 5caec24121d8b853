// SPDX-License-Identifier: MPL-2.0
#include "ec2/decode.h"

// A place in an answer, for the message when it holds nonsense.
struct place {
	struct call *call;
	const struct path *path;
};

static bool decode_fields(const struct place *place, const struct row *rows, const struct xml_node *item,
			  struct value *object);

static size_t count_items(const struct xml_node *set)
{
	size_t count = 0;
	for (const struct xml_node *item = xml_child(set, T("item")); item; item = xml_next(item))
		count++;
	return count;
}

static struct value decode_text(const struct row *row, const struct xml_node *element)
{
	if (element && element->text.length > 0)
		return value_string(element->text);
	return row->fallback ? value_string(T("")) : value_null(&type_string);
}

static bool refuse(const struct place *place, const struct xml_node *element, struct text nonsense,
		   const char *what_belongs)
{
	diag_error(place->call, place->path, "Unreadable response from EC2",
		   "The answer has \"%.*s\" in <%.*s>, where %s.", TEXT_ARG(nonsense), TEXT_ARG(element->name),
		   what_belongs);
	return false;
}

static bool decode_integer(const struct place *place, const struct xml_node *element, struct value *ret_value)
{
	int64_t number;
	*ret_value = value_null(&type_number);
	if (!element || element->text.length == 0)
		return true;
	if (!text_to_int64(element->text, &number))
		return refuse(place, element, element->text, "a whole number belongs");
	*ret_value = value_integer(number);
	return true;
}

static struct value decode_strings(struct arena *arena, const struct type *type, const struct xml_node *element)
{
	struct value list = value_list(arena, type, count_items(element));
	const struct xml_node *item = xml_child(element, T("item"));
	for (size_t i = 0; i < list.count; i++, item = xml_next(item))
		list.items[i] = value_string(item->text);
	return list;
}

// A map has each key once: of items with the same key one stays, and each of the others is an error.
static bool drop_doubles(const struct place *place, const struct xml_node *element, struct value *sorted)
{
	bool good = true;
	size_t kept = 0;
	for (size_t i = 0; i < sorted->count; i++) {
		if (kept > 0 && text_equal(sorted->keys[i], sorted->keys[kept - 1])) {
			good = refuse(place, element, sorted->keys[i], "each number stands only once");
			continue;
		}
		sorted->keys[kept] = sorted->keys[i];
		sorted->items[kept++] = sorted->items[i];
	}
	sorted->count = kept;
	return good;
}

static bool decode_map(const struct place *place, const struct row *row, const struct type *type,
		       const struct xml_node *element, struct value *ret_value)
{
	struct arena *arena = place->call->arena;
	struct value map = value_map(arena, type, count_items(element));
	const struct xml_node *item = xml_child(element, T("item"));
	bool good = true;
	for (size_t i = 0; i < map.count; i++, item = xml_next(item)) {
		map.keys[i] = xml_text(item, text_of(row->key_xml));
		map.items[i] = value_object(arena, type->element);
		good = decode_fields(place, row->fields, item, &map.items[i]) && good;
	}
	value_sort_map(&map);
	good = drop_doubles(place, element, &map) && good;
	*ret_value = map;
	return good;
}

static bool decode_value(const struct place *place, const struct row *row, const struct xml_node *element,
			 struct value *slot, const struct type *type)
{
	struct arena *arena = place->call->arena;
	switch (row->kind) {
	case ROW_STRING:
		*slot = decode_text(row, element);
		return true;
	case ROW_INTEGER:
		return decode_integer(place, element, slot);
	case ROW_BOOL:
		*slot = element ? value_bool(text_equal(element->text, T("true"))) : value_null(type);
		return true;
	case ROW_STRING_LIST:
	case ROW_STRING_SET:
		*slot = decode_strings(arena, type, element);
		return true;
	case ROW_OBJECT:
		*slot = value_null(type);
		if (!element || !element->first_child)
			return true;
		*slot = value_object(arena, type);
		return decode_fields(place, row->fields, element, slot);
	case ROW_NUMBER_MAP:
		return decode_map(place, row, type, element, slot);
	case ROW_STRING_MAP: // tags (ec2/tags.h)
	case ROW_BLOCK:      // only in the provider's settings
		return true;
	}
	return true;
}

static bool decode_fields(const struct place *place, const struct row *rows, const struct xml_node *item,
			  struct value *object)
{
	bool good = true;
	for (size_t i = 0; rows[i].name; i++) {
		struct text name = row_xml_name(place->call->arena, &rows[i]);
		if (name.length == 0)
			continue;
		struct path path = path_attribute(place->path, text_of(rows[i].name));
		struct place here = { place->call, &path };
		good = decode_value(&here, &rows[i], xml_child(item, name), &object->items[i],
				    object->type->fields[i].type) &&
		       good;
	}
	return good;
}

bool decode_object(struct call *call, const struct row *rows, const struct xml_node *item, struct value *object)
{
	struct place top = { call, NULL };
	return decode_fields(&top, rows, item, object);
}
