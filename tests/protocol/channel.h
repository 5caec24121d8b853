// SPDX-License-Identifier: MPL-2.0
// A gRPC connection to a plugin and the calls on it, with gRPC core's C interface: bytes in, bytes out.
#ifndef VNS_TESTS_PROTOCOL_CHANNEL_H
#define VNS_TESTS_PROTOCOL_CHANNEL_H

#include "base/text.h"

#include <grpc/grpc.h>

#include <stdbool.h>
#include <stdint.h>

struct channel {
	grpc_channel *channel;
	grpc_completion_queue *queue;
};

// In PEM form. Without a key the client shows no certificate.
struct channel_tls {
	const char *server; // the only certificate that is trusted
	const char *key;
	const char *certificate;
};

// One call under way: its address is its name, so it may not move.
struct exchange {
	grpc_call *handle;
	grpc_byte_buffer *request;
	grpc_byte_buffer *reply;
	grpc_metadata_array initial;
	grpc_metadata_array trailing;
	grpc_status_code status; // once it has ended
	grpc_slice details;
	bool ended;
};

// What became of a call.
struct answer {
	grpc_status_code status;
	char details[256];
	struct text bytes; // of the first reply
	char *memory;      // of `bytes`
};

// Connects at the first call. `tls` is NULL for plain text.
void channel_open(struct channel *channel, const char *target, const struct channel_tls *tls);
// All exchanges must have ended or been cancelled and freed.
void channel_close(struct channel *channel);

// Starts a call with one request, whose bytes must last until it has ended. It takes the first reply, if any, and ends
// with a status: after `timeout_ms` at the latest.
void channel_start(struct channel *channel, struct exchange *exchange, const char *path, struct text request,
		   int64_t timeout_ms);
// The same for a stream on which this side says nothing and hangs up only by exchange_free.
void channel_start_stream(struct channel *channel, struct exchange *exchange, const char *path);
// Waits for the next call that ends; NULL when the time is over.
struct exchange *channel_next(struct channel *channel, int64_t timeout_ms);
// Waits for this one. False when the time is over.
bool channel_wait(struct channel *channel, const struct exchange *exchange, int64_t timeout_ms);
// To be called after the end.
void exchange_take_answer(const struct exchange *exchange, struct answer *ret_answer);
// Cancels it if it has not ended, and waits for that.
void exchange_free(struct channel *channel, struct exchange *exchange);

// All of it for one call.
void channel_call(struct channel *channel, const char *path, struct text request, int64_t timeout_ms,
		  struct answer *ret_answer);
void answer_free(struct answer *answer);

#endif
