// SPDX-License-Identifier: MPL-2.0
// Every resource has the same identity (identity.h).
#include "provider/handlers.h"
#include "provider/identity.h"
#include "provider/schema_message.h"
#include "provider/wire.h"
#include "resources/resources.h"

static Tfplugin6__ResourceIdentitySchema__IdentityAttribute *make_attribute(struct arena *arena, size_t position)
{
	const struct type_field *field = &identity_type.fields[position];
	const struct identity_attribute *from = &identity_attributes[position];
	Tfplugin6__ResourceIdentitySchema__IdentityAttribute *attribute =
		ARENA_NEW(arena, Tfplugin6__ResourceIdentitySchema__IdentityAttribute);
	tfplugin6__resource_identity_schema__identity_attribute__init(attribute);
	attribute->name = text_to_c_string(arena, field->name);
	attribute->type = schema_message_type(arena, field->type);
	attribute->required_for_import = from->required_for_import;
	attribute->optional_for_import = !from->required_for_import;
	attribute->description = schema_message_string(arena, from->doc);
	return attribute;
}

static Tfplugin6__ResourceIdentitySchema *make_schema(struct arena *arena)
{
	Tfplugin6__ResourceIdentitySchema *schema = ARENA_NEW(arena, Tfplugin6__ResourceIdentitySchema);
	tfplugin6__resource_identity_schema__init(schema);
	schema->version = identity_version;
	schema->identity_attributes =
		ARENA_ARRAY(arena, Tfplugin6__ResourceIdentitySchema__IdentityAttribute *, IDENTITY_ATTRIBUTES);
	for (size_t i = 0; i < IDENTITY_ATTRIBUTES; i++)
		schema->identity_attributes[i] = make_attribute(arena, i);
	schema->n_identity_attributes = IDENTITY_ATTRIBUTES;
	return schema;
}

static void answer(struct call *call, void *argument)
{
	Tfplugin6__GetResourceIdentitySchemas__Response *response = argument;
	struct arena *arena = call->arena;
	response->identity_schemas = ARENA_ARRAY(
		arena, Tfplugin6__GetResourceIdentitySchemas__Response__IdentitySchemasEntry *, resources_count);
	for (size_t i = 0; i < resources_count; i++) {
		Tfplugin6__GetResourceIdentitySchemas__Response__IdentitySchemasEntry *entry =
			ARENA_NEW(arena, Tfplugin6__GetResourceIdentitySchemas__Response__IdentitySchemasEntry);
		tfplugin6__get_resource_identity_schemas__response__identity_schemas_entry__init(entry);
		entry->key = schema_message_string(arena, resources_all[i]->set.name);
		entry->value = make_schema(arena);
		response->identity_schemas[i] = entry;
	}
	response->n_identity_schemas = resources_count;
}

HANDLER(get_resource_identity_schemas, GetResourceIdentitySchemas)
{
	(void)service;
	(void)request;
	Tfplugin6__GetResourceIdentitySchemas__Response response =
		TFPLUGIN6__GET_RESOURCE_IDENTITY_SCHEMAS__RESPONSE__INIT;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &response, &outcome);
	response.n_diagnostics = outcome.count;
	response.diagnostics = outcome.list;
	closure(&response, closure_data);
}
