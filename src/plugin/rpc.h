// SPDX-License-Identifier: MPL-2.0
// The life of one RPC: armed, arrived, received, worked on, answered. Private to plugin/.
#ifndef VNS_PLUGIN_RPC_H
#define VNS_PLUGIN_RPC_H

#include "base/arena.h"
#include "base/call.h"
#include "base/random.h"
#include "plugin/server.h"
#include "plugin/workers.h"

#include <grpc/grpc.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

// What all RPCs of a server share.
struct rpc_shared {
	struct server_options options;
	grpc_server *server;
	grpc_completion_queue *queue;
	struct workers *workers;
	struct connections *connections; // each with its own service; NULL: all have that of the options
	struct cancel_source *cancel_source;
	atomic_int working;  // RPCs of the service between their request, or the lack of one, and their answer
	atomic_bool closing; // the server is being freed: no more arrivals
	// For the server's thread alone:
	int live;   // RPCs that exist, the armed one included
	bool armed; // one RPC waits for the next arrival
	bool quiet; // gRPC has closed all connections
};

enum rpc_route {
	RPC_UNKNOWN,  // answers UNIMPLEMENTED
	RPC_SERVICE,  // a method of the service
	RPC_SHUTDOWN, // plugin.GRPCController/Shutdown
	RPC_STDIO,    // plugin.GRPCStdio/StreamStdio: held open
	RPC_BROKER,   // plugin.GRPCBroker/StartStream: held open
	RPC_HEALTH,   // grpc.health.v1.Health/Check
};

enum { RPC_LOG_FIELDS = 3 };

// Lives in its own arena.
struct rpc {
	struct call call; // first: a handler's closure_data points here
	struct worker_job job;
	struct rpc_shared *shared;
	void (*step)(struct rpc *rpc, bool ok); // what the next event of the queue does
	enum rpc_route route;
	unsigned method; // index in the service, with RPC_SERVICE
	ProtobufCService *service;
	struct cancel_source *cancel_source;
	struct connection *connection; // it has the service; NULL: the options do

	grpc_call *handle;
	grpc_call_details details;
	grpc_metadata_array metadata; // of the request
	grpc_byte_buffer *request;
	grpc_byte_buffer *answer;
	grpc_status_code status; // of the answer; with an error there is no message
	const char *status_text; // a literal
	int cancelled;           // the host did not wait for the answer
	bool answered;           // the handler called its closure

	struct arena arena;
	struct diagnostics diagnostics;
	struct cancel *cancel;
	struct log log;
	struct log_field fields[RPC_LOG_FIELDS];
	char id[RANDOM_UUID_CHARS + 1]; // so that the log lines of one RPC can be found
	int64_t started_ms;
};

// Waits for the next RPC to arrive. False when there is no memory for it.
bool rpc_arm(struct rpc_shared *shared);
// Goes on with the RPC that an event of the queue names. On the server's thread.
void rpc_continue(struct rpc *rpc, bool ok);

#endif
