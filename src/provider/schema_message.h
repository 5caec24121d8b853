// SPDX-License-Identifier: MPL-2.0
// The rows as the schema that hosts read. Private to provider/.
#ifndef VNS_PROVIDER_SCHEMA_MESSAGE_H
#define VNS_PROVIDER_SCHEMA_MESSAGE_H

#include "base/call.h"
#include "provider/subject.h"
#include "tfplugin6.pb-c.h"

// A C string and the JSON of a type, for messages; in the arena.
char *schema_message_string(struct arena *arena, const char *string);
ProtobufCBinaryData schema_message_type(struct arena *arena, const struct type *type);

// What this provider can do.
Tfplugin6__ServerCapabilities *schema_message_capabilities(struct arena *arena);
// The whole answer of GetProviderSchema.
void schema_message_fill(struct arena *arena, Tfplugin6__GetProviderSchema__Response *response);

// The same, packed: made by the first call and kept with the provider. Empty when there is no memory to keep it.
struct text schema_message_packed(struct call *call, struct provider *provider);
void schema_message_forget(struct provider *provider);

#endif
