// SPDX-License-Identifier: MPL-2.0
// What the user is told when an action got no answer of the service: what happened, which host, which setting chose
// it, what to do, and whether something may have changed all the same.
#ifndef VNS_AWS_COMPLAINT_H
#define VNS_AWS_COMPLAINT_H

#include "aws/endpoint.h"
#include "aws/http.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>

struct complaint {
	struct text service; // "EC2"
	struct text action;
	const struct endpoint *endpoint;
	struct text chosen_by; // of the endpoint
	int attempts;
	bool outcome_unknown; // a changing request was sent and its answer was lost; a refusal of a later
			      // attempt does not tell either
};

// No answer at all.
void complaint_transport(struct call *call, const struct complaint *about, const struct http_response *response);
// An answer that is not of the service; `problem` is why.
void complaint_foreign_answer(struct call *call, const struct complaint *about, const struct http_response *response,
			      struct text problem);
// An attempt, the first or a later one, could not be signed.
void complaint_unsigned(struct call *call, const struct complaint *about);
// To the latest error, which says why there will be no further attempt, the outcome of those before is added.
void complaint_add_outcome(struct call *call, const struct complaint *about);
// The call was to stop.
void complaint_stopped(struct call *call, const struct complaint *about);

#endif
