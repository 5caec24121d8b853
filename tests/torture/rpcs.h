// SPDX-License-Identifier: MPL-2.0
// The scenes beside the life of an object: how it gets into a state and out of one that is stored, plans that look for
// it first, keys that another program prints, and what a host asks of the provider itself.
#ifndef VNS_TESTS_TORTURE_RPCS_H
#define VNS_TESTS_TORTURE_RPCS_H

#include "scenes.h"

bool rpcs_has(enum scene_kind kind);
bool rpcs_of_provider(enum scene_kind kind); // of no object, before the provider is configured
bool rpcs_is_for_all(enum scene_kind kind);  // the same for all resources

// As scenes.h says of its own; what stays of them is configured or requested in the host's arena.
void rpcs_prepare(struct host *host, const struct scene *scene);
struct ending rpcs_play(struct host *host, enum scene_kind kind);
void rpcs_check(struct host *host, const struct scene *scene, const struct ending *ending);

#endif
