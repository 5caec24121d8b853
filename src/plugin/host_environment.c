// SPDX-License-Identifier: MPL-2.0
#include "plugin/host_environment.h"

#include "base/text.h"

#include <stdlib.h>

// Not a secret: it tells a host's call from a person's.
static const struct text cookie = TEXT("d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

static const char *value_of(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

static bool offers(struct text versions, int64_t wanted)
{
	struct text one;
	while (text_take_until(&versions, ',', &one)) {
		int64_t version;
		if (text_to_int64(text_trim(one), &version) && version == wanted)
			return true;
	}
	return false;
}

static int port_of(const char *name)
{
	enum { HIGHEST_PORT = 65535 };
	int64_t port;
	return text_to_int64(text_of(value_of(name)), &port) && port > 0 && port <= HIGHEST_PORT ? (int)port : 0;
}

void host_environment_read(int protocol_version, struct host_environment *ret_environment)
{
	const char *temporary = value_of("TMPDIR");
	const int lowest_port = port_of("PLUGIN_MIN_PORT"), highest_port = port_of("PLUGIN_MAX_PORT");
	const bool is_range = lowest_port > 0 && lowest_port <= highest_port;
	*ret_environment = (struct host_environment){
		.cookie = text_equal(text_of(value_of("TF_PLUGIN_MAGIC_COOKIE")), cookie),
		.version_offered = offers(text_of(value_of("PLUGIN_PROTOCOL_VERSIONS")), protocol_version),
		.multiplex = value_of("PLUGIN_MULTIPLEX_GRPC") != NULL,
		.client_pem = value_of("PLUGIN_CLIENT_CERT"),
		.socket_dir = value_of("PLUGIN_UNIX_SOCKET_DIR"),
		.socket_group = value_of("PLUGIN_UNIX_SOCKET_GROUP"),
		.temp_dir = temporary ? temporary : "/tmp",
		.lowest_port = is_range ? lowest_port : 0,
		.highest_port = is_range ? highest_port : 0,
		.core_dump = text_equal(text_of(value_of("VNS_ALLOW_CORE_DUMP")), T("1")),
		.openssl_config = value_of("OPENSSL_CONF") != NULL,
	};
}
