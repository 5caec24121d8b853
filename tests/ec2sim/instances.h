// SPDX-License-Identifier: MPL-2.0
// Instances and their types, as far as somebody who chooses what to mirror asks for them.
#ifndef EC2SIM_INSTANCES_H
#define EC2SIM_INSTANCES_H

#include "exchange.h"
#include "place.h"

// The reservation that holds the instance, with the interfaces that are attached to it.
json_t *instances_view(const struct place *place, json_t *instance);
bool instances_describe_types(struct exchange *exchange);

#endif
