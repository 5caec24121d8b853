// SPDX-License-Identifier: MPL-2.0
#include "value/value.h"

#include "value/number.h"

struct value value_null(const struct type *type)
{
	return (struct value){ .state = VALUE_NULL, .type = type };
}

struct value value_unknown(const struct type *type)
{
	return (struct value){ .state = VALUE_UNKNOWN, .type = type };
}

struct value value_string(struct text view)
{
	return (struct value){ .state = VALUE_KNOWN, .type = &type_string, .string = view };
}

struct value value_integer(int64_t number)
{
	return (struct value){ .state = VALUE_KNOWN,
			       .type = &type_number,
			       .number = { .is_integer = true, .integer = number } };
}

struct value value_bool(bool truth)
{
	return (struct value){ .state = VALUE_KNOWN, .type = &type_bool, .boolean = truth };
}

// The type of item i.
static const struct type *item_type(const struct type *container, size_t i)
{
	return container->element ? container->element : container->fields[i].type;
}

struct value value_list(struct arena *arena, const struct type *type, size_t count)
{
	struct value list = { .state = VALUE_KNOWN, .type = type };
	list.items = ARENA_ARRAY(arena, struct value, count);
	list.keys = NULL;
	list.count = count;
	for (size_t i = 0; i < count; i++)
		list.items[i] = value_null(item_type(type, i));
	return list;
}

struct value value_map(struct arena *arena, const struct type *type, size_t count)
{
	struct value map = value_list(arena, type, count);
	map.keys = ARENA_ARRAY(arena, struct text, count);
	return map;
}

struct value value_object(struct arena *arena, const struct type *type)
{
	return value_list(arena, type, type->field_count);
}

static void swap_items(struct value *map, size_t a, size_t b)
{
	struct value item = map->items[a];
	map->items[a] = map->items[b];
	map->items[b] = item;
	struct text key = map->keys[a];
	map->keys[a] = map->keys[b];
	map->keys[b] = key;
}

// Lets item `at` of the heap items[0..count) sink to its place.
static void sink(struct value *map, size_t at, size_t count)
{
	for (;;) {
		size_t largest = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
			if (text_compare(map->keys[child], map->keys[largest]) > 0)
				largest = child;
		}
		if (largest == at)
			return;
		swap_items(map, at, largest);
		at = largest;
	}
}

// A heap sort: keys and items move together, without memory, and no order of keys makes it slow.
void value_sort_map(struct value *map)
{
	for (size_t i = map->count / 2; i-- > 0;)
		sink(map, i, map->count);
	for (size_t end = map->count; end > 1; end--) {
		swap_items(map, 0, end - 1);
		sink(map, 0, end - 1);
	}
}

bool value_holds_items(const struct value *value)
{
	return value->state == VALUE_KNOWN && value->type->kind >= TYPE_LIST && value->type->kind <= TYPE_TUPLE;
}

bool value_is_wholly_known(const struct value *value)
{
	if (!value_holds_items(value))
		return value->state != VALUE_UNKNOWN;
	for (size_t i = 0; i < value->count; i++) {
		if (!value_is_wholly_known(&value->items[i]))
			return false;
	}
	return true;
}

struct value *value_field(const struct value *object, struct text name)
{
	return &object->items[type_field_index(object->type, name)];
}

const struct value *value_key(const struct value *map, struct text key)
{
	if (map->state != VALUE_KNOWN)
		return NULL;
	size_t low = 0, high = map->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = text_compare(map->keys[middle], key);
		if (order == 0)
			return &map->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool value_has_string(const struct value *list, struct text wanted)
{
	if (list->state != VALUE_KNOWN)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct value *item = &list->items[i];
		if (item->state == VALUE_KNOWN && text_equal(item->string, wanted))
			return true;
	}
	return false;
}

static bool items_equal(const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (!value_equal(&a->items[i], &b->items[i]))
			return false;
	}
	return true;
}

static bool has_item(const struct value *set, const struct value *wanted)
{
	for (size_t i = 0; i < set->count; i++) {
		if (value_equal(&set->items[i], wanted))
			return true;
	}
	return false;
}

// Sets usually come in one order, Terraform's: then no search is needed.
static bool sets_equal(const struct value *a, const struct value *b)
{
	if (items_equal(a, b))
		return true;
	for (size_t i = 0; i < a->count; i++) {
		if (!has_item(b, &a->items[i]) || !has_item(a, &b->items[i]))
			return false;
	}
	return true;
}

static bool maps_equal(const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (!text_equal(a->keys[i], b->keys[i]))
			return false;
	}
	return items_equal(a, b);
}

static bool objects_equal(const struct value *a, const struct value *b)
{
	if (a->type == b->type)
		return items_equal(a, b);
	for (size_t i = 0; i < a->count; i++) {
		if (!value_equal(&a->items[i], value_field(b, a->type->fields[i].name)))
			return false;
	}
	return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
	if (a->state != b->state || !type_equal(a->type, b->type))
		return false;
	if (a->state != VALUE_KNOWN)
		return true;
	if (value_holds_items(a) && a->count != b->count)
		return false;
	switch (a->type->kind) {
	case TYPE_STRING:
		return text_equal(a->string, b->string);
	case TYPE_NUMBER:
		return number_equal(&a->number, &b->number);
	case TYPE_BOOL:
		return a->boolean == b->boolean;
	case TYPE_LIST:
	case TYPE_TUPLE:
		return items_equal(a, b);
	case TYPE_SET:
		return sets_equal(a, b);
	case TYPE_MAP:
		return maps_equal(a, b);
	case TYPE_OBJECT:
		return objects_equal(a, b);
	case TYPE_DYNAMIC:
		break;
	}
	return true; // a known value is of a type that is known
}

struct value value_copy(struct arena *arena, const struct value *value)
{
	struct value copy = *value;
	if (!value_holds_items(value))
		return copy;
	copy.items = ARENA_ARRAY(arena, struct value, value->count);
	for (size_t i = 0; i < value->count; i++)
		copy.items[i] = value_copy(arena, &value->items[i]);
	if (value->keys) {
		copy.keys = ARENA_ARRAY(arena, struct text, value->count);
		for (size_t i = 0; i < value->count; i++)
			copy.keys[i] = value->keys[i];
	}
	return copy;
}
