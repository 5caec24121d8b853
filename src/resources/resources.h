// SPDX-License-Identifier: MPL-2.0
// All managed resources: the one list.
#ifndef VNS_RESOURCES_RESOURCES_H
#define VNS_RESOURCES_RESOURCES_H

#include "ec2/resource.h"

#include <stddef.h>

extern const struct resource *const resources_all[];
extern const size_t resources_count;

// The resource of that type name, or NULL.
const struct resource *resources_find(struct text type_name);

#endif
