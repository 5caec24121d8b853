// SPDX-License-Identifier: MPL-2.0
#include "mirror_session.h"

#include "changes.h"
#include "eligibility.h"
#include "mirror.h"
#include "world.h"

#include <string.h>

// What EC2 answers for a session number that is taken is not documented; scripts in the wild know the message by the
// words "is in use by target". A program should not tell by this code.
#define CODE_SESSION_NUMBER_TAKEN "InvalidParameterValue"

// What EC2 sets for a session to a network load balancer that asks for no packet length.
#define PACKET_LENGTH_OF_LOAD_BALANCER 8500

#define VIRTUAL_NETWORK_ID_COUNT (1 << 24)

static const struct change_row members[] = {
	{ "TrafficMirrorTargetId", "trafficMirrorTargetId", NULL, NULL },
	{ "TrafficMirrorFilterId", "trafficMirrorFilterId", NULL, NULL },
	{ "PacketLength", "packetLength", "packet-length", NULL },
	{ "SessionNumber", "sessionNumber", NULL, NULL },
	{ "VirtualNetworkId", "virtualNetworkId", "virtual-network-id", NULL },
	{ "Description", "description", "description", NULL },
	{ 0 },
};

static const char *text_of_member(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

static bool is_same(const json_t *one, const json_t *other, const char *member)
{
	return json_equal(json_object_get(one, member), json_object_get(other, member));
}

// Counts the interface's other sessions, and finds that none has this one's number.
static bool check_interface(struct exchange *exchange, const json_t *session)
{
	const char *interface_id = text_of_member(session, "networkInterfaceId");
	const char *id = kinds_id(KIND_SESSION, session);
	size_t others = 0;
	void *position = NULL;
	const json_t *other = NULL;
	while ((other = place_next_dependent(exchange->place, interface_id, KIND_SESSION, &position))) {
		if (strcmp(kinds_id(KIND_SESSION, other), id) == 0)
			continue;
		others++;
		if (is_same(session, other, "sessionNumber"))
			return exchange_refuse(exchange, CODE_SESSION_NUMBER_TAKEN,
					       "Session number %lld of %s is in use by target %s",
					       (long long)json_integer_value(json_object_get(session, "sessionNumber")),
					       interface_id, text_of_member(other, "trafficMirrorTargetId"));
	}
	return mirror_check_quota(exchange, others, exchange->world->quotas.sessions_per_network_interface,
				  "TrafficMirrorSessionsPerInterfaceLimitExceeded", "Sessions per network interface");
}

// How many other interfaces are mirrored to the target.
static size_t count_other_sources(const struct place *place, const json_t *session, size_t *ret_sessions)
{
	const char *target_id = text_of_member(session, "trafficMirrorTargetId");
	json_t *sources = json_object();
	void *position = NULL;
	const json_t *other = NULL;
	*ret_sessions = 0;
	while ((other = place_next_dependent(place, target_id, KIND_SESSION, &position))) {
		if (is_same(session, other, "trafficMirrorSessionId"))
			continue;
		++*ret_sessions;
		if (!is_same(session, other, "networkInterfaceId"))
			json_object_set_new(sources, text_of_member(other, "networkInterfaceId"), json_true());
	}
	const size_t count = json_object_size(sources);
	json_decref(sources);
	return count;
}

static bool check_target(struct exchange *exchange, const json_t *session)
{
	const struct quotas *quotas = &exchange->world->quotas;
	const json_t *target =
		place_find(exchange->place, KIND_TARGET, text_of_member(session, "trafficMirrorTargetId"));
	const char *interface_id = text_of_member(target, "networkInterfaceId");
	if (!interface_id && quotas->sessions_per_target == 0)
		return true; // any number: nothing to count
	size_t sessions = 0;
	const size_t sources = count_other_sources(exchange->place, session, &sessions);
	if (!mirror_check_quota(exchange, sessions, quotas->sessions_per_target,
				"TrafficMirrorSessionsPerTargetLimitExceeded", "Sessions per target"))
		return false;
	if (!interface_id)
		return true;
	const int64_t quota = eligibility_is_on_largest(exchange->place, interface_id)
				      ? quotas->sources_per_large_interface_target
				      : quotas->sources_per_interface_target;
	if (quota == 0 || sources < (size_t)quota)
		return true;
	return exchange_refuse(exchange, "TrafficMirrorSourcesPerTargetLimitExceeded",
			       "Sources per interface-target limit reached (%zu)", sources + 1);
}

// A session of the place has this VXLAN id.
static bool is_taken(const struct place *place, int64_t virtual_network_id)
{
	json_t *sessions = place->objects[KIND_SESSION];
	for (void *at = json_object_iter(sessions); at; at = json_object_iter_next(sessions, at)) {
		if (json_integer_value(json_object_get(json_object_iter_value(at), "virtualNetworkId")) ==
		    virtual_network_id)
			return true;
	}
	return false;
}

// At random and unique in the account.
static void assign_virtual_network_id(struct exchange *exchange, json_t *session)
{
	int64_t chosen = 0;
	bool taken = true;
	while (taken) {
		chosen = (int64_t)(world_random(exchange->world) % VIRTUAL_NETWORK_ID_COUNT);
		taken = chosen == 0;
		for (const struct place *place = exchange->world->places; place && !taken; place = place->next)
			taken = strcmp(place->account, exchange->account) == 0 && is_taken(place, chosen);
	}
	json_object_set_new(session, "virtualNetworkId", json_integer(chosen));
}

// Judges the session as it will be, and puts it. Takes it over.
static bool finish(struct exchange *exchange, json_t *session)
{
	if (!changes_apply(exchange, members, session) || !check_target(exchange, session) ||
	    !check_interface(exchange, session)) {
		json_decref(session);
		return false;
	}
	if (!json_object_get(session, "virtualNetworkId"))
		assign_virtual_network_id(exchange, session);
	return mirror_put_and_answer(exchange, KIND_SESSION, session, "trafficMirrorSession");
}

// The target and the filter that the request names are there.
static bool check_references(struct exchange *exchange)
{
	return (!exchange_has(exchange, "TrafficMirrorTargetId") ||
		mirror_find(exchange, KIND_TARGET, "TrafficMirrorTargetId")) &&
	       (!exchange_has(exchange, "TrafficMirrorFilterId") ||
		mirror_find(exchange, KIND_FILTER, "TrafficMirrorFilterId"));
}

bool mirror_session_create(struct exchange *exchange)
{
	const struct quotas *quotas = &exchange->world->quotas;
	const json_t *source = mirror_find(exchange, KIND_NETWORK_INTERFACE, "NetworkInterfaceId");
	if (!source || !check_references(exchange) || !eligibility_check(exchange, source) ||
	    !mirror_check_quota(exchange, place_count(exchange->place, KIND_SESSION), quotas->sessions,
				"TrafficMirrorSessionLimitExceeded", "Traffic mirror session"))
		return false;
	json_t *session = mirror_make(exchange, KIND_SESSION);
	if (!session)
		return false;
	json_object_set(session, "networkInterfaceId", json_object_get(source, "networkInterfaceId"));
	json_object_set_new(session, "ownerId", json_string(exchange->account));
	return finish(exchange, session);
}

bool mirror_session_modify(struct exchange *exchange)
{
	json_t *session = mirror_find(exchange, KIND_SESSION, "TrafficMirrorSessionId");
	return session && check_references(exchange) && finish(exchange, json_copy(session));
}

bool mirror_session_delete(struct exchange *exchange)
{
	const json_t *session = mirror_find(exchange, KIND_SESSION, "TrafficMirrorSessionId");
	return session && mirror_remove_and_answer(exchange, KIND_SESSION, session);
}

json_t *mirror_session_view(const struct place *place, json_t *session)
{
	const json_t *target = place_find(place, KIND_TARGET, text_of_member(session, "trafficMirrorTargetId"));
	if (json_object_get(session, "packetLength") || !json_object_get(target, "networkLoadBalancerArn"))
		return json_incref(session);
	json_t *view = json_copy(session);
	json_object_set_new(view, "packetLength", json_integer(PACKET_LENGTH_OF_LOAD_BALANCER));
	return view;
}

void mirror_session_delete_with_interface(struct place *place, const char *interface_id)
{
	for (;;) {
		void *position = NULL;
		const json_t *session = place_next_dependent(place, interface_id, KIND_SESSION, &position);
		if (!session)
			return;
		place_remove(place, KIND_SESSION, kinds_id(KIND_SESSION, session));
	}
}
