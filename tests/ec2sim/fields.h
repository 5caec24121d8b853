// SPDX-License-Identifier: MPL-2.0
// The elements of answers, as tables in the order in which they are written. What an object does not have is not
// written.
#ifndef EC2SIM_FIELDS_H
#define EC2SIM_FIELDS_H

enum field_kind {
	FIELD_SCALAR,    // a text, a number or a boolean
	FIELD_STRUCTURE, // an object
	FIELD_LIST,      // an array; without fields its items are scalars
	FIELD_TAGS,      // an object of keys and values, written as a list of both
};

struct field {
	const char *name;
	enum field_kind kind;
	const struct field *fields; // ends with a row without a name
};

extern const struct field fields_of_filter[];
extern const struct field fields_of_rule[];
extern const struct field fields_of_target[];
extern const struct field fields_of_session[];
extern const struct field fields_of_network_interface[];
extern const struct field fields_of_instance[];
extern const struct field fields_of_instance_type[];
extern const struct field fields_of_load_balancer[];
extern const struct field fields_of_listener[];
extern const struct field fields_of_security_group[];
extern const struct field fields_of_tag[];
extern const struct field fields_of_assumed_role[];

#endif
