// SPDX-License-Identifier: MPL-2.0
// A host of the provider, in one process: makes requests, calls the vtable, keeps the answers.
#ifndef VNS_TESTS_PROVIDER_HOST_H
#define VNS_TESTS_PROVIDER_HOST_H

#include "base/call.h"
#include "provider/provider.h"
#include "tfplugin6.pb-c.h"
#include "value/value.h"

#include <stddef.h>

#define FILTER  "vns_mirror_filter"
#define TARGET  "vns_mirror_target"
#define SESSION "vns_mirror_session"

struct host {
	struct call call; // first: what a handler gets as closure_data
	struct arena call_arena;
	struct diagnostics diagnostics;
	struct cancel_source *cancel_source;
	struct clock clock; // the system's, but sleeping only moves it
	int64_t slept_ms;
	struct provider *provider;
	Tfplugin6__Provider_Service *service;
	struct arena arena; // of requests and of what is read from answers
	ProtobufCMessage *answer;
	int answers;          // by the last call
	int blocks_to_grant;  // memory of the next call: negative is without end
	int blocks_asked_for; // by the last call
};

// For cmocka: *state is the host.
int host_setup(void **state);
int host_teardown(void **state);

// Before and after calling a slot; see HOST_CALL.
void host_begin(struct host *host);
void host_end(struct host *host);
void host_keep(const ProtobufCMessage *message, void *closure_data);

// Calls the slot and gives the answer, which lasts until the next call.
#define HOST_CALL(host, slot, Rpc, request)                                                                            \
	(host_begin(host),                                                                                             \
	 (host)->service->slot((host)->service, (request), (Tfplugin6__##Rpc##__Response_Closure)host_keep, (host)),   \
	 host_end(host), (const Tfplugin6__##Rpc##__Response *)(host)->answer)

// Configures with region eu-central-1.
void host_configure(struct host *host);
void host_configure_with(struct host *host, const char *json);

const struct type *host_type(struct host *host, const char *type_name);
// A value of the resource (or of the provider block, "vns") from JSON, and as a message. What is missing is null.
struct value host_value(struct host *host, const char *type_name, const char *json);
Tfplugin6__DynamicValue *host_encode(struct host *host, const struct value *value);
Tfplugin6__DynamicValue *host_dynamic(struct host *host, const char *type_name, const char *json);
struct value host_decode(struct host *host, const struct type *type, const Tfplugin6__DynamicValue *dynamic);
// Sets a field of an object to unknown.
void host_make_unknown(struct value *object, const char *field);
// What a string field holds; fails the test when it is not a known string.
const char *host_string(struct host *host, const struct value *object, const char *field);
Tfplugin6__ResourceIdentityData *host_identity(struct host *host, const char *json);
ProtobufCBinaryData host_bytes(const char *string);

// Of a response; each evaluates it once.
#define assert_error(response, part)   HOST_ASSERT_SEVERITY(response, TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR, part)
#define assert_warning(response, part) HOST_ASSERT_SEVERITY(response, TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING, part)
#define HOST_ASSERT_SEVERITY(response, severity, part)                                                                 \
	do {                                                                                                           \
		const __typeof__(*(response)) *checked = (response);                                                   \
		host_assert_diagnostic(checked->diagnostics, checked->n_diagnostics, (severity), (part));              \
	} while (0)
#define assert_no_diagnostics(response)                                                                                \
	do {                                                                                                           \
		const __typeof__(*(response)) *checked = (response);                                                   \
		host_assert_none(checked->diagnostics, checked->n_diagnostics);                                        \
	} while (0)
// The first of that severity has the part in its summary or detail.
void host_assert_diagnostic(Tfplugin6__Diagnostic **list, size_t count, int severity, const char *part);
void host_assert_none(Tfplugin6__Diagnostic **list, size_t count);

#endif
