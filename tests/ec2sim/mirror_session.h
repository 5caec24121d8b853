// SPDX-License-Identifier: MPL-2.0
// Traffic mirror sessions: the four actions but Describe.
#ifndef EC2SIM_MIRROR_SESSION_H
#define EC2SIM_MIRROR_SESSION_H

#include "exchange.h"
#include "place.h"

bool mirror_session_create(struct exchange *exchange);
bool mirror_session_modify(struct exchange *exchange);
bool mirror_session_delete(struct exchange *exchange);
// The session with the packet length that EC2 gives it where none was asked for.
json_t *mirror_session_view(const struct place *place, json_t *session);
// EC2 deletes an interface's sessions with it.
void mirror_session_delete_with_interface(struct place *place, const char *interface_id);

#endif
