// SPDX-License-Identifier: MPL-2.0
// AWS's throttling: a token bucket for every action in a region of an account (facts: ec2, 2.7).
#ifndef EC2SIM_BUCKETS_H
#define EC2SIM_BUCKETS_H

#include "exchange.h"
#include "faults.h"

struct buckets;

struct buckets *buckets_new(void); // NULL without memory
void buckets_free(struct buckets *buckets);

// Takes a token for the call. False, and refused, when there is none.
bool buckets_take(struct buckets *buckets, struct exchange *exchange, const struct fault *settings);

#endif
