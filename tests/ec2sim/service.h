// SPDX-License-Identifier: MPL-2.0
// One request of a service from the first byte to the answer: who calls, which action, are the parameters right, the
// effect, the answer.
#ifndef EC2SIM_SERVICE_H
#define EC2SIM_SERVICE_H

#include "front.h"

struct world;

void service_serve(struct world *world, const struct http_request *request, struct http_answer *ret_answer);

#endif
