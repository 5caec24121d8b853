// SPDX-License-Identifier: MPL-2.0
// Traffic mirror filters: the four actions but Describe.
#ifndef EC2SIM_MIRROR_FILTER_H
#define EC2SIM_MIRROR_FILTER_H

#include "exchange.h"
#include "place.h"

bool mirror_filter_create(struct exchange *exchange);
bool mirror_filter_modify_network_services(struct exchange *exchange);
// Its rules go with it. Refused while a session uses it.
bool mirror_filter_delete(struct exchange *exchange);
// The filter with its rules.
json_t *mirror_filter_view(const struct place *place, json_t *filter);

#endif
