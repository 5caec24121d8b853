// SPDX-License-Identifier: MPL-2.0
// One RPC on one resource, from the state of the world before it to what must be true after it.
#ifndef VNS_TESTS_TORTURE_SCENES_H
#define VNS_TESTS_TORTURE_SCENES_H

#include "host.h"

#include <stdbool.h>

enum scene_kind {
	SCENE_VALIDATES,
	SCENE_PLANS,
	SCENE_PLANS_A_CHANGE,
	SCENE_CREATES,
	SCENE_READS,
	SCENE_UPDATES,
	SCENE_REMOVES,
	// Of an object too (rpcs.h).
	SCENE_PLANS_AND_LOOKS,
	SCENE_READS_WITH_PROCESS,
	SCENE_IMPORTS,
	SCENE_IMPORTS_BY_IDENTITY,
	SCENE_UPGRADES_STATE,
	SCENE_UPGRADES_IDENTITY,
	// Of the provider.
	SCENE_CONFIGURES,
	SCENE_VALIDATES_PROVIDER,
	SCENE_TELLS_SCHEMA,
	SCENE_TELLS_PACKED_SCHEMA,
	SCENE_TELLS_IDENTITY_SCHEMAS,
	SCENE_TELLS_METADATA,
	SCENE_STOPS,
	SCENE_KINDS,
};

struct scene {
	enum scene_kind kind;
	char *type_name;
	const char *id;
	const char *config;  // the object as it was created
	const char *changed; // what an update makes of it
};

// What the answer said.
struct ending {
	bool failed; // with an error, of which `told` is the first
	char told[512];
	const Tfplugin6__DynamicValue *state;
	const Tfplugin6__ResourceIdentityData *identity;
	bool says_nothing; // a kind of answer that has no state
	bool lacks;        // there is not all that an answer without an error has, private data among it
};

// Brings the world to where the RPC begins.
void scenes_prepare(struct host *host, const struct scene *scene);
// The RPC, while allocations are watched.
struct ending scenes_play(struct host *host);
// The error says that EC2 may have done something that nobody saw.
bool scenes_outcome_is_unknown(const struct ending *ending);
// What the host knows after it fits what EC2 holds. Fails the test if not.
void scenes_check(struct host *host, const struct scene *scene, const struct ending *ending);

// --- for rpcs.c ---

#define SCENES_PROVIDER(more) "{\"region\":\"eu-central-1\",\"deviation_severity\":\"none\"" more "}"
#define SCENES_KEYS           ",\"access_key\":\"AKIDSIMULATOR\",\"secret_key\":\"simulator-secret\""

// Calls the slot and gives the answer, while allocations are watched; afterwards they are not any more.
#define SCENES_PLAY(host, slot, Rpc, message)                                                                          \
	((host)->service->slot((host)->service, (message), (Tfplugin6__##Rpc##__Response_Closure)scenes_keep, (host)), \
	 allocations_pause(), host_end(host), (const Tfplugin6__##Rpc##__Response *)(host)->answer)
void scenes_keep(const ProtobufCMessage *message, void *closure_data);
// What diagnostics say.
void scenes_tell(struct ending *ending, Tfplugin6__Diagnostic **list, size_t count);

#endif
