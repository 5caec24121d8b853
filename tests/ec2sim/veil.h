// SPDX-License-Identifier: MPL-2.0
// EC2 answers from several places that learn of a change one after the other. For a number of calls, a new object is
// not found, a deleted one is still described, and what a deleted session used still counts as in use.
// It is forgotten by a restart.
#ifndef EC2SIM_VEIL_H
#define EC2SIM_VEIL_H

#include "exchange.h"
#include "faults.h"
#include "kinds.h"

// All under the world's lock.

// Before the effect: counts the call for whatever it names, and refuses it when one of those is not to be seen yet.
bool veil_meet(struct exchange *exchange);
// Before the effect of a call that a fault strikes: remembers what the call deletes.
void veil_remember(struct exchange *exchange);
// After it: from now on, for fault->calls calls.
void veil_lower(struct exchange *exchange, const struct fault *fault);
// After the effect of a Describe: takes new objects out of lists.
void veil_hide(struct exchange *exchange);

// A deleted object that is still seen, or NULL. Borrowed.
json_t *veil_ghost(const struct world *world, const char *id);

#endif
