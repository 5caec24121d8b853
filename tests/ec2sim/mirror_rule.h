// SPDX-License-Identifier: MPL-2.0
// Traffic mirror filter rules: the four actions but Describe.
#ifndef EC2SIM_MIRROR_RULE_H
#define EC2SIM_MIRROR_RULE_H

#include "exchange.h"

bool mirror_rule_create(struct exchange *exchange);
bool mirror_rule_modify(struct exchange *exchange);
bool mirror_rule_delete(struct exchange *exchange);
// For Describe: the rule belongs to the filter that the request names, if it names one.
bool mirror_rule_is_wanted(const struct exchange *exchange, const json_t *rule);

#endif
