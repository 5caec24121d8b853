// SPDX-License-Identifier: MPL-2.0
#include "channel.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/time.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t stream_ms = INT64_C(3600) * 1000;

static grpc_channel_credentials *make_credentials(const struct channel_tls *tls)
{
	if (!tls)
		return grpc_insecure_credentials_create();
	grpc_ssl_pem_key_cert_pair pair = { tls->key, tls->certificate };
	return grpc_ssl_credentials_create_ex(tls->server, tls->key ? &pair : NULL, NULL, NULL);
}

// Channel arguments have no const in them; gRPC copies what it is given.
static grpc_arg number(const char *key, int value)
{
	return (grpc_arg){ .type = GRPC_ARG_INTEGER, .key = (char *)(uintptr_t)key, .value.integer = value };
}

void channel_open(struct channel *channel, const char *target, const struct channel_tls *tls)
{
	grpc_init();
	grpc_arg arguments[] = {
		number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, -1),
		number(GRPC_ARG_MAX_SEND_MESSAGE_LENGTH, -1),
		number(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1),
		number(GRPC_ARG_ENABLE_RETRIES, 0),
		{ .type = GRPC_ARG_STRING,
		  .key = (char *)(uintptr_t)GRPC_SSL_TARGET_NAME_OVERRIDE_ARG,
		  .value.string = (char *)(uintptr_t) "localhost" },
	};
	const grpc_channel_args all = { sizeof arguments / sizeof arguments[0], arguments };
	grpc_channel_credentials *credentials = make_credentials(tls);
	channel->channel = grpc_channel_create(target, credentials, &all);
	grpc_channel_credentials_release(credentials);
	channel->queue = grpc_completion_queue_create_for_next(NULL);
}

static gpr_timespec in_ms(int64_t duration_ms)
{
	return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(duration_ms, GPR_TIMESPAN));
}

void channel_close(struct channel *channel)
{
	grpc_channel_destroy(channel->channel);
	grpc_completion_queue_shutdown(channel->queue);
	while (grpc_completion_queue_next(channel->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL).type !=
	       GRPC_QUEUE_SHUTDOWN)
		;
	grpc_completion_queue_destroy(channel->queue);
	grpc_shutdown();
}

static void make_exchange(struct channel *channel, struct exchange *exchange, const char *path, int64_t timeout_ms)
{
	*exchange = (struct exchange){ .status = GRPC_STATUS_OK };
	grpc_slice method = grpc_slice_from_copied_string(path);
	exchange->handle = grpc_channel_create_call(channel->channel, NULL, GRPC_PROPAGATE_DEFAULTS, channel->queue,
						    method, NULL, in_ms(timeout_ms), NULL);
	grpc_slice_unref(method);
	grpc_metadata_array_init(&exchange->initial);
	grpc_metadata_array_init(&exchange->trailing);
}

static void start(struct exchange *exchange, bool says_something)
{
	const grpc_op ops[] = {
		{ .op = GRPC_OP_SEND_INITIAL_METADATA },
		{ .op = GRPC_OP_RECV_INITIAL_METADATA,
		  .data.recv_initial_metadata.recv_initial_metadata = &exchange->initial },
		{ .op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &exchange->reply },
		{ .op = GRPC_OP_RECV_STATUS_ON_CLIENT,
		  .data.recv_status_on_client = { .trailing_metadata = &exchange->trailing,
						  .status = &exchange->status,
						  .status_details = &exchange->details } },
		{ .op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = exchange->request },
		{ .op = GRPC_OP_SEND_CLOSE_FROM_CLIENT },
	};
	size_t count = says_something ? 6 : 4;
	if (grpc_call_start_batch(exchange->handle, ops, count, exchange, NULL) != GRPC_CALL_OK)
		abort();
}

void channel_start(struct channel *channel, struct exchange *exchange, const char *path, struct text request,
		   int64_t timeout_ms)
{
	make_exchange(channel, exchange, path, timeout_ms);
	grpc_slice bytes = grpc_slice_from_static_buffer(request.at, request.length);
	exchange->request = grpc_raw_byte_buffer_create(&bytes, 1);
	start(exchange, true);
}

void channel_start_stream(struct channel *channel, struct exchange *exchange, const char *path)
{
	make_exchange(channel, exchange, path, stream_ms);
	start(exchange, false);
}

struct exchange *channel_next(struct channel *channel, int64_t timeout_ms)
{
	grpc_event event = grpc_completion_queue_next(channel->queue, in_ms(timeout_ms), NULL);
	if (event.type != GRPC_OP_COMPLETE)
		return NULL;
	struct exchange *exchange = event.tag;
	exchange->ended = true;
	return exchange;
}

bool channel_wait(struct channel *channel, const struct exchange *exchange, int64_t timeout_ms)
{
	while (!exchange->ended && channel_next(channel, timeout_ms))
		;
	return exchange->ended;
}

void exchange_take_answer(const struct exchange *exchange, struct answer *ret_answer)
{
	*ret_answer = (struct answer){ .status = exchange->status };
	(void)snprintf(ret_answer->details, sizeof ret_answer->details, "%.*s",
		       (int)GRPC_SLICE_LENGTH(exchange->details),
		       (const char *)GRPC_SLICE_START_PTR(exchange->details));
	grpc_byte_buffer_reader reader;
	if (!exchange->reply || !grpc_byte_buffer_reader_init(&reader, exchange->reply))
		return;
	grpc_slice whole = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	size_t length = GRPC_SLICE_LENGTH(whole);
	ret_answer->memory = malloc(length + 1);
	if (!ret_answer->memory)
		abort();
	memcpy(ret_answer->memory, GRPC_SLICE_START_PTR(whole), length);
	ret_answer->bytes = (struct text){ ret_answer->memory, length };
	grpc_slice_unref(whole);
}

void exchange_free(struct channel *channel, struct exchange *exchange)
{
	if (!exchange->handle)
		return;
	if (!exchange->ended)
		(void)grpc_call_cancel(exchange->handle, NULL);
	(void)channel_wait(channel, exchange, stream_ms);
	grpc_call_unref(exchange->handle);
	grpc_byte_buffer_destroy(exchange->request);
	grpc_byte_buffer_destroy(exchange->reply);
	grpc_metadata_array_destroy(&exchange->initial);
	grpc_metadata_array_destroy(&exchange->trailing);
	grpc_slice_unref(exchange->details);
	exchange->handle = NULL;
}

void channel_call(struct channel *channel, const char *path, struct text request, int64_t timeout_ms,
		  struct answer *ret_answer)
{
	struct exchange exchange;
	channel_start(channel, &exchange, path, request, timeout_ms);
	(void)channel_wait(channel, &exchange, timeout_ms * 2);
	exchange_take_answer(&exchange, ret_answer);
	exchange_free(channel, &exchange);
}

void answer_free(struct answer *answer)
{
	free(answer->memory);
	*answer = (struct answer){ .status = GRPC_STATUS_OK };
}
