// SPDX-License-Identifier: MPL-2.0
// One at a time, for work that talks to the network: unlike at a mutex, whoever waits here can be told to stop.
#ifndef VNS_AWS_TURN_H
#define VNS_AWS_TURN_H

#include "base/call.h"

#include <stdbool.h>

struct turn {
	int fd; // a semaphore of one
};

bool turn_init(struct turn *turn); // false when the system has no file descriptor left
void turn_destroy(struct turn *turn);
// Waits for the turn, runs work(call, argument) and ends the turn, in any case: when memory runs out on the way, it
// leaves the call only after that. False, without an error, when the call is to stop before its turn came.
bool turn_run(struct call *call, struct turn *turn, void (*work)(struct call *call, void *argument), void *argument);
// Somebody has the turn right now.
bool turn_is_taken(const struct turn *turn);

#endif
