// SPDX-License-Identifier: MPL-2.0
// The places other than STS that hand out credentials, all on the simulator's port and told apart by path: the metadata
// service of an instance, the container endpoint, the portal of SSO and its OIDC service.
#ifndef EC2SIM_IDENTITY_H
#define EC2SIM_IDENTITY_H

#include "front.h"

#include <stdbool.h>

struct world;

// False when the request is for none of them.
bool identity_serve(struct world *world, const struct http_request *request, struct http_answer *ret_answer);

#endif
