// SPDX-License-Identifier: MPL-2.0
#include "mirror_target.h"

#include "changes.h"
#include "mirror.h"
#include "world.h"

#include <string.h>

// The three kinds of target; exactly one parameter is given.
static const struct {
	const char *parameter;
	const char *member;
	const char *type;
	enum kind kind;
	const char *noun;
} means[] = {
	{ "NetworkInterfaceId", "networkInterfaceId", "network-interface", KIND_NETWORK_INTERFACE, "interface ID" },
	{ "NetworkLoadBalancerArn", "networkLoadBalancerArn", "network-load-balancer", KIND_LOAD_BALANCER,
	  "network load balancer" },
	{ "GatewayLoadBalancerEndpointId", "gatewayLoadBalancerEndpointId", "gateway-load-balancer-endpoint",
	  KIND_GATEWAY_ENDPOINT, "Gateway Load Balancer endpoint" },
};
#define MEANS_COUNT (sizeof means / sizeof means[0])

static const struct change_row members[] = {
	{ .parameter = "Description", .member = "description" },
	{ 0 },
};

static bool choose_means(struct exchange *exchange, size_t *ret_index)
{
	size_t given = 0;
	for (size_t i = 0; i < MEANS_COUNT; i++) {
		if (exchange_has(exchange, means[i].parameter)) {
			*ret_index = i;
			given++;
		}
	}
	if (given == 1)
		return true;
	return exchange_refuse(exchange, given == 0 ? "MissingParameter" : "InvalidParameterCombination",
			       "Exactly one of NetworkInterfaceId, NetworkLoadBalancerArn and "
			       "GatewayLoadBalancerEndpointId must be specified");
}

// It exists and is of a type that can receive mirrored traffic.
static bool check_means(struct exchange *exchange, size_t index)
{
	const char *id = exchange_text(exchange, means[index].parameter);
	const json_t *object = place_find(exchange->place, means[index].kind, id);
	if (!object)
		return exchange_refuse(exchange, "InvalidTrafficMirrorTarget", "The %s '%s' does not exist",
				       means[index].noun, id);
	const char *type = json_string_value(json_object_get(object, "interfaceType"));
	if (type && strcmp(type, "interface") != 0)
		return exchange_refuse(exchange, "InvalidTrafficMirrorTarget",
				       "The interface ID '%s' is of type %s and cannot be a target", id, type);
	type = json_string_value(json_object_get(object, "Type"));
	if (type && strcmp(type, "network") != 0)
		return exchange_refuse(
			exchange, "InvalidTrafficMirrorTarget",
			"The load balancer '%s' is of type %s; only a network load balancer can be a target", id, type);
	return true;
}

bool mirror_target_create(struct exchange *exchange)
{
	size_t index = 0;
	const struct quotas *quotas = &exchange->world->quotas;
	if (!choose_means(exchange, &index) || !check_means(exchange, index) ||
	    !mirror_check_quota(exchange, place_count(exchange->place, KIND_TARGET), quotas->targets,
				"TrafficMirrorTargetLimitExceeded", "Traffic mirror target"))
		return false;
	json_t *target = mirror_make(exchange, KIND_TARGET);
	if (!target)
		return false;
	json_object_set_new(target, means[index].member, json_string(exchange_text(exchange, means[index].parameter)));
	json_object_set_new(target, "type", json_string(means[index].type));
	json_object_set_new(target, "ownerId", json_string(exchange->account));
	changes_apply(exchange, members, target);
	return mirror_put_and_answer(exchange, KIND_TARGET, target, "trafficMirrorTarget");
}

bool mirror_target_delete(struct exchange *exchange)
{
	const json_t *target = mirror_find(exchange, KIND_TARGET, "TrafficMirrorTargetId");
	if (!target)
		return false;
	const char *id = kinds_id(KIND_TARGET, target);
	void *position = NULL;
	const json_t *session = place_next_dependent(exchange->place, id, KIND_SESSION, &position);
	if (session)
		return exchange_refuse(exchange, "TrafficMirrorTargetInUse", "Cannot delete %s. Target is in use by %s",
				       id, kinds_id(KIND_SESSION, session));
	return mirror_remove_and_answer(exchange, KIND_TARGET, target);
}
