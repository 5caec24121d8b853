// SPDX-License-Identifier: MPL-2.0
// A filter's rules and network services, which EC2 changes by actions of their own.
#ifndef VNS_EC2_RULES_H
#define VNS_EC2_RULES_H

#include "ec2/resource.h"

#include <stdbool.h>

// Per filter, both directions together; EC2 does not raise it (facts: ec2, 2.2).
#define RULES_MOST ((size_t)10)

// Adds the planned network services and rules to a filter just created; see struct resource.
bool rules_finish_create(const struct operation *operation, const struct value *planned, struct value *state);
// Rules that differ are modified, new ones created, vanished ones deleted, each on its own, and never a moment with
// less mirrored than before and after where that can be avoided: creates before deletes unless the quota needs
// otherwise. Then the tags of the filter and of its rules, which carry the same ones.
bool rules_finish_update(const struct operation *operation, const struct value *planned, struct value *state);

#endif
