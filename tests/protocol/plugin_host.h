// SPDX-License-Identifier: MPL-2.0
// A go-plugin host of our own: it starts a plugin, checks its greeting, connects, calls and ends it as Terraform does
// (facts: protocol, 1). It works with any plugin of that kind.
//
//   const struct plugin_launch launch = { .binary = path };
//   const char *problem = plugin_host_start(&host, &launch);
//   plugin_host_connect(&host);
//   plugin_host_call(&host, "/tfplugin6.Provider/GetMetadata", T(""), 5000, &answer);
//   struct child_end end = plugin_host_stop(&host);
//   plugin_host_free(&host);
#ifndef VNS_TESTS_PROTOCOL_PLUGIN_HOST_H
#define VNS_TESTS_PROTOCOL_PLUGIN_HOST_H

#include "channel.h"
#include "child.h"
#include "greeting.h"
#include "identity.h"

#include <stdbool.h>

#define PLUGIN_HOST_SHUTDOWN "/plugin.GRPCController/Shutdown"
#define PLUGIN_HOST_STDIO    "/plugin.GRPCStdio/StreamStdio"
#define PLUGIN_HOST_BROKER   "/plugin.GRPCBroker/StartStream"
#define PLUGIN_HOST_HEALTH   "/grpc.health.v1.Health/Check"

// How long a host waits for the end after Shutdown, before it kills.
enum { PLUGIN_HOST_PATIENCE_MS = 2000, PLUGIN_HOST_START_MS = 60000 };

struct plugin_launch {
	const char *binary;
	bool plain; // as with TF_DISABLE_PLUGIN_TLS: no certificate is made
	// Changes to what Terraform sets, for variants: see child_start. NULL: none.
	const char *const *variables;
};

struct plugin_host {
	struct child child;
	struct text line; // what the plugin printed
	struct greeting greeting;
	char target[256]; // its address, as gRPC writes it
	struct identity identity;
	char *plugin_certificate; // in PEM form; NULL without TLS
	struct channel channel;
	struct exchange stdio, broker; // the streams that a host holds open
	bool connected;
	int64_t greeted_us; // from the start to the greeting
};

// Starts the plugin and reads its greeting. NULL when all is well, else what is wrong; plugin_host_free is due in any
// case.
const char *plugin_host_start(struct plugin_host *host, const struct plugin_launch *launch);
// Connects and opens the two streams.
void plugin_host_connect(struct plugin_host *host);
// What a further connection to the same plugin needs for channel_open: NULL when it is plain.
const struct channel_tls *plugin_host_tls(const struct plugin_host *host, struct channel_tls *ret_tls);

void plugin_host_call(struct plugin_host *host, const char *path, struct text request, int64_t timeout_ms,
		      struct answer *ret_answer);

// Shutdown, the connection closed, and the wait for the end of the process; `took_us` counts from the first of these.
struct child_end plugin_host_stop(struct plugin_host *host);
// Closes the connection, if there is one, and says nothing before.
void plugin_host_disconnect(struct plugin_host *host);
void plugin_host_free(struct plugin_host *host);

#endif
