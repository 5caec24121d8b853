// SPDX-License-Identifier: MPL-2.0
// Tags: with a create, by CreateTags and DeleteTags, and listed by DescribeTags.
#ifndef EC2SIM_TAGS_H
#define EC2SIM_TAGS_H

#include "exchange.h"
#include "kinds.h"

// The tags of TagSpecification for a new object of that kind: an object of keys and values, a new reference. NULL when
// the request was refused.
json_t *tags_of_new(struct exchange *exchange, enum kind kind);

bool tags_create(struct exchange *exchange);
bool tags_delete(struct exchange *exchange);
bool tags_describe(struct exchange *exchange);

#endif
