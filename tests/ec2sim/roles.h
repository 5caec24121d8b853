// SPDX-License-Identifier: MPL-2.0
// STS: whose the caller's credentials are, and credentials of roles. Every role may be assumed by everybody.
#ifndef EC2SIM_ROLES_H
#define EC2SIM_ROLES_H

#include "exchange.h"

#include <stdbool.h>

// The ARN of whoever signed the call; null when nobody did. Under the lock.
json_t *roles_caller(const struct exchange *exchange);
bool roles_get_caller_identity(struct exchange *exchange);
bool roles_assume(struct exchange *exchange);
bool roles_assume_with_web_identity(struct exchange *exchange);

#endif
