// SPDX-License-Identifier: MPL-2.0
// A form body (application/x-www-form-urlencoded) as pairs, decoded.
#ifndef EC2SIM_FORM_H
#define EC2SIM_FORM_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct form_pair {
	struct text name;
	struct text value;
};

struct form {
	struct form_pair *pairs; // in the order of the body
	size_t count;
};

// False when the body is no form: a bad %XX, or text that XML could not give back (not UTF-8, control characters).
bool form_parse(struct arena *arena, struct text body, struct form *ret_form);
// The first value of that name, or the empty text.
struct text form_find(const struct form *form, const char *name);

#endif
