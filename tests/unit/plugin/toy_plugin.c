// SPDX-License-Identifier: MPL-2.0
// A whole plugin process around the toy service.
#include "plugin/host.h"
#include "toy.h"

int main(int argc, char **argv)
{
	struct toy toy;
	toy_init(&toy);
	const struct host host = {
		.name = "toy-plugin",
		.version = "1.2.3",
		.source = "vns-sensor/toy",
		.protocol = "6.11",
		.protocol_version = 6,
		.log_module = "toy",
		.service = &toy.service.base,
		.service_new = toy_service_new,
		.service_free = toy_service_free,
		.urgent_method = "Stop",
		.packed_answer = toy_packed_answer,
	};
	return host_main(&host, argc, argv);
}
