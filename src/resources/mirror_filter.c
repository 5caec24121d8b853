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
		.doc = "`accept` mirrors matching packets, `reject` keeps them out.",
	},
	{
		.name = "protocol",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL | ROW_CLEARABLE,
		.ec2 = "Protocol",
		.min = 0,
		.max = 255,
		.why = "The rule leaves out the traffic of every other protocol.",
		.doc = "The IANA protocol number, such as 6 for TCP and 17 for UDP. All protocols when absent.",
	},
	{
		.name = "source_cidr_block",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_CIDR,
		.ec2 = "SourceCidrBlock",
		.fallback = "0.0.0.0/0",
		.plan = filter_rules_plan_cidr,
		.check = check_cidr,
		.why = "The rule leaves out the traffic from everywhere else.",
		.doc = "The network that packets come from. Everything when absent: `0.0.0.0/0`, or `::/0` when the "
		       "other network is an IPv6 one.",
	},
	{
		.name = "destination_cidr_block",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_CIDR,
		.ec2 = "DestinationCidrBlock",
		.fallback = "0.0.0.0/0",
		.plan = filter_rules_plan_cidr,
		.check = check_cidr,
		.why = "The rule leaves out the traffic to everywhere else.",
		.doc = "The network that packets go to. Everything when absent, of the other network's family.",
	},
	{
		.name = "source_port_range",
		.kind = ROW_OBJECT,
		.flags = ROW_OPTIONAL | ROW_CLEARABLE,
		.ec2 = "SourcePortRange",
		.fields = port_range_rows,
		.why = "The rule leaves out the traffic from every other port.",
		.doc = "The ports that packets come from; only with protocol 6 or 17. All ports when absent.",
	},
	{
		.name = "destination_port_range",
		.kind = ROW_OBJECT,
		.flags = ROW_OPTIONAL | ROW_CLEARABLE,
		.ec2 = "DestinationPortRange",
		.fields = port_range_rows,
		.why = "The rule leaves out the traffic to every other port.",
		.doc = "The ports that packets go to; only with protocol 6 or 17. All ports when absent.",
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
		.doc = "The id that EC2 gave the rule, `tmfr-...`.",
	},
	{ .name = NULL },
};

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
		.fallback = "[\"amazon-dns\"]",
		.choices = services,
		.why = "Queries to the Amazon DNS server are mirrored only when the filter lists amazon-dns.",
		.doc = "AWS services whose traffic is mirrored beside what the rules say. EC2 knows `amazon-dns`.",
	},
	{
		.name = "ingress_rules",
		.kind = ROW_NUMBER_MAP,
		.flags = ROW_OPTIONAL | ROW_COMPUTED,
		.xml = "ingressFilterRuleSet",
		.key_xml = "ruleNumber",
		.key_noun = "rule",
		.fallback = "{\"100\":{\"description\":\"Mirror all inbound traffic.\"}}",
		.fields = rule_rows,
		.min = 1,
		.max = 32766,
		.why = "Inbound packets that no rule accepts never reach the sensor, and the lowest rule number that "
		       "matches decides.",
		.doc = "The rules for inbound traffic by rule number; the lowest number that matches decides. The map "
		       "is all there is: a rule made elsewhere shows as a difference.",
	},
	{
		.name = "egress_rules",
		.kind = ROW_NUMBER_MAP,
		.flags = ROW_OPTIONAL | ROW_COMPUTED,
		.xml = "egressFilterRuleSet",
		.key_xml = "ruleNumber",
		.key_noun = "rule",
		.fallback = "{\"100\":{\"description\":\"Mirror all outbound traffic.\"}}",
		.fields = rule_rows,
		.min = 1,
		.max = 32766,
		.why = "Outbound packets that no rule accepts never reach the sensor, and the lowest rule number that "
		       "matches decides.",
		.doc = "The rules for outbound traffic by rule number, as for inbound.",
	},
	COMMON_ROW_NAME("VirtualNetworkSensor-TrafficMirrorFilter"),
	COMMON_ROW_TAGS,
	COMMON_ROW_TAGS_ALL,
	COMMON_ROW_DEVIATIONS,
	{ .name = NULL },
};

const struct resource mirror_filter = {
	.set = {
		.name = "vns_mirror_filter",
		.noun = "traffic mirror filter",
		.doc = "Which packets are mirrored. Without arguments it is the recommended filter: everything in both directions, and the queries to the Amazon DNS server. A filter has 10 rules at most.",
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
