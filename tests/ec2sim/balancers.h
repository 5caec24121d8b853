// SPDX-License-Identifier: MPL-2.0
// Elastic Load Balancing and STS: the three actions beside EC2's.
#ifndef EC2SIM_BALANCERS_H
#define EC2SIM_BALANCERS_H

#include "exchange.h"

bool balancers_describe(struct exchange *exchange);
bool balancers_describe_listeners(struct exchange *exchange);

#endif
