// SPDX-License-Identifier: MPL-2.0
// The log of calls, which tests read at /_sim/calls.
#ifndef EC2SIM_CALLS_H
#define EC2SIM_CALLS_H

#include "exchange.h"

void calls_record(const struct exchange *exchange);

#endif
