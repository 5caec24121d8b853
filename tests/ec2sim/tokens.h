// SPDX-License-Identifier: MPL-2.0
// ClientToken: a create that is repeated with its token answers what it answered first and makes nothing.
#ifndef EC2SIM_TOKENS_H
#define EC2SIM_TOKENS_H

#include "exchange.h"

// True when the action is to run. False when the token was seen before: then the result is set and *ret_done is true,
// or the request is refused because its other parameters differ.
bool tokens_replay(struct exchange *exchange, bool *ret_done);
// Remembers the result under the token, which goes into the result too. Without a token it does nothing.
void tokens_keep(struct exchange *exchange);

#endif
