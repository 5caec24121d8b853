// SPDX-License-Identifier: MPL-2.0
// What the Describe actions list and which filters they know (facts: ec2, 1.3 and 1.5).
#include "action_rows.h"

#include "mirror_rule.h"

static const struct matching_row filter_filters[] = {
	{ "description", "description" },
	{ "traffic-mirror-filter-id", "trafficMirrorFilterId" },
	{ 0 },
};

static const struct matching_row rule_filters[] = {
	{ "description", "description" },
	{ "destination-cidr-block", "destinationCidrBlock" },
	{ "protocol", "protocol" },
	{ "rule-action", "ruleAction" },
	{ "rule-number", "ruleNumber" },
	{ "source-cidr-block", "sourceCidrBlock" },
	{ "traffic-direction", "trafficDirection" },
	{ "traffic-mirror-filter-id", "trafficMirrorFilterId" },
	{ "traffic-mirror-filter-rule-id", "trafficMirrorFilterRuleId" },
	{ 0 },
};

static const struct matching_row target_filters[] = {
	{ "description", "description" },
	{ "network-interface-id", "networkInterfaceId" },
	{ "network-load-balancer-arn", "networkLoadBalancerArn" },
	{ "owner-id", "ownerId" },
	{ "traffic-mirror-target-id", "trafficMirrorTargetId" },
	{ 0 },
};

static const struct matching_row session_filters[] = {
	{ "description", "description" },
	{ "network-interface-id", "networkInterfaceId" },
	{ "owner-id", "ownerId" },
	{ "packet-length", "packetLength" },
	{ "session-number", "sessionNumber" },
	{ "traffic-mirror-filter-id", "trafficMirrorFilterId" },
	{ "traffic-mirror-session-id", "trafficMirrorSessionId" },
	{ "traffic-mirror-target-id", "trafficMirrorTargetId" },
	{ "virtual-network-id", "virtualNetworkId" },
	{ 0 },
};

static const struct matching_row network_interface_filters[] = {
	{ "attachment.attachment-id", "attachment.attachmentId" },
	{ "attachment.device-index", "attachment.deviceIndex" },
	{ "attachment.instance-id", "attachment.instanceId" },
	{ "attachment.instance-owner-id", "attachment.instanceOwnerId" },
	{ "attachment.status", "attachment.status" },
	{ "availability-zone", "availabilityZone" },
	{ "description", "description" },
	{ "group-id", "groupSet.groupId" },
	{ "group-name", "groupSet.groupName" },
	{ "interface-type", "interfaceType" },
	{ "network-interface-id", "networkInterfaceId" },
	{ "owner-id", "ownerId" },
	{ "private-ip-address", "privateIpAddress" },
	{ "requester-managed", "requesterManaged" },
	{ "status", "status" },
	{ "subnet-id", "subnetId" },
	{ "vpc-id", "vpcId" },
	{ 0 },
};

static const struct matching_row instance_filters[] = {
	{ "availability-zone", "instancesSet.placement.availabilityZone" },
	{ "instance-id", "instancesSet.instanceId" },
	{ "instance-state-name", "instancesSet.instanceState.name" },
	{ "instance-type", "instancesSet.instanceType" },
	{ "network-interface.network-interface-id", "instancesSet.networkInterfaceSet.networkInterfaceId" },
	{ "owner-id", "ownerId" },
	{ "subnet-id", "instancesSet.subnetId" },
	{ "vpc-id", "instancesSet.vpcId" },
	{ 0 },
};

static const struct matching_row security_group_filters[] = {
	{ "description", "groupDescription" },
	{ "group-id", "groupId" },
	{ "group-name", "groupName" },
	{ "ip-permission.cidr", "ipPermissions.ipRanges.cidrIp" },
	{ "ip-permission.from-port", "ipPermissions.fromPort" },
	{ "ip-permission.protocol", "ipPermissions.ipProtocol" },
	{ "ip-permission.to-port", "ipPermissions.toPort" },
	{ "owner-id", "ownerId" },
	{ "vpc-id", "vpcId" },
	{ 0 },
};

const struct describe_row describe_filters = {
	.kind = KIND_FILTER,
	.ids_parameter = "TrafficMirrorFilterId",
	.result_element = "trafficMirrorFilterSet",
	.filters = filter_filters,
};
const struct describe_row describe_rules = {
	.kind = KIND_RULE,
	.ids_parameter = "TrafficMirrorFilterRuleId",
	.result_element = "trafficMirrorFilterRuleSet",
	.filters = rule_filters,
	.wanted = mirror_rule_is_wanted,
};
const struct describe_row describe_targets = {
	.kind = KIND_TARGET,
	.ids_parameter = "TrafficMirrorTargetId",
	.result_element = "trafficMirrorTargetSet",
	.filters = target_filters,
};
const struct describe_row describe_sessions = {
	.kind = KIND_SESSION,
	.ids_parameter = "TrafficMirrorSessionId",
	.result_element = "trafficMirrorSessionSet",
	.filters = session_filters,
};
const struct describe_row describe_network_interfaces = {
	.kind = KIND_NETWORK_INTERFACE,
	.ids_parameter = "NetworkInterfaceId",
	.result_element = "networkInterfaceSet",
	.filters = network_interface_filters,
	.ids_exclude_paging = true,
};
const struct describe_row describe_instances = {
	.kind = KIND_INSTANCE,
	.ids_parameter = "InstanceId",
	.result_element = "reservationSet",
	.filters = instance_filters,
	.ids_exclude_paging = true,
};
const struct describe_row describe_security_groups = {
	.kind = KIND_SECURITY_GROUP,
	.ids_parameter = "GroupId",
	.result_element = "securityGroupInfo",
	.filters = security_group_filters,
	.ids_exclude_paging = true,
};
