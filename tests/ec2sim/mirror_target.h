// SPDX-License-Identifier: MPL-2.0
// Traffic mirror targets: create and delete; EC2 has no modify.
#ifndef EC2SIM_MIRROR_TARGET_H
#define EC2SIM_MIRROR_TARGET_H

#include "exchange.h"

bool mirror_target_create(struct exchange *exchange);
// Refused while a session uses it.
bool mirror_target_delete(struct exchange *exchange);

#endif
