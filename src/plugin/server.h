// SPDX-License-Identifier: MPL-2.0
// A gRPC server for any protobuf-c service, with what go-plugin hosts expect beside it (controller, stdio, broker,
// health).
//
// The contract with the service:
// - Every method has a slot in the vtable that protoc-c generates. A slot that is NULL answers UNIMPLEMENTED, and so
//   must stay the slots of streaming methods: requests and answers are one message each.
// - A handler is called as handler(service, request, closure, closure_data) on some thread, many at a time.
//   `closure_data` IS the `struct call *` of this RPC: its arena lasts until the answer is sent, its log carries the
//   method, request id and resource type. The request lives in the arena.
// - A handler answers by closure(message, closure_data), once, before it returns. The message is packed at once, so it
//   may live anywhere. A handler that does not answer, or answers NULL, fails the RPC: failures of the user's kind
//   belong into the message's diagnostics.
// - A handler runs inside call_run(). Running out of memory through it fails the RPC with RESOURCE_EXHAUSTED; a service
//   that can say it better has a call_run() of its own further in.
// - `urgent_method` (StopProvider) runs on the server's own thread and may only do what takes no time, such as
//   cancel_source_fire(call->cancel_source).
#ifndef VNS_PLUGIN_SERVER_H
#define VNS_PLUGIN_SERVER_H

#include "base/text.h"

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>
#include <stdint.h>

struct call;
struct certificate;
struct clock;
struct log;
struct server;

struct server_options {
	ProtobufCService *service;
	// For server_accept_from: make a service of the same kind for one connection, NULL without memory, and give it
	// back.
	ProtobufCService *(*service_new)(void);
	void (*service_free)(ProtobufCService *service);
	// The method that the server's own thread serves, whatever the workers do: its handler may not block. May be
	// NULL.
	const char *urgent_method;
	// Methods, up to a NULL, whose handlers compute and never wait: the server's own thread serves them too, unless
	// the request is a large one. May be NULL.
	const char *const *quick_methods;
	// May be NULL. Asked before a method's handler; true when *ret_bytes is the packed answer, which lasts as long
	// as the process. Then the request is not read and the handler not called. Runs like a handler.
	bool (*packed_answer)(struct call *call, void *context, struct text method, struct text *ret_bytes);
	void *context; // for packed_answer
	// Called on the server's thread when the host needs this process no more: Shutdown was answered (the answer is
	// on its way), or the stdio stream that the host held open is gone. May end the process.
	void (*finished)(void *context);
	void *finished_context;
	const struct log *log;
	const struct clock *clock;
};

// Copies the options; what they point to must outlive the server. NULL when the system has no memory or threads.
struct server *server_new(const struct server_options *options);
// Closes all connections, waits for the handlers under way, and gives everything back. NULL is fine.
void server_free(struct server *server);

// Listens on a gRPC address ("unix-abstract:name", "unix:/path", "127.0.0.1:0"). With a certificate, clients must prove
// to be the holder of `client_pem`, the only one trusted; without (NULL), anybody is served in plain text.
// Returns the port (1 for sockets), 0 when the address cannot be had. Before server_start.
int server_listen(struct server *server, const char *address, const struct certificate *certificate,
		  const char *client_pem);
// Accepts connections from this listening socket, which it takes over, in plain text. Each has a service of its own,
// which lasts as long as the connection or its last call. Once at most, before server_start.
void server_accept_from(struct server *server, int listening);
// Serves from now on, on threads of its own. False when no thread can be made.
bool server_start(struct server *server);

// Fires the cancel signal of the calls under way and waits for their answers, `grace_ms` at most.
void server_drain(struct server *server, int64_t grace_ms);

#endif
