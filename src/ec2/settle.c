// SPDX-License-Identifier: MPL-2.0
#include "ec2/settle.h"

bool settle_is_nothing(const struct row *row, const struct value *value)
{
	return !value_is_known(value) || (row->kind == ROW_STRING && value->string.length == 0);
}

bool settle_means_same(const struct row *row, const struct value *a, const struct value *b)
{
	bool a_is_nothing = settle_is_nothing(row, a), b_is_nothing = settle_is_nothing(row, b);
	if (a_is_nothing || b_is_nothing)
		return a_is_nothing && b_is_nothing;
	return row_value_equal(row, a, b);
}

static void settle_map(struct arena *arena, const struct row *row, const struct value *reference, struct value *map)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct value *before = value_key(reference, map->keys[i]);
		if (before)
			settle_object(arena, row->fields, before, &map->items[i]);
	}
}

void settle_object(struct arena *arena, const struct row *rows, const struct value *reference, struct value *object)
{
	if (!value_is_known(reference) || !value_is_known(object))
		return;
	for (size_t i = 0; rows[i].name; i++) {
		const struct row *row = &rows[i];
		const struct value *before = &reference->items[i];
		struct value *now = &object->items[i];
		// A default makes null impossible but in a state that is not read yet, just after an import.
		if (value_is_unknown(before) || (value_is_null(before) && row->fallback))
			continue;
		bool nested = value_is_known(before) && value_is_known(now);
		if (nested && row->kind == ROW_NUMBER_MAP)
			settle_map(arena, row, before, now);
		else if (nested && row->kind == ROW_OBJECT)
			settle_object(arena, row->fields, before, now);
		else if (settle_means_same(row, before, now))
			*now = value_copy(arena, before);
	}
}
