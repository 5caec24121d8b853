// SPDX-License-Identifier: MPL-2.0
// What a test asks the simulator itself, under /_sim/: the calls that were made, what exists, and events that no API
// call makes. Without a signature, but from this machine only.
#ifndef EC2SIM_CONTROL_H
#define EC2SIM_CONTROL_H

#include "front.h"

struct world;

void control_serve(struct world *world, const struct http_request *request, struct http_answer *ret_answer);

#endif
