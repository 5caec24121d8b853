// SPDX-License-Identifier: MPL-2.0
// The Describe actions: by ids, by filters, in pages.
#ifndef EC2SIM_DESCRIBE_H
#define EC2SIM_DESCRIBE_H

#include "exchange.h"

#include <jansson.h>
#include <stdbool.h>

struct matching_row;

// Runs an action that has a describe_row.
bool describe_run(struct exchange *exchange);

// For what is not an object of its own, like tags and instance types: filters and pages a list of made-up objects,
// which it takes over, and answers it.
bool describe_list(struct exchange *exchange, json_t *objects, const struct matching_row *filters,
		   const char *result_element);

#endif
