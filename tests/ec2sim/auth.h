// SPDX-License-Identifier: MPL-2.0
// Who calls: the signature is computed again from what was received.
#ifndef EC2SIM_AUTH_H
#define EC2SIM_AUTH_H

#include "exchange.h"

// Sets exchange->access_key, account and region, or refuses as the service does.
bool auth_check(struct exchange *exchange);
// For actions that nobody signs. Returns true.
bool auth_unsigned(struct exchange *exchange);

#endif
