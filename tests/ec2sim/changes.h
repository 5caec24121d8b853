// SPDX-License-Identifier: MPL-2.0
// How parameters become members of an object, as a table that creates and modifies share.
#ifndef EC2SIM_CHANGES_H
#define EC2SIM_CHANGES_H

#include "exchange.h"

#include <jansson.h>
#include <stdbool.h>

struct change_row {
	const char *parameter;
	const char *member;
	const char *remove_name; // in RemoveField; NULL: it cannot be removed
	// Of a structure: parameter and member of each field, ends with a row without a name. NULL: copied as it is.
	const struct change_row *fields;
};

// Sets in `object` what the request carries and removes what RemoveField names; refuses both for one member. A text
// that is empty removes too.
bool changes_apply(struct exchange *exchange, const struct change_row *rows, json_t *object);

#endif
