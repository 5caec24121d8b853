// SPDX-License-Identifier: MPL-2.0
#include "mirror_rule.h"

#include "changes.h"
#include "cidr.h"
#include "mirror.h"
#include "world.h"

#include <string.h>

#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17

static const struct change_row port_members[] = {
	{ .parameter = "FromPort", .member = "fromPort" },
	{ .parameter = "ToPort", .member = "toPort" },
	{ 0 },
};

static const struct change_row members[] = {
	{ "TrafficDirection", "trafficDirection", NULL, NULL },
	{ "RuleNumber", "ruleNumber", NULL, NULL },
	{ "RuleAction", "ruleAction", NULL, NULL },
	{ "Protocol", "protocol", "protocol", NULL },
	{ "SourcePortRange", "sourcePortRange", "source-port-range", port_members },
	{ "DestinationPortRange", "destinationPortRange", "destination-port-range", port_members },
	{ "SourceCidrBlock", "sourceCidrBlock", NULL, NULL },
	{ "DestinationCidrBlock", "destinationCidrBlock", NULL, NULL },
	{ "Description", "description", "description", NULL },
	{ 0 },
};

static bool check_ports(struct exchange *exchange, const json_t *rule, const char *member)
{
	const json_t *range = json_object_get(rule, member);
	if (!range)
		return true;
	const json_t *from = json_object_get(range, "fromPort");
	const json_t *to = json_object_get(range, "toPort");
	if (!from || !to)
		return exchange_refuse(exchange, "MissingParameter", "The %s must contain FromPort and ToPort", member);
	if (json_integer_value(from) > json_integer_value(to))
		return exchange_refuse(exchange, "InvalidParameterValue",
				       "Invalid value for %s: FromPort %lld is greater than ToPort %lld", member,
				       (long long)json_integer_value(from), (long long)json_integer_value(to));
	const json_t *protocol = json_object_get(rule, "protocol");
	const int64_t number = json_integer_value(protocol);
	if (!protocol || (number != PROTOCOL_TCP && number != PROTOCOL_UDP))
		return exchange_refuse(exchange, "InvalidParameterCombination",
				       "The %s can be specified only with protocol 6 (TCP) or 17 (UDP)", member);
	return true;
}

static bool check_cidrs(struct exchange *exchange, const json_t *rule)
{
	static const char *const blocks[] = { "sourceCidrBlock", "destinationCidrBlock" };
	int families[2] = { 0 };
	for (size_t i = 0; i < 2; i++) {
		const char *block = json_string_value(json_object_get(rule, blocks[i]));
		if (!block || !cidr_parse(block, &families[i]))
			return exchange_refuse(
				exchange, "InvalidParameterValue",
				"Value (%s) for parameter %s is invalid. This is not a valid CIDR block.",
				block ? block : "", blocks[i]);
	}
	if (families[0] != families[1])
		return exchange_refuse(exchange, "InvalidParameterValue",
				       "The source and destination CIDR blocks must be of the same address family");
	return true;
}

// No other rule of the filter has this number in this direction.
static bool check_number(struct exchange *exchange, const json_t *rule)
{
	const char *filter_id = json_string_value(json_object_get(rule, "trafficMirrorFilterId"));
	const char *id = kinds_id(KIND_RULE, rule);
	void *position = NULL;
	const json_t *other = NULL;
	while ((other = place_next_dependent(exchange->place, filter_id, KIND_RULE, &position))) {
		const bool same_place =
			json_equal(json_object_get(other, "ruleNumber"), json_object_get(rule, "ruleNumber")) &&
			json_equal(json_object_get(other, "trafficDirection"),
				   json_object_get(rule, "trafficDirection"));
		if (same_place && strcmp(kinds_id(KIND_RULE, other), id) != 0)
			return exchange_refuse(exchange, "TrafficMirrorFilterRuleAlreadyExists",
					       "Rule number %lld already exists for %s traffic in %s: %s",
					       (long long)json_integer_value(json_object_get(rule, "ruleNumber")),
					       json_string_value(json_object_get(rule, "trafficDirection")), filter_id,
					       kinds_id(KIND_RULE, other));
	}
	return true;
}

// Judges the rule as it will be, and puts it. Takes it over.
static bool finish(struct exchange *exchange, json_t *rule)
{
	if (changes_apply(exchange, members, rule) && check_cidrs(exchange, rule) &&
	    check_ports(exchange, rule, "sourcePortRange") && check_ports(exchange, rule, "destinationPortRange") &&
	    check_number(exchange, rule)) {
		place_put(exchange->place, KIND_RULE, rule);
		return true;
	}
	json_decref(rule);
	return false;
}

bool mirror_rule_create(struct exchange *exchange)
{
	const json_t *filter = mirror_find(exchange, KIND_FILTER, "TrafficMirrorFilterId");
	if (!filter)
		return false;
	const size_t count = place_count_dependents(exchange->place, kinds_id(KIND_FILTER, filter), KIND_RULE);
	if (!mirror_check_quota(exchange, count, exchange->world->quotas.rules_per_filter,
				"TrafficMirrorFilterRuleLimitExceeded", "Rules per traffic mirror filter"))
		return false;
	json_t *rule = mirror_make(exchange, KIND_RULE);
	if (!rule)
		return false;
	json_object_set(rule, "trafficMirrorFilterId", json_object_get(filter, "trafficMirrorFilterId"));
	return finish(exchange, rule) && exchange_answer(exchange, "trafficMirrorFilterRule", json_incref(rule));
}

// EC2 wants the protocol again with every port range, even when it stays as it is.
static bool check_ports_have_protocol(struct exchange *exchange)
{
	const bool ports = exchange_has(exchange, "SourcePortRange") || exchange_has(exchange, "DestinationPortRange");
	if (!ports || exchange_has(exchange, "Protocol"))
		return true;
	return exchange_refuse(exchange, "InvalidParameterCombination",
			       "A port range must be given together with the protocol");
}

bool mirror_rule_modify(struct exchange *exchange)
{
	json_t *old = mirror_find(exchange, KIND_RULE, "TrafficMirrorFilterRuleId");
	if (!old || !check_ports_have_protocol(exchange))
		return false;
	json_t *rule = json_copy(old);
	if (!finish(exchange, rule))
		return false;
	json_t *shown = json_copy(rule); // this answer carries no tags
	json_object_del(shown, "tagSet");
	return exchange_answer(exchange, "trafficMirrorFilterRule", shown);
}

bool mirror_rule_delete(struct exchange *exchange)
{
	const json_t *rule = mirror_find(exchange, KIND_RULE, "TrafficMirrorFilterRuleId");
	return rule && mirror_remove_and_answer(exchange, KIND_RULE, rule);
}

bool mirror_rule_is_wanted(const struct exchange *exchange, const json_t *rule)
{
	const char *filter_id = exchange_text(exchange, "TrafficMirrorFilterId");
	return !filter_id || strcmp(filter_id, json_string_value(json_object_get(rule, "trafficMirrorFilterId"))) == 0;
}
