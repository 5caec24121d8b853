// SPDX-License-Identifier: MPL-2.0
// The kinds of objects that exist, each a row. An object is a JSON object whose keys are the XML elements of EC2's
// answers, so that answers, filters and the state file are all read off the same thing.
#ifndef EC2SIM_KINDS_H
#define EC2SIM_KINDS_H

#include "fields.h"

#include <jansson.h>
#include <stdbool.h>

struct place;

// The first four are made by calls; the others come from the seed.
enum kind {
	KIND_FILTER,
	KIND_RULE,
	KIND_TARGET,
	KIND_SESSION,
	KIND_NETWORK_INTERFACE,
	KIND_INSTANCE,
	KIND_LOAD_BALANCER,
	KIND_GATEWAY_ENDPOINT,
	KIND_SECURITY_GROUP,
	KIND_COUNT
};
#define KIND_FIRST_SEEDED KIND_NETWORK_INTERFACE

#define KINDS_REFERENCES_MAX 3

struct kind_row {
	const char *collection; // in the state file and in /_sim/state
	const char *id_field;
	const char *id_prefix;
	const char *noun;                                 // "The <noun> ID 'x' does not exist"
	const char *not_found;                            // error codes
	const char *malformed;                            // for ids of the wrong shape
	const char *resource_type;                        // in TagSpecification and DescribeTags; NULL: carries no tags
	const struct field *fields;                       // of an answer
	const char *references[KINDS_REFERENCES_MAX + 1]; // paths to ids of other objects; ends with NULL
	// The object as answers show it; a new reference. NULL: as it is stored.
	json_t *(*view)(const struct place *place, json_t *object);
};

const struct kind_row *kinds_row(enum kind kind);
// The kind of an id by its prefix, or KIND_COUNT.
enum kind kinds_of_id(const char *id);
// The prefix and 8 or 17 hexadecimal digits.
bool kinds_id_is_well_formed(enum kind kind, const char *id);
const char *kinds_id(enum kind kind, const json_t *object);

#endif
