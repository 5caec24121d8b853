// SPDX-License-Identifier: MPL-2.0
// Connections with a service each. In debug mode one process stands for all instances of the provider that hosts make,
// of one configuration's aliases too; a host connects once for each of them, and configures each on its own.
#ifndef VNS_PLUGIN_CONNECTIONS_H
#define VNS_PLUGIN_CONNECTIONS_H

#include "base/arena.h"

#include <protobuf-c/protobuf-c.h>

#include <grpc/grpc.h>

#include <stdbool.h>

struct cancel_source;
struct connections;

// Counted: an RPC may outlive the connection that it came by. Lives in its own arena.
struct connection {
	struct arena arena;
	ProtobufCService *service;
	struct cancel_source *cancel_source; // of its calls: another host's are not to be stopped with them
	int fd; // the number by which gRPC knows the connection, and which is used again once it is closed
	int holders;
	struct connection *next;
};

// Accepts from this listening socket, which it takes over, once it is started. The two functions make a service for a
// connection and give it back; the first may return NULL, and then the connection is closed. NULL without memory.
struct connections *connections_new(int listening, ProtobufCService *(*service_new)(void),
				    void (*service_free)(ProtobufCService *service));
// Hands what it accepts to the server, on a thread of its own. False when there can be none.
bool connections_start(struct connections *connections, grpc_server *server);
// Accepts no more. Before the server is shut down.
void connections_stop(struct connections *connections);
// Fires the cancel signals of the calls of all connections. NULL is fine.
void connections_cancel_all(struct connections *connections);
// Once no RPC is left. NULL is fine for this and for stopping.
void connections_free(struct connections *connections);

// By the name that gRPC has for the other end, held for the caller. NULL: there is none of that name.
struct connection *connections_acquire(struct connections *connections, const char *peer);
void connections_release(struct connections *connections, struct connection *connection); // NULL is fine

#endif
