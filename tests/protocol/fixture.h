// SPDX-License-Identifier: MPL-2.0
// What the tests share: the provider under a host of ours, with every step asserted.
#ifndef VNS_TESTS_PROTOCOL_FIXTURE_H
#define VNS_TESTS_PROTOCOL_FIXTURE_H

#include "message.h"
#include "plugin_host.h"

#include <stdbool.h>

#define PROVIDER_RPC(name) "/tfplugin6.Provider/" name

enum { FIXTURE_CALL_MS = 20000 };

struct fixture {
	struct plugin_host host;
	struct arena arena;
	const Tfplugin6__GetProviderSchema__Response *schema; // after fixture_read_schema
};

// Starts the provider, and connects. `variables` as in struct plugin_launch.
void fixture_start(struct fixture *fixture, bool plain, const char *const *variables);
// Ends it as a host does, and asserts that it ends at once, well, and with nothing more said on standard output.
void fixture_stop(struct fixture *fixture);
// Gives back what is left, whatever the state of the process.
void fixture_free(struct fixture *fixture);

// One RPC of the provider by its name; the status must be OK. `type` is the answer's.
void *fixture_ask(struct fixture *fixture, const char *rpc, const ProtobufCMessage *request,
		  const ProtobufCMessageDescriptor *type);
// Only its status.
grpc_status_code fixture_status(struct fixture *fixture, const char *path, struct text request);
void fixture_read_schema(struct fixture *fixture);
// A resource's object, as message_object.
struct text fixture_object(struct fixture *fixture, const char *type_name, const struct message_field *fields,
			   size_t count);
// Configures the provider with a region and keys that open nothing, and has AWS asked at that endpoint, once per
// request.
void fixture_configure(struct fixture *fixture, const char *endpoint);
// The plan of a target that is to be created; no error is allowed.
const Tfplugin6__PlanResourceChange__Response *fixture_plan_target(struct fixture *fixture);
// A packed ReadResource request for a target, which asks EC2.
struct text fixture_read_request(struct fixture *fixture);

#define FIXTURE_TARGET     "vns_mirror_target"
#define FIXTURE_SECRET_KEY "secret-key-of-the-configuration"
#define FIXTURE_TOKEN      "session-token-of-the-configuration"

#endif
