// SPDX-License-Identifier: MPL-2.0
// Brings an object from its state to the plan, step by step.
#ifndef VNS_ENGINE_UPDATE_H
#define VNS_ENGINE_UPDATE_H

#include "ec2/resource.h"

#include <stdbool.h>

// Brings the object from `prior` to `planned`: the resource's finish_update, one ModifyX with what differs (and
// RemoveField for what is cleared), tags; no call for what is equal. *ret_state is what exists afterwards, also after
// an error. `config` tells a value that is cleared from one that is kept. False: an error was added.
bool update_object(const struct operation *operation, const struct value *prior, const struct value *planned,
		   const struct value *config, struct value *ret_state);

#endif
