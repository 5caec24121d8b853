// SPDX-License-Identifier: MPL-2.0
#include "mirror_filter.h"

#include "changes.h"
#include "mirror.h"
#include "world.h"

#include <string.h>

static const struct change_row members[] = {
	{ .parameter = "Description", .member = "description" },
	{ 0 },
};

bool mirror_filter_create(struct exchange *exchange)
{
	const struct quotas *quotas = &exchange->world->quotas;
	if (!mirror_check_quota(exchange, place_count(exchange->place, KIND_FILTER), quotas->filters,
				"TrafficMirrorFilterLimitExceeded", "Traffic mirror filter"))
		return false;
	json_t *filter = mirror_make(exchange, KIND_FILTER);
	if (!filter)
		return false;
	json_object_set_new(filter, "networkServiceSet", json_array());
	changes_apply(exchange, members, filter);
	return mirror_put_and_answer(exchange, KIND_FILTER, filter, "trafficMirrorFilter");
}

static bool contains(const json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
			return true;
	}
	return false;
}

static void append_new_ones(json_t *services, const json_t *from, const json_t *without)
{
	for (size_t i = 0; i < json_array_size(from); i++) {
		json_t *service = json_array_get(from, i);
		if (!contains(services, json_string_value(service)) && !contains(without, json_string_value(service)))
			json_array_append(services, service);
	}
}

bool mirror_filter_modify_network_services(struct exchange *exchange)
{
	json_t *filter = mirror_find(exchange, KIND_FILTER, "TrafficMirrorFilterId");
	if (!filter)
		return false;
	json_t *services = json_array();
	append_new_ones(services, json_object_get(filter, "networkServiceSet"),
			exchange_list(exchange, "RemoveNetworkService"));
	append_new_ones(services, exchange_list(exchange, "AddNetworkService"), NULL);
	json_t *changed = json_copy(filter);
	json_object_set_new(changed, "networkServiceSet", services);
	return mirror_put_and_answer(exchange, KIND_FILTER, changed, "trafficMirrorFilter");
}

bool mirror_filter_delete(struct exchange *exchange)
{
	const json_t *filter = mirror_find(exchange, KIND_FILTER, "TrafficMirrorFilterId");
	if (!filter)
		return false;
	const char *id = kinds_id(KIND_FILTER, filter);
	void *position = NULL;
	const json_t *session = place_next_dependent(exchange->place, id, KIND_SESSION, &position);
	if (session)
		return exchange_refuse(exchange, "TrafficMirrorFilterInUse", "Cannot delete %s. Filter is in use by %s",
				       id, kinds_id(KIND_SESSION, session));
	for (;;) {
		position = NULL;
		const json_t *rule = place_next_dependent(exchange->place, id, KIND_RULE, &position);
		if (!rule)
			break;
		place_remove(exchange->place, KIND_RULE, kinds_id(KIND_RULE, rule));
	}
	return mirror_remove_and_answer(exchange, KIND_FILTER, filter);
}

json_t *mirror_filter_view(const struct place *place, json_t *filter)
{
	json_t *ingress = json_array();
	json_t *egress = json_array();
	void *position = NULL;
	json_t *rule = NULL;
	while ((rule = place_next_dependent(place, kinds_id(KIND_FILTER, filter), KIND_RULE, &position))) {
		const char *direction = json_string_value(json_object_get(rule, "trafficDirection"));
		json_array_append(strcmp(direction, "ingress") == 0 ? ingress : egress, rule);
	}
	json_t *view = json_copy(filter);
	json_object_set_new(view, "ingressFilterRuleSet", ingress);
	json_object_set_new(view, "egressFilterRuleSet", egress);
	return view;
}
