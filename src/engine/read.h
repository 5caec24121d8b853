// SPDX-License-Identifier: MPL-2.0
// An object as EC2 has it now.
#ifndef VNS_ENGINE_READ_H
#define VNS_ENGINE_READ_H

#include "ec2/resource.h"

#include <stdbool.h>

// The object as EC2 has it now. `prior` is the state before; what EC2 does not say (which tags the configuration names,
// how a network is written) is kept from it. *ret_state is null when the object is gone. False: an error was added.
bool read_object(const struct operation *operation, const struct value *prior, struct value *ret_state);

#endif
