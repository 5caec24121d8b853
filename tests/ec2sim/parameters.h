// SPDX-License-Identifier: MPL-2.0
// The parameters of an action as a table, and the one checker that all actions share: unknown names, wrong types,
// values out of range and missing parameters are found here and nowhere else.
#ifndef EC2SIM_PARAMETERS_H
#define EC2SIM_PARAMETERS_H

#include "exchange.h"

#include <stdbool.h>
#include <stdint.h>

enum parameter_kind { PARAMETER_TEXT, PARAMETER_INTEGER, PARAMETER_BOOLEAN, PARAMETER_STRUCTURE };

struct parameter {
	const char *name;
	enum parameter_kind kind;
	bool required;
	bool list;                      // Name.1, Name.2; Name.member.1 in the query services
	const char *const *choices;     // of a text, ends with NULL; NULL: any text
	int64_t minimum;                // of an integer; both 0: any
	int64_t maximum;                // of an integer
	const struct parameter *fields; // of a structure, ends with a row without a name
};

// Turns exchange->form into exchange->parameters by the rows. Refuses what does not fit.
bool parameters_check(struct exchange *exchange, const struct parameter *rows);

#endif
