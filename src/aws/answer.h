// SPDX-License-Identifier: MPL-2.0
// What an HTTP response says: the service's answer, its refusal, or something that is not from the service at all.
#ifndef VNS_AWS_ANSWER_H
#define VNS_AWS_ANSWER_H

#include "aws/action.h"
#include "aws/http.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

// False when the body is no answer of an AWS query service to that action, with what it needs; *ret_problem then says
// why, for people. The HTTP status and the request id are filled in any case. Everything is copied into the arena.
bool answer_read(struct arena *arena, const struct action *action, const struct http_response *response,
		 struct action_answer *ret_answer, struct text *ret_problem);
// Whether the request may have had its effect although the response does not say so; `read` is what answer_read said.
bool answer_leaves_doubt(const struct http_response *response, bool read);

#endif
