// SPDX-License-Identifier: MPL-2.0
// Which network interfaces can be mirrored, and how many may be mirrored to one (facts: ec2, 2.2 and 2.3).
#ifndef EC2SIM_ELIGIBILITY_H
#define EC2SIM_ELIGIBILITY_H

#include "exchange.h"
#include "place.h"

// Refuses an interface that cannot be mirrored.
bool eligibility_check(struct exchange *exchange, const json_t *interface);
// The interface's instance has the largest size of its family, which takes more sources as a target.
bool eligibility_is_on_largest(const struct place *place, const char *interface_id);

#endif
