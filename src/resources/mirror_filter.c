// SPDX-License-Identifier: MPL-2.0
// vns_mirror_filter: which packets are mirrored. Its rules are objects of EC2's own, a map by rule number here.
#include "resources/mirror_filter.h"

#include "ec2/rules.h"
#include "ec2/sessions.h"
#include "resources/common_rows.h"
#include "resources/filter_rules.h"

static const char *const actions[] = { "accept", "reject", NULL };
static const char *const services[] = { "amazon-dns", NULL };

static const struct row port_range_rows[] = {
	{
		.name = "from_port",
		.kind = ROW_INTEGER,
		.flags = ROW_REQUIRED,
		.ec2 = "FromPort",
		.min = 0,
		.max = 65535,
		.doc = "The first port.",
	},
	{
		.name = "to_port",
		.kind = ROW_INTEGER,
		.flags = ROW_REQUIRED,
		.ec2 = "ToPort",
		.min = 0,
		.max = 65535,
		.doc = "The last port.",
	},
	{ .name = NULL },
};

static const struct row rule_rows[] = {
	{
		.name = "rule_action",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_COMPUTED,
		.ec2 = "RuleAction",
		.fallback = "accept",
		.choices = actions,
		.why = "Rejected packets never reach the sensor.",
		.doc = "`accept` mirrors matching packets, `reject` does not.",
	},
	{
		.name = "protocol",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL | ROW_CLEARABLE,
		.ec2 = "Protocol",
		.min = 0,
		.max = 255,
		.why = "The rule does not match traffic of any other protocol.",
		.doc = "The IANA protocol number, such as 6 for TCP and 17 for UDP. Defaults to all protocols.",
	},
	{
		.name = "source_cidr_block",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_CIDR,
		.ec2 = "SourceCidrBlock",
		.fallback = "0.0.0.0/0",
		.plan = filter_rules_plan_cidr,
		.check = check_cidr,
		.why = "The rule does not match traffic from anywhere else.",
		.doc = "The source network of the packets. Defaults to everything: `0.0.0.0/0`, or `::/0` if the "
		       "destination is IPv6.",
	},
	{
		.name = "destination_cidr_block",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_CIDR,
		.ec2 = "DestinationCidrBlock",
		.fallback = "0.0.0.0/0",
		.plan = filter_rules_plan_cidr,
		.check = check_cidr,
		.why = "The rule does not match traffic to anywhere else.",
		.doc = "The destination network of the packets. Defaults to everything: `0.0.0.0/0`, or `::/0` if the "
		       "source is IPv6.",
	},
	{
		.name = "source_port_range",
		.kind = ROW_OBJECT,
		.flags = ROW_OPTIONAL | ROW_CLEARABLE,
		.ec2 = "SourcePortRange",
		.fields = port_range_rows,
		.why = "The rule does not match traffic from any other port.",
		.doc = "The source ports of the packets, only with protocol 6 or 17. Defaults to all ports.",
	},
	{
		.name = "destination_port_range",
		.kind = ROW_OBJECT,
		.flags = ROW_OPTIONAL | ROW_CLEARABLE,
		.ec2 = "DestinationPortRange",
		.fields = port_range_rows,
		.why = "The rule does not match traffic to any other port.",
		.doc = "The destination ports of the packets, only with protocol 6 or 17. Defaults to all ports.",
	},
	{
		.name = "description",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_CLEARABLE,
		.ec2 = "Description",
		.max = 255,
		.doc = "A description of the rule.",
	},
	{
		.name = "traffic_mirror_filter_rule_id",
		.kind = ROW_STRING,
		.flags = ROW_COMPUTED,
		.xml = "trafficMirrorFilterRuleId",
		.doc = "The id that EC2 assigned to the rule, `tmfr-...`.",
	},
	{ .name = NULL },
};

#define RULE_CALLS                                                                                                     \
	"`CreateTrafficMirrorFilterRule`, `ModifyTrafficMirrorFilterRule` and `DeleteTrafficMirrorFilterRule`"

static const struct row rows[] = {
	COMMON_ROW_ID("tmf-"),
	COMMON_ROW_ARN,
	COMMON_ROW_OWNER_ID(""),
	COMMON_ROW_REGION,
	COMMON_ROW_DESCRIPTION("Virtual Network Sensor Traffic Mirror Filter", ROW_REPLACE),
	{
		.name = "network_services",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL | ROW_COMPUTED,
		.xml = "networkServiceSet",
		.sent_with = "`ModifyTrafficMirrorFilterNetworkServices`",
		.fallback = "[\"amazon-dns\"]",
		.choices = services,
		.why = "Queries to the Amazon DNS server are mirrored only if the filter includes amazon-dns.",
		.doc = "AWS services whose traffic is mirrored in addition to what the rules accept. EC2 supports "
		       "`amazon-dns`.",
	},
	{
		.name = "ingress_rules",
		.kind = ROW_NUMBER_MAP,
		.flags = ROW_OPTIONAL | ROW_COMPUTED,
		.xml = "ingressFilterRuleSet",
		.sent_with = RULE_CALLS,
		.key_xml = "ruleNumber",
		.key_noun = "rule",
		.fallback = "{\"100\":{\"description\":\"Mirror all inbound traffic.\"}}",
		.fields = rule_rows,
		.min = 1,
		.max = 32766,
		.why = "Inbound packets that no rule accepts never reach the sensor, and the matching rule with the "
		       "lowest number decides.",
		.doc = "The rules for inbound traffic, keyed by rule number; the matching rule with the lowest number "
		       "decides. The map is authoritative: a rule made elsewhere shows up as drift. Terraform drops a "
		       "misspelled argument of a rule without an error, so check new rules in the plan.",
	},
	{
		.name = "egress_rules",
		.kind = ROW_NUMBER_MAP,
		.flags = ROW_OPTIONAL | ROW_COMPUTED,
		.xml = "egressFilterRuleSet",
		.sent_with = RULE_CALLS,
		.key_xml = "ruleNumber",
		.key_noun = "rule",
		.fallback = "{\"100\":{\"description\":\"Mirror all outbound traffic.\"}}",
		.fields = rule_rows,
		.min = 1,
		.max = 32766,
		.why = "Outbound packets that no rule accepts never reach the sensor, and the matching rule with the "
		       "lowest number decides.",
		.doc = "The rules for outbound traffic, keyed by rule number, as for inbound traffic.",
	},
	COMMON_ROW_NAME("VirtualNetworkSensor-TrafficMirrorFilter"),
	COMMON_ROW_TAGS(" Rules get the tags and the `Name` tag when the provider creates them, and later changes. The "
			"tags of rules are not read: one that was made elsewhere or has lost its tags gets only later "
			"changes."),
	COMMON_ROW_TAGS_ALL,
	COMMON_ROW_DEVIATIONS,
	{ .name = NULL },
};

const struct resource mirror_filter = {
	.set = {
		.name = "vns_mirror_filter",
		.noun = "traffic mirror filter",
		.doc = "Selects which packets are mirrored. Without arguments it is the recommended filter: all traffic in both directions, and queries to the Amazon DNS server. A filter can have up to 10 rules.",
		.rows = rows,
		.validate = filter_rules_validate,
	},
	.ec2_name = "TrafficMirrorFilter",
	.tag_type = "traffic-mirror-filter",
	.id_prefix = "tmf-",
	.in_use_code = "TrafficMirrorFilterInUse",
	.finish_create = rules_finish_create,
	.finish_update = rules_finish_update,
	.explain_in_use = sessions_explain_in_use,
};
