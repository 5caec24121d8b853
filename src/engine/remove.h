// SPDX-License-Identifier: MPL-2.0
// Deletes an object, or explains who still holds it.
#ifndef VNS_ENGINE_REMOVE_H
#define VNS_ENGINE_REMOVE_H

#include "ec2/resource.h"

#include <stdbool.h>

// Deletes the object. What is gone already is a success; what is in use is tried again for a little, since EC2 notices
// late that a session has gone, and then explained. False: an error was added and the object is still there.
bool remove_object(const struct operation *operation, const struct value *prior);

#endif
