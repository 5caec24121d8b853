// SPDX-License-Identifier: MPL-2.0
#include "ec2/names.h"

struct text names_action(struct arena *arena, const char *verb, const struct resource *resource)
{
	return text_print(arena, "%s%s", verb, resource->ec2_name);
}

struct text names_describe(struct arena *arena, const struct resource *resource)
{
	return text_print(arena, "Describe%ss", resource->ec2_name);
}

struct text names_id_parameter(struct arena *arena, const struct resource *resource)
{
	return text_print(arena, "%sId", resource->ec2_name);
}

struct text names_element(struct arena *arena, const struct resource *resource, const char *suffix)
{
	const char *name = resource->ec2_name;
	return text_print(arena, "%c%s%s", name[0] + ('a' - 'A'), name + 1, suffix);
}

struct text names_id_path(struct arena *arena, const struct resource *resource)
{
	struct text object = names_element(arena, resource, ""), id = names_element(arena, resource, "Id");
	return text_print(arena, "%.*s/%.*s", TEXT_ARG(object), TEXT_ARG(id));
}

struct text names_not_found(struct arena *arena, const struct resource *resource)
{
	return text_print(arena, "Invalid%sId.NotFound", resource->ec2_name);
}

struct text names_import_id(const struct operation *operation, struct text id)
{
	const struct text region = client_region(operation->client);
	const struct value *usual = &operation->settings->region;
	if (value_is_known(usual) && text_equal(usual->string, region))
		return id;
	return text_print(operation->call->arena, "%.*s@%.*s", TEXT_ARG(id), TEXT_ARG(region));
}
