// SPDX-License-Identifier: MPL-2.0
#include "provider/schema_message.h"

#include "base/limits.h"
#include "provider/wire.h"
#include "resources/provider_meta.h"
#include "resources/provider_settings.h"
#include "resources/resources.h"

#include <stdlib.h>

char *schema_message_string(struct arena *arena, const char *string)
{
	return text_to_c_string(arena, text_of(string));
}

static void free_buffer(void *buffer)
{
	buffer_free(buffer);
}

ProtobufCBinaryData schema_message_type(struct arena *arena, const struct type *type)
{
	struct buffer *json = ARENA_NEW(arena, struct buffer);
	buffer_init(json, LIMIT_MESSAGE_BYTES);
	arena_on_free(arena, free_buffer, json);
	type_write_json(type, json);
	if (json->failed)
		arena_leave(arena);
	return wire_bytes(arena, buffer_text(json));
}

static bool is_block(const struct row *row)
{
	return row->kind == ROW_BLOCK;
}

static Tfplugin6__Schema__Attribute *make_attribute(struct arena *arena, const struct row *row);

// The rows that are attributes; blocks are left out.
static size_t make_attributes(struct arena *arena, const struct row *rows, Tfplugin6__Schema__Attribute ***ret_list)
{
	Tfplugin6__Schema__Attribute **list = ARENA_ARRAY(arena, Tfplugin6__Schema__Attribute *, row_count(rows));
	size_t count = 0;
	for (const struct row *row = rows; row->name; row++) {
		if (!is_block(row))
			list[count++] = make_attribute(arena, row);
	}
	*ret_list = list;
	return count;
}

static Tfplugin6__Schema__Object *make_nested(struct arena *arena, const struct row *row)
{
	Tfplugin6__Schema__Object *nested = ARENA_NEW(arena, Tfplugin6__Schema__Object);
	tfplugin6__schema__object__init(nested);
	nested->n_attributes = make_attributes(arena, row->fields, &nested->attributes);
	nested->nesting = row->kind == ROW_OBJECT ? TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE
						  : TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__MAP;
	return nested;
}

static Tfplugin6__Schema__Attribute *make_attribute(struct arena *arena, const struct row *row)
{
	Tfplugin6__Schema__Attribute *attribute = ARENA_NEW(arena, Tfplugin6__Schema__Attribute);
	tfplugin6__schema__attribute__init(attribute);
	attribute->name = schema_message_string(arena, row->name);
	attribute->description = schema_message_string(arena, row->doc);
	attribute->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
	attribute->required = (row->flags & ROW_REQUIRED) != 0;
	attribute->optional = (row->flags & ROW_OPTIONAL) != 0;
	attribute->computed = (row->flags & ROW_COMPUTED) != 0;
	attribute->sensitive = (row->flags & ROW_SENSITIVE) != 0;
	if (row->fields)
		attribute->nested_type = make_nested(arena, row);
	else
		attribute->type = schema_message_type(arena, row_value_type(arena, row));
	return attribute;
}

static Tfplugin6__Schema__Block *make_block(struct arena *arena, const struct row *rows, const char *doc);

static Tfplugin6__Schema__NestedBlock *make_nested_block(struct arena *arena, const struct row *row)
{
	Tfplugin6__Schema__NestedBlock *block = ARENA_NEW(arena, Tfplugin6__Schema__NestedBlock);
	tfplugin6__schema__nested_block__init(block);
	block->type_name = schema_message_string(arena, row->name);
	block->block = make_block(arena, row->fields, row->doc);
	block->nesting = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__LIST;
	block->max_items = row->max > 0 ? row->max : 1;
	return block;
}

static Tfplugin6__Schema__Block *make_block(struct arena *arena, const struct row *rows, const char *doc)
{
	Tfplugin6__Schema__Block *block = ARENA_NEW(arena, Tfplugin6__Schema__Block);
	tfplugin6__schema__block__init(block);
	block->description = schema_message_string(arena, doc);
	block->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
	block->n_attributes = make_attributes(arena, rows, &block->attributes);
	block->block_types = ARENA_ARRAY(arena, Tfplugin6__Schema__NestedBlock *, row_count(rows));
	for (const struct row *row = rows; row->name; row++) {
		if (is_block(row))
			block->block_types[block->n_block_types++] = make_nested_block(arena, row);
	}
	return block;
}

static Tfplugin6__Schema *make_schema(struct arena *arena, const struct row_set *set)
{
	Tfplugin6__Schema *schema = ARENA_NEW(arena, Tfplugin6__Schema);
	tfplugin6__schema__init(schema);
	schema->version = set->version;
	schema->block = make_block(arena, set->rows, set->doc);
	return schema;
}

static Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry *make_entry(struct arena *arena,
										const struct row_set *set)
{
	Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry *entry =
		ARENA_NEW(arena, Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry);
	tfplugin6__get_provider_schema__response__resource_schemas_entry__init(entry);
	entry->key = schema_message_string(arena, set->name);
	entry->value = make_schema(arena, set);
	return entry;
}

Tfplugin6__ServerCapabilities *schema_message_capabilities(struct arena *arena)
{
	Tfplugin6__ServerCapabilities *capabilities = ARENA_NEW(arena, Tfplugin6__ServerCapabilities);
	tfplugin6__server_capabilities__init(capabilities);
	capabilities->plan_destroy = true;
	capabilities->get_provider_schema_optional = true;
	return capabilities;
}

void schema_message_fill(struct arena *arena, Tfplugin6__GetProviderSchema__Response *response)
{
	response->server_capabilities = schema_message_capabilities(arena);
	response->provider = make_schema(arena, &provider_settings);
	response->provider_meta = make_schema(arena, &provider_meta);
	response->resource_schemas =
		ARENA_ARRAY(arena, Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry *, resources_count);
	for (size_t i = 0; i < resources_count; i++)
		response->resource_schemas[i] = make_entry(arena, &resources_all[i]->set);
	response->n_resource_schemas = resources_count;
}

// Allocated, since it outlives the call. NULL without memory.
static char *pack(struct arena *arena, size_t *ret_length)
{
	Tfplugin6__GetProviderSchema__Response response = TFPLUGIN6__GET_PROVIDER_SCHEMA__RESPONSE__INIT;
	schema_message_fill(arena, &response);
	*ret_length = protobuf_c_message_get_packed_size(&response.base);
	char *bytes = malloc(*ret_length);
	if (bytes)
		(void)protobuf_c_message_pack(&response.base, (uint8_t *)bytes);
	return bytes;
}

// Under the lock.
static struct text kept_schema(const struct provider *provider)
{
	return (struct text){ provider->packed_schema, provider->packed_schema_length };
}

struct text schema_message_packed(struct call *call, struct provider *provider)
{
	pthread_mutex_lock(&provider->lock);
	struct text kept = kept_schema(provider);
	pthread_mutex_unlock(&provider->lock);
	if (kept.length > 0)
		return kept;

	size_t length;
	char *spare = pack(call->arena, &length);
	if (!spare)
		return T("");
	// Another call may have been faster: then its bytes are kept, which are the same.
	pthread_mutex_lock(&provider->lock);
	if (!provider->packed_schema) {
		provider->packed_schema = spare;
		provider->packed_schema_length = length;
		spare = NULL;
	}
	kept = kept_schema(provider);
	pthread_mutex_unlock(&provider->lock);
	free(spare);
	return kept;
}

void schema_message_forget(struct provider *provider)
{
	free(provider->packed_schema);
	provider->packed_schema = NULL;
	provider->packed_schema_length = 0;
}
