// SPDX-License-Identifier: MPL-2.0
// A gRPC client for the tests, on the same C API: what a host does, without what makes a host big.
#ifndef VNS_TESTS_PLUGIN_CLIENT_H
#define VNS_TESTS_PLUGIN_CLIENT_H

#include "base/text.h"

#include <grpc/grpc.h>

#include <stdbool.h>

struct client {
	grpc_channel *channel;
	grpc_completion_queue *queue;
};

// All in PEM form; the key and certificate may be NULL for a client that shows none.
struct client_tls {
	const char *server_pem;
	const char *key_pem;
	const char *certificate_pem;
};

struct client_call {
	grpc_call *handle;
	grpc_byte_buffer *request;
	grpc_byte_buffer *reply;
	grpc_metadata_array initial;
	grpc_metadata_array trailing;
	grpc_status_code status; // what became of it
	grpc_slice details;
};

// `tls` is NULL for plain text.
void client_open(struct client *client, const char *address, const struct client_tls *tls);
void client_close(struct client *client);

// Starts a call with one request; it ends with one reply or a status. Ten seconds are its end.
void client_start(struct client *client, struct client_call *call, const char *path, struct text request);
// Waits for the next call that ends, and returns it.
struct client_call *client_next(struct client *client);
// True when the reply's bytes are `expected`.
bool client_reply_is(const struct client_call *call, struct text expected);
size_t client_reply_length(const struct client_call *call);
void client_end(struct client_call *call);

// All of that for one call: its status.
grpc_status_code client_ask(struct client *client, const char *path, struct text request);

#endif
