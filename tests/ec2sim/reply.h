// SPDX-License-Identifier: MPL-2.0
// An exchange's result or error as XML: EC2's form, and that of the query services (STS, Elastic Load Balancing).
#ifndef EC2SIM_REPLY_H
#define EC2SIM_REPLY_H

#include "exchange.h"

#include "base/buffer.h"

void reply_write(const struct exchange *exchange, struct buffer *ret_body);

#endif
