// SPDX-License-Identifier: MPL-2.0
#include "rows_json.h"

#include "ec2/names.h"
#include "resources/resources.h"

static const char *const kind_names[] = {
	[ROW_STRING] = "string",           [ROW_INTEGER] = "integer",       [ROW_BOOL] = "boolean",
	[ROW_STRING_LIST] = "string_list", [ROW_STRING_SET] = "string_set", [ROW_STRING_MAP] = "string_map",
	[ROW_OBJECT] = "object",           [ROW_NUMBER_MAP] = "number_map", [ROW_BLOCK] = "block",
};

static json_t *string_of(struct text text)
{
	return json_stringn(text.at, text.length);
}

static json_t *optional(const char *string)
{
	return string ? json_string(string) : json_null();
}

static json_t *choices_of(const struct row *row)
{
	json_t *choices = json_array();
	for (size_t i = 0; row->choices && row->choices[i]; i++)
		json_array_append_new(choices, json_string(row->choices[i]));
	return choices;
}

static json_t *rows_of(struct arena *arena, const struct row *rows)
{
	json_t *list = json_array();
	for (const struct row *row = rows; row && row->name; row++) {
		json_t *json = json_pack(
			"{s:s, s:s, s:b, s:b, s:b, s:b}", "name", row->name, "kind", kind_names[row->kind], "required",
			(row->flags & ROW_REQUIRED) != 0, "given", (row->flags & ROW_REQUIRED) != 0 || row->fallback,
			"replaces", (row->flags & ROW_REPLACE) != 0, "clearable", (row->flags & ROW_CLEARABLE) != 0);
		json_object_set_new(json, "ec2", optional(row->ec2));
		json_object_set_new(json, "default", optional(row->fallback));
		json_object_set_new(json, "assigned", json_boolean(row->flags & ROW_ASSIGNED));
		json_object_set_new(json, "network", json_boolean(row->flags & ROW_CIDR));
		json_object_set_new(json, "optional", json_boolean(row->flags & ROW_OPTIONAL));
		json_object_set_new(json, "min", json_integer(row->min));
		json_object_set_new(json, "max", json_integer(row->max));
		json_object_set_new(json, "xml", string_of(row_xml_name(arena, row)));
		json_object_set_new(json, "remove_field", string_of(row_remove_field_name(arena, row)));
		json_object_set_new(json, "key_xml", optional(row->key_xml));
		json_object_set_new(json, "choices", choices_of(row));
		json_object_set_new(json, "fields", rows_of(arena, row->fields));
		json_array_append_new(list, json);
	}
	return list;
}

json_t *rows_json_all(void)
{
	struct arena arena;
	arena_init(&arena, 0);
	json_t *all = json_array();
	for (size_t i = 0; i < resources_count; i++) {
		const struct resource *resource = resources_all[i];
		json_t *json =
			json_pack("{s:s, s:s, s:s, s:b}", "name", resource->set.name, "ec2_name", resource->ec2_name,
				  "tag_type", resource->tag_type, "has_modify", resource->has_modify);
		json_object_set_new(json, "create", string_of(names_action(&arena, "Create", resource)));
		json_object_set_new(json, "describe", string_of(names_describe(&arena, resource)));
		json_object_set_new(json, "delete", string_of(names_action(&arena, "Delete", resource)));
		json_object_set_new(json, "modify", string_of(names_action(&arena, "Modify", resource)));
		json_object_set_new(json, "id_parameter", string_of(names_id_parameter(&arena, resource)));
		json_object_set_new(json, "element", string_of(names_element(&arena, resource, "")));
		json_object_set_new(json, "set_element", string_of(names_element(&arena, resource, "Set")));
		json_object_set_new(json, "rows", rows_of(&arena, resource->set.rows));
		json_array_append_new(all, json);
	}
	arena_free(&arena);
	return all;
}
