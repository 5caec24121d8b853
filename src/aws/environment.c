// SPDX-License-Identifier: MPL-2.0
#include "aws/environment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

// "NAME=value" of the process, or the empty text past the last.
static struct text process_variable(size_t position)
{
	return environ ? text_of(environ[position]) : T("");
}

// False past the last.
static bool variable_at(const struct environment *environment, size_t position, struct text *ret_name,
			struct text *ret_value)
{
	if (environment->variables) {
		if (position >= environment->count)
			return false;
		*ret_name = text_of(environment->variables[position].name);
		*ret_value = text_of(environment->variables[position].value);
		return true;
	}
	struct text rest = process_variable(position);
	const bool is_there = rest.length > 0;
	if (!text_take_until(&rest, '=', ret_name))
		*ret_name = T("");
	*ret_value = rest;
	return is_there;
}

bool environment_next(const struct environment *environment, struct text prefix, size_t *position,
		      struct text *ret_name, struct text *ret_value)
{
	while (variable_at(environment, *position, ret_name, ret_value)) {
		(*position)++;
		if (text_starts_with(*ret_name, prefix))
			return true;
	}
	return false;
}
