// SPDX-License-Identifier: MPL-2.0
// The street door: a whole plugin process around one protobuf-c service (server.h says what is asked of it).
#ifndef VNS_PLUGIN_HOST_H
#define VNS_PLUGIN_HOST_H

#include "plugin/server.h"

#include <stdbool.h>
#include <stddef.h>

struct host_library {
	const char *name;
	const char *(*version)(void);
};

struct host {
	const char *name;       // of the program
	const char *version;    // of the program
	const char *source;     // of the provider: "namespace/type", so that each host looks in its own registry
	const char *protocol;   // e.g. "6.11", for people
	int protocol_version;   // e.g. 6, for the host
	const char *log_module; // "@module" of log lines
	ProtobufCService *service;
	ProtobufCService *(*service_new)(void); // these two as in struct server_options, for debug mode
	void (*service_free)(ProtobufCService *service);
	const char *urgent_method; // this and the next three as in struct server_options
	const char *const *quick_methods;
	bool (*packed_answer)(struct call *call, void *context, struct text method, struct text *ret_bytes);
	void *context;
	const struct host_library *libraries; // for -version, beside those of plugin/
	size_t library_count;
};

// Does what the arguments and the environment ask for; returns the exit status. When it serves, it ends the process
// itself: with status 0 on Shutdown, on SIGTERM, and when the host is gone; in debug mode on SIGINT, SIGTERM and
// SIGHUP.
int host_main(const struct host *host, int argc, char **argv);

#endif
