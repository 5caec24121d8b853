// SPDX-License-Identifier: MPL-2.0
// The beginning of a state for an object that exists already.
#ifndef VNS_ENGINE_IMPORT_H
#define VNS_ENGINE_IMPORT_H

#include "ec2/resource.h"

#include <stdbool.h>

// A state that holds just the id and region, for the host to read next. False, with an error, when the id has not the
// resource's form.
bool import_object(struct call *call, const struct resource *resource, struct text id, struct text region,
		   struct value *ret_state);

#endif
