// SPDX-License-Identifier: MPL-2.0
#include "changes.h"

#include <string.h>

static bool is_removed(const struct exchange *exchange, const struct change_row *row)
{
	const json_t *removed = exchange_list(exchange, "RemoveField");
	for (size_t i = 0; row->remove_name && i < json_array_size(removed); i++) {
		if (strcmp(json_string_value(json_array_get(removed, i)), row->remove_name) == 0)
			return true;
	}
	return false;
}

static json_t *convert(const struct change_row *row, json_t *value)
{
	if (!row->fields)
		return json_incref(value);
	json_t *structure = json_object();
	for (const struct change_row *field = row->fields; field->parameter; field++) {
		json_t *part = json_object_get(value, field->parameter);
		if (part)
			json_object_set(structure, field->member, part);
	}
	return structure;
}

bool changes_apply(struct exchange *exchange, const struct change_row *rows, json_t *object)
{
	for (const struct change_row *row = rows; row->parameter; row++) {
		json_t *value = json_object_get(exchange->parameters, row->parameter);
		const bool removed = is_removed(exchange, row);
		const bool empty = json_is_string(value) && json_string_length(value) == 0;
		if (value && removed)
			return exchange_refuse(exchange, "InvalidParameterCombination",
					       "The parameter %s cannot be given and removed in one request",
					       row->parameter);
		if (removed || empty)
			json_object_del(object, row->member);
		else if (value)
			json_object_set_new(object, row->member, convert(row, value));
	}
	return true;
}
