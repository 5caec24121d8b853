// SPDX-License-Identifier: MPL-2.0
// Makes an object, and says what exists afterwards whatever happens.
#ifndef VNS_ENGINE_CREATE_H
#define VNS_ENGINE_CREATE_H

#include "ec2/resource.h"

#include <stdbool.h>

// Creates the planned object: one ClientToken for all attempts, tags with the call, then the resource's finish_create.
// *ret_state is what exists afterwards, wholly known: null when nothing was created; otherwise the object, also when an
// error was added on the way, and when memory ran out after the effect (then at least with its id). False: an error was
// added.
bool create_object(const struct operation *operation, const struct value *planned, struct value *ret_state);

#endif
