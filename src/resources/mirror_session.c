// SPDX-License-Identifier: MPL-2.0
// vns_mirror_session: what is mirrored from one network interface to the sensor.
#include "resources/mirror_session.h"

#include "ec2/sessions.h"
#include "resources/common_rows.h"
#include "schema/plan.h"

// What EC2 assigns depends on the kind of target (8500 for a load balancer, the whole packet for an interface), so a
// session that moves to another target gets a new one.
static struct value plan_packet_length(struct call *call, const struct plan_view *view)
{
	(void)call;
	const struct value *prior = plan_prior_of(view, T("traffic_mirror_target_id"));
	const struct value *planned = plan_planned_of(view, T("traffic_mirror_target_id"));
	bool moves = value_is_known(prior) && !value_equal(prior, planned);
	return moves ? value_unknown(&type_number) : *plan_planned_of(view, text_of(view->row->name));
}

static const struct row rows[] = {
	COMMON_ROW_ID("tms-"),
	COMMON_ROW_ARN,
	COMMON_ROW_OWNER_ID("ownerId"),
	COMMON_ROW_REGION,
	{
		.name = "network_interface_id",
		.kind = ROW_STRING,
		.flags = ROW_REQUIRED | ROW_REPLACE,
		.ec2 = "NetworkInterfaceId",
		.id_prefix = "eni-",
		.doc = "The network interface whose traffic is mirrored. It must be attached to an instance of a type "
		       "that supports traffic mirroring, and must not be a target itself.",
	},
	{
		.name = "traffic_mirror_target_id",
		.kind = ROW_STRING,
		.flags = ROW_REQUIRED | ROW_REPLACE_IF_UNKNOWN,
		.ec2 = "TrafficMirrorTargetId",
		.id_prefix = "tmt-",
		.doc = "Where the mirrored packets are sent: the id of a `vns_mirror_target`. Switching to another "
		       "existing target is an in-place update without interruption; if the target is replaced, so is "
		       "the session.",
	},
	{
		.name = "traffic_mirror_filter_id",
		.kind = ROW_STRING,
		.flags = ROW_REQUIRED | ROW_REPLACE_IF_UNKNOWN,
		.ec2 = "TrafficMirrorFilterId",
		.id_prefix = "tmf-",
		.doc = "Which packets are mirrored: the id of a `vns_mirror_filter`. Switching to another existing "
		       "filter is an in-place update; if the filter is replaced, so is the session.",
	},
	{
		.name = "session_number",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL | ROW_COMPUTED,
		.ec2 = "SessionNumber",
		.fallback = "1",
		.min = 1,
		.max = 32766,
		.why = "Each packet is mirrored only once, by the session with the lowest number whose filter accepts "
		       "it: sessions with lower numbers on the same interface take packets away from the sensor.",
		.doc = "The priority among the sessions of the same interface, where it must be unique; 1 is the "
		       "highest. A number that another session gives up in the same run is waited for; to swap two "
		       "numbers takes two runs.",
	},
	{
		.name = "virtual_network_id",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_ASSIGNED | ROW_CLEARABLE,
		.ec2 = "VirtualNetworkId",
		.min = 0,
		.max = 16777215,
		.why = "AWS assigns an id that is unique among the sessions of the account; with a chosen one the "
		       "sensor may be unable to tell which session a packet came from.",
		.doc = "The VXLAN network identifier (VNI) of the mirrored packets. If not set, AWS assigns one. The "
		       "id "
		       "of an imported session counts as assigned, also if the configuration repeats it: then it is no "
		       "deviation, and stays when the argument is removed.",
	},
	{
		.name = "packet_length",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_ASSIGNED | ROW_CLEARABLE,
		.ec2 = "PacketLength",
		.plan = plan_packet_length,
		.assigned = "8500",
		.min = 1,
		.max = 8500,
		.why = "The sensor sees only the beginning of each packet, so that detections which inspect the "
		       "payload fail.",
		.doc = "How many bytes of each packet are mirrored, counted after the VXLAN header. If not set, the "
		       "whole packet; AWS then reports 8500 if the target is a load balancer.",
	},
	COMMON_ROW_DESCRIPTION("Virtual Network Sensor Traffic Mirror Session", ROW_CLEARABLE),
	COMMON_ROW_NAME("VirtualNetworkSensor-TrafficMirrorSession"),
	COMMON_ROW_TAGS(""),
	COMMON_ROW_TAGS_ALL,
	COMMON_ROW_DEVIATIONS,
	{ .name = NULL },
};

const struct resource mirror_session = {
	.set = {
		.name = "vns_mirror_session",
		.noun = "traffic mirror session",
		.doc = "Mirrors the traffic of one network interface to a sensor. AWS charges for every hour that the session exists, even while the mirrored instance is stopped.",
		.rows = rows,
		.validate = tags_validate_name,
	},
	.ec2_name = "TrafficMirrorSession",
	.tag_type = "traffic-mirror-session",
	.id_prefix = "tms-",
	.has_modify = true,
	.explain = sessions_explain,
};
