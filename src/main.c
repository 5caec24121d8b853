// SPDX-License-Identifier: MPL-2.0
// A map of the program. It has one job, so it has one way through:
//
//   plugin/host.c        reads arguments and environment, prints the handshake line, waits for the end
//   plugin/server.c      takes calls from the connection; plugin/rpc.c is the life of one
//   plugin/dispatch.c    unpacks a request and finds its handler
//   provider/            the handlers, one file per method of Terraform's protocol
//   schema/, resources/  what a filter, a target and a session are: rows of tables, and what is done with rows
//   engine/              create, read, update and remove, for any rows
//   ec2/, aws/           values to requests and back; signing, sending, retrying
//
// Nothing is started here that the handshake does not need: libraries that talk to AWS start with the first call to it.
#include "plugin/host.h"
#include "provider/provider.h"

#include <curl/curl.h>
#include <expat.h>
#include <jansson.h>
#include <msgpack.h>

#include <stdio.h>

static const char *curl_says(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}

static const char *expat_says(void)
{
	return XML_ExpatVersion() + sizeof "expat_" - 1;
}

// For one more instance of the provider in the same process (-debug).
static ProtobufCService *service_new(void)
{
	struct provider *provider = provider_new(VNS_VERSION);
	return provider ? provider_service(provider) : NULL;
}

static void service_free(ProtobufCService *service)
{
	provider_free(provider_of_service(service));
}

int main(int argc, char **argv)
{
	static const struct host_library libraries[] = {
		{ "libcurl", curl_says },
		{ "Expat", expat_says },
		{ "msgpack-c", msgpack_version },
		{ "Jansson", jansson_version_str },
	};
	struct provider *provider = provider_new(VNS_VERSION);
	if (!provider) {
		(void)fputs("terraform-provider-vns: out of memory at start\n", stderr);
		return 1;
	}
	const struct host host = {
		.name = "terraform-provider-vns",
		.version = VNS_VERSION,
		.source = "vns-sensor/vns",
		.protocol = "6.11",
		.protocol_version = 6,
		.log_module = "vns",
		.service = provider_service(provider),
		.service_new = service_new,
		.service_free = service_free,
		.urgent_method = "StopProvider",
		.quick_methods = provider_quick_methods,
		.packed_answer = provider_packed_answer,
		.context = provider,
		.libraries = libraries,
		.library_count = sizeof libraries / sizeof libraries[0],
	};
	int status = host_main(&host, argc, argv);
	provider_free(provider);
	return status;
}
