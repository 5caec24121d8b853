// SPDX-License-Identifier: MPL-2.0
// vns_mirror_target: where mirrored packets go, the sensor's data port or the load balancer in front of sensors.
#include "resources/mirror_target.h"

#include "ec2/sessions.h"
#include "resources/common_rows.h"

// EC2 calls the kind of a target as the argument that names one, without its last word: "network-interface" of
// network_interface_id. Exactly one of these is given (validated), so the kind is known as soon as only one can be.
static struct value plan_type(struct call *call, const struct plan_view *view)
{
	const struct row *given = NULL;
	for (const struct row *row = view->rows; row->name; row++) {
		if (!(row->flags & ROW_ONE_OF) || value_is_null(plan_config_of(view, text_of(row->name))))
			continue;
		if (given)
			return value_unknown(&type_string);
		given = row;
	}
	if (!given)
		return value_unknown(&type_string);
	struct text words = row_remove_field_name(call->arena, given);
	size_t length = words.length;
	while (length > 0 && words.at[length - 1] != '-')
		length--;
	return value_string(text_part(words, 0, length - 1));
}

static const struct row rows[] = {
	COMMON_ROW_ID("tmt-"),
	COMMON_ROW_ARN,
	COMMON_ROW_OWNER_ID("ownerId"),
	COMMON_ROW_REGION,
	{
		.name = "network_interface_id",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_REPLACE | ROW_ONE_OF,
		.ec2 = "NetworkInterfaceId",
		.id_prefix = "eni-",
		.doc = "The network interface that receives the mirrored packets: the sensor's data port.",
	},
	{
		.name = "network_load_balancer_arn",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_REPLACE | ROW_ONE_OF,
		.ec2 = "NetworkLoadBalancerArn",
		.check = check_network_balancer_arn,
		.doc = "The network load balancer in front of several sensors. It needs a UDP listener on port 4789.",
	},
	{
		.name = "gateway_load_balancer_endpoint_id",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_REPLACE | ROW_ONE_OF,
		.ec2 = "GatewayLoadBalancerEndpointId",
		.id_prefix = "vpce-",
		.doc = "The Gateway Load Balancer endpoint in front of the sensors.",
	},
	{
		.name = "type",
		.kind = ROW_STRING,
		.flags = ROW_COMPUTED,
		.xml = "type",
		.plan = plan_type,
		.doc = "`network-interface`, `network-load-balancer` or `gateway-load-balancer-endpoint`.",
	},
	COMMON_ROW_DESCRIPTION("Virtual Network Sensor Traffic Mirror Target", ROW_REPLACE),
	COMMON_ROW_NAME("VirtualNetworkSensor-TrafficMirrorTarget"),
	COMMON_ROW_TAGS(""),
	COMMON_ROW_TAGS_ALL,
	COMMON_ROW_DEVIATIONS,
	{ .name = NULL },
};

const struct resource mirror_target = {
	.set = {
		.name = "vns_mirror_target",
		.noun = "traffic mirror target",
		.doc = "Defines where mirrored packets are sent: the data port of a Virtual Network Sensor, or the load balancer in front of several. Set exactly one of `network_interface_id`, `network_load_balancer_arn` and `gateway_load_balancer_endpoint_id`. EC2 cannot modify a target: changing anything but `name` and `tags` replaces it and the sessions that use it.",
		.rows = rows,
		.validate = tags_validate_name,
	},
	.ec2_name = "TrafficMirrorTarget",
	.tag_type = "traffic-mirror-target",
	.id_prefix = "tmt-",
	.in_use_code = "TrafficMirrorTargetInUse",
	.explain_in_use = sessions_explain_in_use,
};
