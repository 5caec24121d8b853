// SPDX-License-Identifier: MPL-2.0
// Tags: the Name tag behind `name`, `tags`, the provider's default tags, and those it is told to ignore.
// They mean what they mean in the AWS provider, with `name` added (DESIGN: "`name` is the Name tag").
#ifndef VNS_EC2_TAGS_H
#define VNS_EC2_TAGS_H

#include "aws/query.h"
#include "aws/xml.h"
#include "ec2/resource.h"
#include "schema/plan.h"

#include <stdbool.h>

// row_plan_fn of `name` and `tags_all`.
struct value tags_plan_name(struct call *call, const struct plan_view *view);
struct value tags_plan_all(struct call *call, const struct plan_view *view);

// An error when `name` and `tags.Name` are both configured and differ. A row_set's validate function.
void tags_validate_name(struct call *call, const struct value *config);

// Adds TagSpecification.1 with all tags of `tags_all` (nothing when there are none).
void tags_encode(struct query *query, const char *tag_type, const struct value *tags_all);

// Sets name, tags and tags_all of `state` from a tagSet element (may be NULL: no tags). `prior` is the state or plan
// before, or a null: it tells which tags the configuration names. Ignored tags are left out of `tags_all`; what `prior`
// says of them in `name` and `tags` stays, since nobody looks at them. An empty Name tag is left out too, unless the
// configuration names it in `tags`.
void tags_decode(struct arena *arena, const struct xml_node *tag_set, const struct settings *settings,
		 const struct value *prior, struct value *state);

// The Name tag of an item of an answer; empty when it has none.
struct text tags_name(const struct xml_node *item);

// Brings the tags of the objects `ids` from one tags_all to the other by DeleteTags and CreateTags; no call when they
// are equal. False when an error was added.
bool tags_change(const struct operation *operation, const struct text *ids, size_t id_count, const struct value *from,
		 const struct value *to);

#endif
