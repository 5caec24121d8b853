// SPDX-License-Identifier: MPL-2.0
// The parameters of one AWS query request, in order, and their form encoding (facts: ec2, 1.1).
#ifndef VNS_AWS_QUERY_H
#define VNS_AWS_QUERY_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct query_parameter {
	struct text name; // "TagSpecification.1.Tag.2.Key"
	struct text value;
	struct query_parameter *next;
};

struct query {
	struct arena *arena; // names and values live here
	struct query_parameter *first;
	struct query_parameter *last;
	size_t count;
};

void query_init(struct query *query, struct arena *arena);
// Adds name=value; both are copied. An empty value is sent as `name=`.
void query_add(struct query *query, struct text name, struct text value);
void query_add_number(struct query *query, struct text name, int64_t value);
// Adds `<list>.<position>` or, with a member, `<list>.<position>.<member>`; positions count from 1.
void query_add_item(struct query *query, struct text list, size_t position, struct text member, struct text value);
// The value of a parameter, or the empty text.
struct text query_find(const struct query *query, struct text name);
// `Action=..&Version=..&name=value..`; everything but A-Z a-z 0-9 - _ . ~ as %XX.
struct text query_encode(const struct query *query, struct text action, struct text version);

#endif
