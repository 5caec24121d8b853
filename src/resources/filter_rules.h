// SPDX-License-Identifier: MPL-2.0
// What the rows of a filter's rules cannot say one by one.
#ifndef VNS_RESOURCES_FILTER_RULES_H
#define VNS_RESOURCES_FILTER_RULES_H

#include "schema/plan.h"

// A network that is not configured: everything, of the family of the rule's other network.
struct value filter_rules_plan_cidr(struct call *call, const struct plan_view *view);

// Ports only with TCP or UDP and from <= to, both networks of one family, 10 rules at most; name and tags.Name.
void filter_rules_validate(struct call *call, const struct value *config);

#endif
