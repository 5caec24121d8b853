// SPDX-License-Identifier: MPL-2.0
// Filter.N of the Describe actions: by attribute, by tag, with the wildcards * and ?.
#ifndef EC2SIM_MATCHING_H
#define EC2SIM_MATCHING_H

#include "exchange.h"

#include <jansson.h>
#include <stdbool.h>

// A filter's name and where its value stands in an object: "attachment.instanceId"; a list on the way means any item.
struct matching_row {
	const char *name;
	const char *path;
};

// All filters of the request exist for this action and have values; refuses otherwise.
bool matching_check(struct exchange *exchange, const struct matching_row *rows);
// The object passes every filter of the request. To be called after matching_check.
bool matching_passes(const struct exchange *exchange, const struct matching_row *rows, const json_t *object);

// `*` stands for any text, `?` for one character, `\` makes the next one plain.
bool matching_wildcard(const char *pattern, const char *text);

#endif
