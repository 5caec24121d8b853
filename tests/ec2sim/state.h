// SPDX-License-Identifier: MPL-2.0
// What exists as JSON: for a person at /_sim/state, and in a file, so that a simulator that was killed goes on.
#ifndef EC2SIM_STATE_H
#define EC2SIM_STATE_H

#include <jansson.h>
#include <stdbool.h>

struct world;

// Reads world->state_path if there is one and the file exists, and writes it: that it cannot be kept is told at once.
// False, with a message, when one of the two fails.
bool state_open(struct world *world);
// Sees to it that every change made so far is in the file, which is written whole and renamed. To be called without the
// lock: calls that wait here together share one writing. Ends the program when it cannot write: a simulator that
// forgets would make tests lie.
void state_save(struct world *world);
// A new reference. To be called under the lock.
json_t *state_show(const struct world *world);

#endif
