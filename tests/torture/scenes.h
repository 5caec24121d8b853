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
	bool says_nothing; // a kind of answer that has no state
};

// Brings the world to where the RPC begins.
void scenes_prepare(struct host *host, const struct scene *scene);
// The RPC, while allocations are watched.
struct ending scenes_play(struct host *host);
// The error says that EC2 may have done something that nobody saw.
bool scenes_outcome_is_unknown(const struct ending *ending);
// What the host knows after it fits what EC2 holds. Fails the test if not.
void scenes_check(struct host *host, const struct scene *scene, const struct ending *ending);

#endif
