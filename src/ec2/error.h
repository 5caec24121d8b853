// SPDX-License-Identifier: MPL-2.0
// EC2's refusals in words for people: what the code means here, what to do, and always what EC2 itself said.
#ifndef VNS_EC2_ERROR_H
#define VNS_EC2_ERROR_H

#include "aws/action.h"
#include "base/call.h"
#include "schema/row.h"
#include "value/value.h"

#include <stdbool.h>

// What was being done when EC2 refused.
struct error_place {
	struct text action; // "CreateTrafficMirrorFilterRule"
	struct text doing;  // follows "EC2 refused to ": "create ingress rule 200 of tmf-..."
	// The object that was sent and its rows, to find the argument at fault; both NULL when no argument can be.
	const struct row *rows;
	const struct value *object;
	const struct path *at; // used when no argument is at fault, or the object is nested; NULL: the whole resource
};

// Adds one error.
void error_add(struct call *call, const struct error_place *place, const struct action_answer *refusal);

// Errors of the call that do not name the object are told to be about it. Hosts give no address to errors of deletions
// and imports, and what goes wrong on the way to EC2 knows of no object.
void error_name_object(struct call *call, const char *noun, struct text id);

// The code alone says what is wrong, so that there is nothing to look for.
bool error_is_plain(struct text code);

#endif
