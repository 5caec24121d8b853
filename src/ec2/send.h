// SPDX-License-Identifier: MPL-2.0
// Sends an action to EC2 with what only this program knows: which objects are too new for "not found" to be believed.
#ifndef VNS_EC2_SEND_H
#define VNS_EC2_SEND_H

#include "ec2/resource.h"

#include <stdbool.h>

// As client_send (aws/client.h), and sent again while EC2 does not find an object that is new (ec2/recent.h).
bool send_action(const struct operation *operation, struct text name, const struct query *parameters,
		 enum action_effect effect, struct action_answer *ret_answer);
// The same for an action whose success has something at the path `needed` (aws/action.h).
bool send_action_for(const struct operation *operation, struct text name, const struct query *parameters,
		     enum action_effect effect, struct text needed, struct action_answer *ret_answer);

#endif
