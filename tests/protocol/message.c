// SPDX-License-Identifier: MPL-2.0
#include "message.h"

#include "base/buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *take(void *context, size_t size)
{
	return arena_take(context, size);
}

// The arena gives everything back at once.
static void give_back(void *context, void *pointer)
{
	(void)context;
	(void)pointer;
}

struct text message_pack(struct arena *arena, const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_take(arena, size + 1);
	return (struct text){ (const char *)bytes, protobuf_c_message_pack(message, bytes) };
}

void *message_unpack(struct arena *arena, const ProtobufCMessageDescriptor *type, struct text bytes)
{
	ProtobufCAllocator allocator = { take, give_back, arena };
	return protobuf_c_message_unpack(type, &allocator, bytes.length, (const uint8_t *)bytes.at);
}

const Tfplugin6__Schema *message_resource_schema(const Tfplugin6__GetProviderSchema__Response *response,
						 const char *type_name)
{
	for (size_t i = 0; i < response->n_resource_schemas; i++) {
		if (strcmp(response->resource_schemas[i]->key, type_name) == 0)
			return response->resource_schemas[i]->value;
	}
	return NULL;
}

static void append_string(struct buffer *out, struct text string)
{
	uint8_t head[] = { 0xDA, (uint8_t)(string.length >> 8), (uint8_t)string.length };
	buffer_append(out, head, sizeof head);
	buffer_append_text(out, string);
}

static void append_field(struct buffer *out, const char *name, const struct message_field *fields, size_t count,
			 struct text absent)
{
	append_string(out, text_of(name));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].name, name) == 0)
			absent = fields[i].msgpack;
	}
	buffer_append_text(out, absent);
}

static struct text take_buffer(struct arena *arena, struct buffer *buffer)
{
	if (buffer->failed)
		abort();
	struct text copy = text_copy(arena, buffer_text(buffer));
	buffer_free(buffer);
	return copy;
}

static void append_object(struct buffer *out, const Tfplugin6__Schema__Block *block, const struct message_field *fields,
			  size_t count)
{
	size_t size = block->n_attributes + block->n_block_types;
	uint8_t head[] = { 0xDE, (uint8_t)(size >> 8), (uint8_t)size };
	buffer_append(out, head, sizeof head);
	for (size_t i = 0; i < block->n_attributes; i++)
		append_field(out, block->attributes[i]->name, fields, count, T(MESSAGE_NIL));
	for (size_t i = 0; i < block->n_block_types; i++)
		append_field(out, block->block_types[i]->type_name, fields, count, T("\x90"));
}

struct text message_object(struct arena *arena, const Tfplugin6__Schema *schema, const struct message_field *fields,
			   size_t count)
{
	struct buffer out;
	buffer_init(&out, SIZE_MAX);
	append_object(&out, schema->block, fields, count);
	return take_buffer(arena, &out);
}

struct text message_block(struct arena *arena, const Tfplugin6__Schema *schema, const char *name,
			  const struct message_field *fields, size_t count)
{
	struct buffer out;
	buffer_init(&out, SIZE_MAX);
	buffer_append_text(&out, T("\x91"));
	for (size_t i = 0; i < schema->block->n_block_types; i++) {
		const Tfplugin6__Schema__NestedBlock *nested = schema->block->block_types[i];
		if (strcmp(nested->type_name, name) == 0)
			append_object(&out, nested->block, fields, count);
	}
	return take_buffer(arena, &out);
}

struct text message_string(struct arena *arena, const char *string)
{
	struct buffer out;
	buffer_init(&out, SIZE_MAX);
	append_string(&out, text_of(string));
	return take_buffer(arena, &out);
}

Tfplugin6__DynamicValue message_dynamic(struct text msgpack)
{
	Tfplugin6__DynamicValue value = TFPLUGIN6__DYNAMIC_VALUE__INIT;
	value.msgpack = (ProtobufCBinaryData){ msgpack.length, (uint8_t *)(uintptr_t)msgpack.at };
	return value;
}

const Tfplugin6__Diagnostic *message_first_error(Tfplugin6__Diagnostic *const *diagnostics, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (diagnostics[i]->severity == TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR)
			return diagnostics[i];
	}
	return NULL;
}
