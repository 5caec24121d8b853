// SPDX-License-Identifier: MPL-2.0
// What follows when EC2 refuses to create or to change an object: another attempt, or an error.
#ifndef VNS_ENGINE_REFUSAL_H
#define VNS_ENGINE_REFUSAL_H

#include "ec2/error.h"
#include "ec2/patience.h"
#include "ec2/resource.h"

#include <stdbool.h>

// True after a wait, when what is in the way goes by itself and patience is not at its end: send it again. False when
// an error was added. `place` has the planned object.
bool refusal_passes(const struct operation *operation, const struct error_place *place,
		    const struct action_answer *refusal, struct patience *patience);

#endif
