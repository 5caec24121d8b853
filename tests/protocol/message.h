// SPDX-License-Identifier: MPL-2.0
// Messages as a host makes them, from what the provider itself says of its schema: nothing here knows src/.
#ifndef VNS_TESTS_PROTOCOL_MESSAGE_H
#define VNS_TESTS_PROTOCOL_MESSAGE_H

#include "base/arena.h"
#include "base/text.h"

#include <tfplugin6.pb-c.h>

#include <stdbool.h>
#include <stddef.h>

// What an attribute or block is set to, in MessagePack.
struct message_field {
	const char *name;
	struct text msgpack;
};

#define MESSAGE_NIL "\xC0"

// Packed, in the arena.
struct text message_pack(struct arena *arena, const ProtobufCMessage *message);
// In the arena; NULL when the bytes are no such message.
void *message_unpack(struct arena *arena, const ProtobufCMessageDescriptor *type, struct text bytes);

// The schema of that resource type, or NULL.
const Tfplugin6__Schema *message_resource_schema(const Tfplugin6__GetProviderSchema__Response *response,
						 const char *type_name);
// An object of that schema in MessagePack: the given fields, nil for all other attributes, no other block.
struct text message_object(struct arena *arena, const Tfplugin6__Schema *schema, const struct message_field *fields,
			   size_t count);
struct text message_string(struct arena *arena, const char *string);
// A list with one block of these fields.
struct text message_block(struct arena *arena, const Tfplugin6__Schema *schema, const char *name,
			  const struct message_field *fields, size_t count);
Tfplugin6__DynamicValue message_dynamic(struct text msgpack);

// The first diagnostic that is an error, or NULL.
const Tfplugin6__Diagnostic *message_first_error(Tfplugin6__Diagnostic *const *diagnostics, size_t count);

#endif
