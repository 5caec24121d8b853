// SPDX-License-Identifier: MPL-2.0
// What "not found" is worth: only the account that an object belongs to can say that it is gone.
#ifndef VNS_ENGINE_ABSENCE_H
#define VNS_ENGINE_ABSENCE_H

#include "ec2/resource.h"

#include <stdbool.h>

// EC2 does not find the object of that state. False, with an error, when the credentials are of another account than
// the object, or when that is not to be had. Where nobody knows the owner or asks for the account, "not found" holds.
bool absence_believe(const struct operation *operation, const struct value *prior);

#endif
