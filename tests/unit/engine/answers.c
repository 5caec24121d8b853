// SPDX-License-Identifier: MPL-2.0
#include "answers.h"

struct value answers_filter_state(struct harness *harness, const char *id, const char *ingress)
{
	struct text json = text_print(
		&harness->arena,
		"{\"id\":\"%s\",\"arn\":\"a\",\"owner_id\":\"1\",\"region\":\"eu-central-1\","
		"\"description\":\"Virtual Network Sensor Traffic Mirror "
		"Filter\",\"network_services\":[\"amazon-dns\"],"
		"\"ingress_rules\":%s,\"egress_rules\":{},\"name\":\"VirtualNetworkSensor-TrafficMirrorFilter\","
		"\"tags_all\":{\"Name\":\"VirtualNetworkSensor-TrafficMirrorFilter\"},\"deviations\":[]}",
		id, ingress);
	return harness_value(harness, text_to_c_string(&harness->arena, json));
}

const char *answers_print_field(struct harness *harness, const struct value *object, const char *name)
{
	return harness_print(harness, value_field(object, text_of(name)));
}
