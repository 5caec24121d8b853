// SPDX-License-Identifier: MPL-2.0
// The parameters of every action, as EC2's service model has them (facts: ec2, 1.3 and 1.5). DryRun, which all of EC2's
// take, is in parameters.c.
#include "action_rows.h"

static const char *const network_services[] = { "amazon-dns", NULL };
static const char *const directions[] = { "ingress", "egress", NULL };
static const char *const rule_actions[] = { "accept", "reject", NULL };
static const char *const rule_fields[] = { "destination-port-range", "source-port-range", "protocol", "description",
					   NULL };
static const char *const session_fields[] = { "packet-length", "description", "virtual-network-id", NULL };

#define TEXT_PARAMETER(n)                                                                                              \
	{                                                                                                              \
		.name = (n)                                                                                            \
	}
#define REQUIRED_TEXT(n)                                                                                               \
	{                                                                                                              \
		.name = (n), .required = true                                                                          \
	}
#define TEXT_LIST(n)                                                                                                   \
	{                                                                                                              \
		.name = (n), .list = true                                                                              \
	}
#define CHOICE(n, all)                                                                                                 \
	{                                                                                                              \
		.name = (n), .choices = (all)                                                                          \
	}
#define REQUIRED_CHOICE(n, all)                                                                                        \
	{                                                                                                              \
		.name = (n), .choices = (all), .required = true                                                        \
	}
#define CHOICE_LIST(n, all)                                                                                            \
	{                                                                                                              \
		.name = (n), .choices = (all), .list = true                                                            \
	}
#define INTEGER(n, least, most)                                                                                        \
	{                                                                                                              \
		.name = (n), .kind = PARAMETER_INTEGER, .minimum = (least), .maximum = (most)                          \
	}
#define REQUIRED_INTEGER(n, least, most)                                                                               \
	{                                                                                                              \
		.name = (n), .kind = PARAMETER_INTEGER, .minimum = (least), .maximum = (most), .required = true        \
	}
#define STRUCTURE(n, rows)                                                                                             \
	{                                                                                                              \
		.name = (n), .kind = PARAMETER_STRUCTURE, .fields = (rows)                                             \
	}
#define STRUCTURE_LIST(n, rows)                                                                                        \
	{                                                                                                              \
		.name = (n), .kind = PARAMETER_STRUCTURE, .fields = (rows), .list = true                               \
	}
#define REQUIRED_STRUCTURE_LIST(n, rows)                                                                               \
	{                                                                                                              \
		.name = (n), .kind = PARAMETER_STRUCTURE, .fields = (rows), .list = true, .required = true             \
	}
#define END                                                                                                            \
	{                                                                                                              \
		.name = NULL                                                                                           \
	}

static const struct parameter tag[] = { REQUIRED_TEXT("Key"), TEXT_PARAMETER("Value"), END };
static const struct parameter specification[] = { REQUIRED_TEXT("ResourceType"), STRUCTURE_LIST("Tag", tag), END };
static const struct parameter filter[] = { REQUIRED_TEXT("Name"),
					   { .name = "Value", .list = true, .required = true },
					   END };
static const struct parameter port_range[] = { INTEGER("FromPort", 0, 65535), INTEGER("ToPort", 0, 65535), END };

// What every create takes, and every list.
#define CREATE_PARAMETERS STRUCTURE_LIST("TagSpecification", specification), TEXT_PARAMETER("ClientToken")
#define LIST_PARAMETERS(most)                                                                                          \
	STRUCTURE_LIST("Filter", filter), INTEGER("MaxResults", 5, (most)), TEXT_PARAMETER("NextToken")

const struct parameter parameters_none[] = { END };

const struct parameter parameters_create_filter[] = { TEXT_PARAMETER("Description"), CREATE_PARAMETERS, END };
const struct parameter parameters_modify_network_services[] = {
	REQUIRED_TEXT("TrafficMirrorFilterId"),
	CHOICE_LIST("AddNetworkService", network_services),
	CHOICE_LIST("RemoveNetworkService", network_services),
	END,
};
const struct parameter parameters_delete_filter[] = { REQUIRED_TEXT("TrafficMirrorFilterId"), END };
const struct parameter parameters_describe_filters[] = { TEXT_LIST("TrafficMirrorFilterId"), LIST_PARAMETERS(1000),
							 END };

const struct parameter parameters_create_rule[] = {
	REQUIRED_TEXT("TrafficMirrorFilterId"),
	REQUIRED_CHOICE("TrafficDirection", directions),
	REQUIRED_INTEGER("RuleNumber", 1, 32766),
	REQUIRED_CHOICE("RuleAction", rule_actions),
	STRUCTURE("DestinationPortRange", port_range),
	STRUCTURE("SourcePortRange", port_range),
	INTEGER("Protocol", 0, 255),
	REQUIRED_TEXT("DestinationCidrBlock"),
	REQUIRED_TEXT("SourceCidrBlock"),
	TEXT_PARAMETER("Description"),
	CREATE_PARAMETERS,
	END,
};
const struct parameter parameters_modify_rule[] = {
	REQUIRED_TEXT("TrafficMirrorFilterRuleId"),
	CHOICE("TrafficDirection", directions),
	INTEGER("RuleNumber", 1, 32766),
	CHOICE("RuleAction", rule_actions),
	STRUCTURE("DestinationPortRange", port_range),
	STRUCTURE("SourcePortRange", port_range),
	INTEGER("Protocol", 0, 255),
	TEXT_PARAMETER("DestinationCidrBlock"),
	TEXT_PARAMETER("SourceCidrBlock"),
	TEXT_PARAMETER("Description"),
	CHOICE_LIST("RemoveField", rule_fields),
	END,
};
const struct parameter parameters_delete_rule[] = { REQUIRED_TEXT("TrafficMirrorFilterRuleId"), END };
const struct parameter parameters_describe_rules[] = {
	TEXT_LIST("TrafficMirrorFilterRuleId"),
	TEXT_PARAMETER("TrafficMirrorFilterId"),
	LIST_PARAMETERS(1000),
	END,
};

const struct parameter parameters_create_target[] = {
	TEXT_PARAMETER("NetworkInterfaceId"),
	TEXT_PARAMETER("NetworkLoadBalancerArn"),
	TEXT_PARAMETER("GatewayLoadBalancerEndpointId"),
	TEXT_PARAMETER("Description"),
	CREATE_PARAMETERS,
	END,
};
const struct parameter parameters_delete_target[] = { REQUIRED_TEXT("TrafficMirrorTargetId"), END };
const struct parameter parameters_describe_targets[] = { TEXT_LIST("TrafficMirrorTargetId"), LIST_PARAMETERS(1000),
							 END };

const struct parameter parameters_create_session[] = {
	REQUIRED_TEXT("NetworkInterfaceId"),
	REQUIRED_TEXT("TrafficMirrorTargetId"),
	REQUIRED_TEXT("TrafficMirrorFilterId"),
	REQUIRED_INTEGER("SessionNumber", 1, 32766),
	INTEGER("PacketLength", 1, 8500),
	INTEGER("VirtualNetworkId", 0, 16777215),
	TEXT_PARAMETER("Description"),
	CREATE_PARAMETERS,
	END,
};
const struct parameter parameters_modify_session[] = {
	REQUIRED_TEXT("TrafficMirrorSessionId"),
	TEXT_PARAMETER("TrafficMirrorTargetId"),
	TEXT_PARAMETER("TrafficMirrorFilterId"),
	INTEGER("PacketLength", 1, 8500),
	INTEGER("SessionNumber", 1, 32766),
	INTEGER("VirtualNetworkId", 0, 16777215),
	TEXT_PARAMETER("Description"),
	CHOICE_LIST("RemoveField", session_fields),
	END,
};
const struct parameter parameters_delete_session[] = { REQUIRED_TEXT("TrafficMirrorSessionId"), END };
const struct parameter parameters_describe_sessions[] = { TEXT_LIST("TrafficMirrorSessionId"), LIST_PARAMETERS(1000),
							  END };

const struct parameter parameters_create_tags[] = {
	{ .name = "ResourceId", .list = true, .required = true },
	REQUIRED_STRUCTURE_LIST("Tag", tag),
	END,
};
const struct parameter parameters_delete_tags[] = {
	{ .name = "ResourceId", .list = true, .required = true },
	STRUCTURE_LIST("Tag", tag),
	END,
};
const struct parameter parameters_describe_tags[] = { LIST_PARAMETERS(1000), END };

const struct parameter parameters_describe_network_interfaces[] = {
	TEXT_LIST("NetworkInterfaceId"),
	LIST_PARAMETERS(1000),
	{ .name = "IncludeManagedResources", .kind = PARAMETER_BOOLEAN },
	END,
};
const struct parameter parameters_describe_instances[] = { TEXT_LIST("InstanceId"), LIST_PARAMETERS(1000), END };
const struct parameter parameters_describe_instance_types[] = { TEXT_LIST("InstanceType"), LIST_PARAMETERS(100), END };
const struct parameter parameters_describe_security_groups[] = { TEXT_LIST("GroupId"), LIST_PARAMETERS(1000), END };

const struct parameter parameters_describe_load_balancers[] = {
	TEXT_LIST("LoadBalancerArns"), TEXT_LIST("Names"), TEXT_PARAMETER("Marker"), INTEGER("PageSize", 1, 400), END,
};
const struct parameter parameters_describe_listeners[] = {
	REQUIRED_TEXT("LoadBalancerArn"),
	TEXT_PARAMETER("Marker"),
	INTEGER("PageSize", 1, 400),
	END,
};

static const struct parameter session_tag[] = { REQUIRED_TEXT("Key"), REQUIRED_TEXT("Value"), END };
static const struct parameter policy_arn[] = { REQUIRED_TEXT("arn"), END };

const struct parameter parameters_assume_role[] = {
	REQUIRED_TEXT("RoleArn"),
	REQUIRED_TEXT("RoleSessionName"),
	INTEGER("DurationSeconds", 900, 43200),
	TEXT_PARAMETER("Policy"),
	STRUCTURE_LIST("PolicyArns", policy_arn),
	STRUCTURE_LIST("Tags", session_tag),
	TEXT_LIST("TransitiveTagKeys"),
	TEXT_PARAMETER("ExternalId"),
	TEXT_PARAMETER("SourceIdentity"),
	END,
};
const struct parameter parameters_assume_role_with_web_identity[] = {
	REQUIRED_TEXT("RoleArn"),
	REQUIRED_TEXT("RoleSessionName"),
	REQUIRED_TEXT("WebIdentityToken"),
	INTEGER("DurationSeconds", 900, 43200),
	TEXT_PARAMETER("Policy"),
	STRUCTURE_LIST("PolicyArns", policy_arn),
	END,
};
