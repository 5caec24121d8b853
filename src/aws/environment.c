// SPDX-License-Identifier: MPL-2.0
#include "aws/environment.h"

#include <stdlib.h>
#include <string.h>

const struct environment environment_process = { NULL, 0 };

struct text environment_get(const struct environment *environment, const char *name)
{
	if (!environment->variables)
		return text_of(getenv(name));
	for (size_t i = 0; i < environment->count; i++) {
		if (strcmp(environment->variables[i].name, name) == 0)
			return text_of(environment->variables[i].value);
	}
	return T("");
}

struct text environment_get_either(const struct environment *environment, const char *name, const char *other)
{
	const struct text value = environment_get(environment, name);
	return value.length ? value : environment_get(environment, other);
}
