// SPDX-License-Identifier: MPL-2.0
// Answers of EC2 for scripts, and states that fit them.
#ifndef VNS_TESTS_ENGINE_ANSWERS_H
#define VNS_TESTS_ENGINE_ANSWERS_H

#include "harness.h"

#define ACCOUNT                                                                                                        \
	{                                                                                                              \
		.action = "GetCallerIdentity",                                                                         \
		.body = "<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult>"           \
	}
#define REFUSAL(code, message) .status = 400, .body = "<Code>" code "</Code><Message>" message "</Message>"
#define FILTER(id)             "<trafficMirrorFilter><trafficMirrorFilterId>" id "</trafficMirrorFilterId>"
#define FILTER_END             "<description>Virtual Network Sensor Traffic Mirror Filter</description></trafficMirrorFilter>"
#define RULE_INSIDE(id, number, action)                                                                                \
	"<trafficMirrorFilterRuleId>" id "</trafficMirrorFilterRuleId><ruleNumber>" number                             \
	"</ruleNumber><ruleAction>" action "</ruleAction><sourceCidrBlock>0.0.0.0/0</sourceCidrBlock>"                 \
	"<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock>"
#define RULE(id, number, action)                                                                                       \
	"<trafficMirrorFilterRule>" RULE_INSIDE(id, number, action) "</trafficMirrorFilterRule>"
#define RULE_STATE(id, more)                                                                                           \
	"{\"rule_action\":\"accept\",\"source_cidr_block\":\"0.0.0.0/0\",\"destination_cidr_block\":\"0.0.0.0/0\","    \
	"\"traffic_mirror_filter_rule_id\":\"" id "\"" more "}"
#define SERVICES      "ModifyTrafficMirrorFilterNetworkServices"
#define TARGET_CONFIG "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\"}"
#define TARGET(id)                                                                                                     \
	"<trafficMirrorTargetId>" id "</trafficMirrorTargetId><ownerId>123456789012</ownerId>"                         \
	"<type>network-interface</type>"                                                                               \
	"<networkInterfaceId>eni-0a1b2c3d4e5f60718</networkInterfaceId>"                                               \
	"<description>Virtual Network Sensor Traffic Mirror Target</description>"
#define SESSION_CONFIG(target)                                                                                         \
	"{\"network_interface_id\":\"eni-0123456789abcdef0\",\"traffic_mirror_filter_id\":\"tmf-0123456789abcdef0\","  \
	"\"traffic_mirror_target_id\":\"" target "\"}"

// A filter as it stands in state, with those ingress rules (JSON) and no egress rules.
struct value answers_filter_state(struct harness *harness, const char *id, const char *ingress);
const char *answers_print_field(struct harness *harness, const struct value *object, const char *name);

#endif
