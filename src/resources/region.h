// SPDX-License-Identifier: MPL-2.0
// The region of a resource that names none.
#ifndef VNS_RESOURCES_REGION_H
#define VNS_RESOURCES_REGION_H

#include "schema/plan.h"

// The region of a resource that names none: the provider's. Adds an error when there is no region at all.
struct value region_plan(struct call *call, const struct plan_view *view);

#endif
