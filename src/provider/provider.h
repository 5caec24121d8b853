// SPDX-License-Identifier: MPL-2.0
// Terraform's provider service (tfplugin6.Provider), to be served by any server that calls its handlers as
// handler(service, request, closure, closure_data) with a `struct call *` for closure_data.
//
// Every handler answers, whatever happens: a failure is a diagnostic in the answer, and so is a want of memory.
#ifndef VNS_PROVIDER_PROVIDER_H
#define VNS_PROVIDER_PROVIDER_H

#include "base/call.h"
#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>

struct provider;

// `version` is this provider's own, for the user agent; it must outlive the provider. NULL without memory.
struct provider *provider_new(const char *version);
// No handler may be under way any more. NULL is fine.
void provider_free(struct provider *provider);

// Owned by the provider. Slots of RPCs that are not served are NULL.
ProtobufCService *provider_service(struct provider *provider);
// The other way round.
struct provider *provider_of_service(ProtobufCService *service);

// For servers that serve some methods where they arrive: the names, up to a NULL, of those that ask nobody and so never
// wait.
extern const char *const provider_quick_methods[];

// For servers that can send packed bytes: true when `method` is GetProviderSchema, whose answer is made and packed once
// and lasts as long as the provider. `context` is the provider.
bool provider_packed_answer(struct call *call, void *context, struct text method, struct text *ret_bytes);

#endif
