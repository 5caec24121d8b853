// SPDX-License-Identifier: MPL-2.0
// Every action of every service as a row: what it is called, which parameters it takes, what its answer looks like, and
// the function that does it.
#ifndef EC2SIM_ACTIONS_H
#define EC2SIM_ACTIONS_H

#include "exchange.h"
#include "fields.h"
#include "kinds.h"
#include "matching.h"
#include "parameters.h"

#include <stdbool.h>

// What a Describe action lists; see describe.h.
struct describe_row {
	enum kind kind;
	const char *ids_parameter; // list of ids; NULL: none
	const char *result_element;
	const struct matching_row *filters;
	bool ids_exclude_paging; // MaxResults together with ids is an error
	// Further objects that are left out; NULL: none.
	bool (*wanted)(const struct exchange *exchange, const json_t *object);
};

struct action {
	enum service service;
	const char *name;
	const struct parameter *parameters; // ends with a row without a name
	const struct field *result;         // the answer's elements below the root
	// Makes the effect under the world's lock and sets exchange->result, or refuses.
	bool (*run)(struct exchange *exchange);
	const struct describe_row *describe;
};

// NULL when the service has no such action.
const struct action *actions_find(enum service service, struct text name);
// The service of an API version, or SERVICE_COUNT.
enum service actions_service(struct text version);
// The name that stands in the scope of a signature.
const char *actions_signing_name(enum service service);

#endif
