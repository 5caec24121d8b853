// SPDX-License-Identifier: MPL-2.0
// The User-Agent header: who calls AWS, as products with versions, "terraform-provider-vns/0.1.0".
#ifndef VNS_AWS_USER_AGENT_H
#define VNS_AWS_USER_AGENT_H

#include "aws/environment.h"
#include "base/arena.h"
#include "base/text.h"

// The products of the settings (none: this provider), then those of the environment. In the arena.
struct text user_agent_make(struct arena *arena, struct text products, const struct environment *environment);
// The same with more products behind it; none: as it is.
struct text user_agent_extend(struct arena *arena, struct text user_agent, struct text products);

#endif
