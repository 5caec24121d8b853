// SPDX-License-Identifier: MPL-2.0
#include "kinds.h"

#include "instances.h"
#include "mirror_filter.h"
#include "mirror_session.h"

#include <string.h>

static const struct kind_row rows[KIND_COUNT] = {
	[KIND_FILTER] = {
		.collection = "traffic_mirror_filters",
		.id_field = "trafficMirrorFilterId",
		.id_prefix = "tmf-",
		.noun = "traffic mirror filter",
		.not_found = "InvalidTrafficMirrorFilterId.NotFound",
		.malformed = "InvalidTrafficMirrorFilterId.Malformed",
		.resource_type = "traffic-mirror-filter",
		.fields = fields_of_filter,
		.view = mirror_filter_view,
	},
	[KIND_RULE] = {
		.collection = "traffic_mirror_filter_rules",
		.id_field = "trafficMirrorFilterRuleId",
		.id_prefix = "tmfr-",
		.noun = "traffic mirror filter rule",
		.not_found = "InvalidTrafficMirrorFilterRuleId.NotFound",
		.malformed = "InvalidTrafficMirrorFilterRuleId.Malformed",
		.resource_type = "traffic-mirror-filter-rule",
		.fields = fields_of_rule,
		.references = { "trafficMirrorFilterId" },
	},
	[KIND_TARGET] = {
		.collection = "traffic_mirror_targets",
		.id_field = "trafficMirrorTargetId",
		.id_prefix = "tmt-",
		.noun = "traffic mirror target",
		.not_found = "InvalidTrafficMirrorTargetId.NotFound",
		.malformed = "InvalidTrafficMirrorTargetId.Malformed",
		.resource_type = "traffic-mirror-target",
		.fields = fields_of_target,
		.references = { "networkInterfaceId" },
	},
	[KIND_SESSION] = {
		.collection = "traffic_mirror_sessions",
		.id_field = "trafficMirrorSessionId",
		.id_prefix = "tms-",
		.noun = "traffic mirror session",
		.not_found = "InvalidTrafficMirrorSessionId.NotFound",
		.malformed = "InvalidTrafficMirrorSessionId.Malformed",
		.resource_type = "traffic-mirror-session",
		.fields = fields_of_session,
		.references = { "networkInterfaceId", "trafficMirrorTargetId", "trafficMirrorFilterId" },
		.view = mirror_session_view,
	},
	[KIND_NETWORK_INTERFACE] = {
		.collection = "network_interfaces",
		.id_field = "networkInterfaceId",
		.id_prefix = "eni-",
		.noun = "networkInterface",
		.not_found = "InvalidNetworkInterfaceID.NotFound",
		.malformed = "InvalidNetworkInterfaceID.Malformed",
		.resource_type = "network-interface",
		.fields = fields_of_network_interface,
		.references = { "attachment.instanceId" },
	},
	[KIND_INSTANCE] = {
		.collection = "instances",
		.id_field = "instanceId",
		.id_prefix = "i-",
		.noun = "instance",
		.not_found = "InvalidInstanceID.NotFound",
		.malformed = "InvalidInstanceID.Malformed",
		.resource_type = "instance",
		.fields = fields_of_instance,
		.view = instances_view,
	},
	[KIND_LOAD_BALANCER] = {
		.collection = "load_balancers",
		.id_field = "LoadBalancerArn",
		.id_prefix = "arn:",
		.noun = "load balancer",
		.not_found = "LoadBalancerNotFound",
		.malformed = "ValidationError",
		.fields = fields_of_load_balancer,
	},
	[KIND_GATEWAY_ENDPOINT] = {
		.collection = "gateway_load_balancer_endpoints",
		.id_field = "vpcEndpointId",
		.id_prefix = "vpce-",
		.noun = "VPC endpoint",
		.not_found = "InvalidVpcEndpointId.NotFound",
		.malformed = "InvalidVpcEndpointId.Malformed",
		.resource_type = "vpc-endpoint",
	},
	[KIND_SECURITY_GROUP] = {
		.collection = "security_groups",
		.id_field = "groupId",
		.id_prefix = "sg-",
		.noun = "security group",
		.not_found = "InvalidGroup.NotFound",
		.malformed = "InvalidGroupId.Malformed",
		.resource_type = "security-group",
		.fields = fields_of_security_group,
	},
};

const struct kind_row *kinds_row(enum kind kind)
{
	return &rows[kind];
}

enum kind kinds_of_id(const char *id)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		if (strncmp(id, rows[kind].id_prefix, strlen(rows[kind].id_prefix)) == 0)
			return kind;
	}
	return KIND_COUNT;
}

bool kinds_id_is_well_formed(enum kind kind, const char *id)
{
	const size_t prefix_length = strlen(rows[kind].id_prefix);
	if (strncmp(id, rows[kind].id_prefix, prefix_length) != 0)
		return false;
	const size_t digits = strspn(id + prefix_length, "0123456789abcdef");
	return id[prefix_length + digits] == '\0' && (digits == 8 || digits == 17);
}

const char *kinds_id(enum kind kind, const json_t *object)
{
	return json_string_value(json_object_get(object, rows[kind].id_field));
}
