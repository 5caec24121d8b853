// SPDX-License-Identifier: MPL-2.0
// The environment variables as a seam. An empty variable counts as unset, everywhere.
#ifndef VNS_AWS_ENVIRONMENT_H
#define VNS_AWS_ENVIRONMENT_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct environment_variable {
	const char *name;
	const char *value;
};

struct environment {
	const struct environment_variable *variables; // for tests; NULL: those of the process
	size_t count;
};

extern const struct environment environment_process;

// Valid as long as the environment stays unchanged, which the program never does.
struct text environment_get(const struct environment *environment, const char *name);
// The first of two names that is set.
struct text environment_get_either(const struct environment *environment, const char *name, const char *other);
// One after the other, those whose name begins with `prefix`, also with an empty value; *position begins at 0.
bool environment_next(const struct environment *environment, struct text prefix, size_t *position,
		      struct text *ret_name, struct text *ret_value);

#endif
