// SPDX-License-Identifier: MPL-2.0
#include "fields.h"

#include <stddef.h>

static const struct field port_range[] = { { .name = "fromPort" }, { .name = "toPort" }, { 0 } };

const struct field fields_of_rule[] = {
	{ .name = "trafficMirrorFilterRuleId" },
	{ .name = "trafficMirrorFilterId" },
	{ .name = "trafficDirection" },
	{ .name = "ruleNumber" },
	{ .name = "ruleAction" },
	{ .name = "protocol" },
	{ .name = "destinationPortRange", .kind = FIELD_STRUCTURE, .fields = port_range },
	{ .name = "sourcePortRange", .kind = FIELD_STRUCTURE, .fields = port_range },
	{ .name = "destinationCidrBlock" },
	{ .name = "sourceCidrBlock" },
	{ .name = "description" },
	{ .name = "tagSet", .kind = FIELD_TAGS },
	{ 0 },
};

const struct field fields_of_filter[] = {
	{ .name = "trafficMirrorFilterId" },
	{ .name = "ingressFilterRuleSet", .kind = FIELD_LIST, .fields = fields_of_rule },
	{ .name = "egressFilterRuleSet", .kind = FIELD_LIST, .fields = fields_of_rule },
	{ .name = "networkServiceSet", .kind = FIELD_LIST },
	{ .name = "description" },
	{ .name = "tagSet", .kind = FIELD_TAGS },
	{ 0 },
};

const struct field fields_of_target[] = {
	{ .name = "trafficMirrorTargetId" },
	{ .name = "networkInterfaceId" },
	{ .name = "networkLoadBalancerArn" },
	{ .name = "gatewayLoadBalancerEndpointId" },
	{ .name = "type" },
	{ .name = "description" },
	{ .name = "ownerId" },
	{ .name = "tagSet", .kind = FIELD_TAGS },
	{ 0 },
};

const struct field fields_of_session[] = {
	{ .name = "trafficMirrorSessionId" },
	{ .name = "trafficMirrorTargetId" },
	{ .name = "trafficMirrorFilterId" },
	{ .name = "networkInterfaceId" },
	{ .name = "ownerId" },
	{ .name = "packetLength" },
	{ .name = "sessionNumber" },
	{ .name = "virtualNetworkId" },
	{ .name = "description" },
	{ .name = "tagSet", .kind = FIELD_TAGS },
	{ 0 },
};

static const struct field attachment[] = {
	{ .name = "attachmentId" },        { .name = "instanceId" },
	{ .name = "instanceOwnerId" },     { .name = "deviceIndex" },
	{ .name = "networkCardIndex" },    { .name = "status" },
	{ .name = "deleteOnTermination" }, { 0 },
};

static const struct field group[] = { { .name = "groupId" }, { .name = "groupName" }, { 0 } };

const struct field fields_of_network_interface[] = {
	{ .name = "networkInterfaceId" },
	{ .name = "subnetId" },
	{ .name = "vpcId" },
	{ .name = "availabilityZone" },
	{ .name = "description" },
	{ .name = "ownerId" },
	{ .name = "requesterId" },
	{ .name = "requesterManaged" },
	{ .name = "status" },
	{ .name = "macAddress" },
	{ .name = "privateIpAddress" },
	{ .name = "sourceDestCheck" },
	{ .name = "groupSet", .kind = FIELD_LIST, .fields = group },
	{ .name = "attachment", .kind = FIELD_STRUCTURE, .fields = attachment },
	{ .name = "tagSet", .kind = FIELD_TAGS },
	{ .name = "interfaceType" },
	{ 0 },
};

static const struct field instance_state[] = { { .name = "code" }, { .name = "name" }, { 0 } };
static const struct field placement[] = { { .name = "availabilityZone" }, { .name = "tenancy" }, { 0 } };
static const struct field instance[] = {
	{ .name = "instanceId" },
	{ .name = "instanceState", .kind = FIELD_STRUCTURE, .fields = instance_state },
	{ .name = "instanceType" },
	{ .name = "placement", .kind = FIELD_STRUCTURE, .fields = placement },
	{ .name = "subnetId" },
	{ .name = "vpcId" },
	{ .name = "hypervisor" },
	{ .name = "networkInterfaceSet", .kind = FIELD_LIST, .fields = fields_of_network_interface },
	{ .name = "tagSet", .kind = FIELD_TAGS },
	{ 0 },
};

// DescribeInstances answers reservations; here each instance has one of its own.
const struct field fields_of_instance[] = {
	{ .name = "reservationId" },
	{ .name = "ownerId" },
	{ .name = "instancesSet", .kind = FIELD_LIST, .fields = instance },
	{ 0 },
};

const struct field fields_of_instance_type[] = {
	{ .name = "instanceType" },
	{ .name = "currentGeneration" },
	{ .name = "bareMetal" },
	{ .name = "hypervisor" },
	{ 0 },
};

static const struct field balancer_state[] = { { .name = "Code" }, { 0 } };
static const struct field balancer_zone[] = { { .name = "ZoneName" }, { .name = "SubnetId" }, { 0 } };

const struct field fields_of_load_balancer[] = {
	{ .name = "LoadBalancerArn" },
	{ .name = "LoadBalancerName" },
	{ .name = "DNSName" },
	{ .name = "Scheme" },
	{ .name = "VpcId" },
	{ .name = "State", .kind = FIELD_STRUCTURE, .fields = balancer_state },
	{ .name = "Type" },
	{ .name = "AvailabilityZones", .kind = FIELD_LIST, .fields = balancer_zone },
	{ .name = "IpAddressType" },
	{ 0 },
};

const struct field fields_of_listener[] = {
	{ .name = "ListenerArn" }, { .name = "LoadBalancerArn" }, { .name = "Port" }, { .name = "Protocol" }, { 0 },
};

static const struct field ip_range[] = { { .name = "cidrIp" }, { 0 } };
static const struct field permission[] = {
	{ .name = "ipProtocol" },
	{ .name = "fromPort" },
	{ .name = "toPort" },
	{ .name = "ipRanges", .kind = FIELD_LIST, .fields = ip_range },
	{ 0 },
};

const struct field fields_of_security_group[] = {
	{ .name = "ownerId" },
	{ .name = "groupId" },
	{ .name = "groupName" },
	{ .name = "groupDescription" },
	{ .name = "vpcId" },
	{ .name = "ipPermissions", .kind = FIELD_LIST, .fields = permission },
	{ .name = "ipPermissionsEgress", .kind = FIELD_LIST, .fields = permission },
	{ .name = "tagSet", .kind = FIELD_TAGS },
	{ 0 },
};

const struct field fields_of_tag[] = {
	{ .name = "key" }, { .name = "resourceId" }, { .name = "resourceType" }, { .name = "value" }, { 0 },
};

static const struct field fields_of_assumed_role_user[] = { { .name = "AssumedRoleId" }, { .name = "Arn" }, { 0 } };
static const struct field fields_of_role_credentials[] = {
	{ .name = "AccessKeyId" },
	{ .name = "SecretAccessKey" },
	{ .name = "SessionToken" },
	{ .name = "Expiration" },
	{ 0 },
};
const struct field fields_of_assumed_role[] = {
	{ "AssumedRoleUser", FIELD_STRUCTURE, fields_of_assumed_role_user },
	{ "Credentials", FIELD_STRUCTURE, fields_of_role_credentials },
	{ 0 },
};
