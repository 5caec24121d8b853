// SPDX-License-Identifier: MPL-2.0
#include "client.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/time.h>

#include <stddef.h>
#include <stdint.h>

static const int call_seconds = 20;

static grpc_channel_credentials *make_credentials(const struct client_tls *tls)
{
	if (!tls)
		return grpc_insecure_credentials_create();
	grpc_ssl_pem_key_cert_pair pair = { tls->key_pem, tls->certificate_pem };
	return grpc_ssl_credentials_create_ex(tls->server_pem, tls->key_pem ? &pair : NULL, NULL, NULL);
}

void client_open(struct client *client, const char *address, const struct client_tls *tls)
{
	grpc_init();
	grpc_arg arguments[] = {
		{ .type = GRPC_ARG_INTEGER,
		  .key = (char *)(uintptr_t)GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
		  .value.integer = -1 },
		{ .type = GRPC_ARG_INTEGER,
		  .key = (char *)(uintptr_t)GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL,
		  .value.integer = 1 },
		{ .type = GRPC_ARG_STRING,
		  .key = (char *)(uintptr_t)GRPC_SSL_TARGET_NAME_OVERRIDE_ARG,
		  .value.string = (char *)(uintptr_t) "localhost" },
	};
	const grpc_channel_args all = { sizeof arguments / sizeof arguments[0], arguments };
	grpc_channel_credentials *credentials = make_credentials(tls);
	client->channel = grpc_channel_create(address, credentials, &all);
	grpc_channel_credentials_release(credentials);
	client->queue = grpc_completion_queue_create_for_next(NULL);
}

void client_close(struct client *client)
{
	grpc_channel_destroy(client->channel);
	grpc_completion_queue_shutdown(client->queue);
	while (grpc_completion_queue_next(client->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL).type !=
	       GRPC_QUEUE_SHUTDOWN)
		;
	grpc_completion_queue_destroy(client->queue);
	grpc_shutdown();
}

void client_start(struct client *client, struct client_call *call, const char *path, struct text request)
{
	*call = (struct client_call){ .status = GRPC_STATUS_OK };
	gpr_timespec deadline =
		gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(call_seconds, GPR_TIMESPAN));
	grpc_slice method = grpc_slice_from_copied_string(path);
	call->handle = grpc_channel_create_call(client->channel, NULL, GRPC_PROPAGATE_DEFAULTS, client->queue, method,
						NULL, deadline, NULL);
	grpc_slice_unref(method);
	grpc_slice bytes = grpc_slice_from_copied_buffer(request.at, request.length);
	call->request = grpc_raw_byte_buffer_create(&bytes, 1);
	grpc_slice_unref(bytes);
	grpc_metadata_array_init(&call->initial);
	grpc_metadata_array_init(&call->trailing);
	const grpc_op ops[] = {
		{ .op = GRPC_OP_SEND_INITIAL_METADATA },
		{ .op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = call->request },
		{ .op = GRPC_OP_SEND_CLOSE_FROM_CLIENT },
		{ .op = GRPC_OP_RECV_INITIAL_METADATA,
		  .data.recv_initial_metadata.recv_initial_metadata = &call->initial },
		{ .op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &call->reply },
		{ .op = GRPC_OP_RECV_STATUS_ON_CLIENT,
		  .data.recv_status_on_client = { .trailing_metadata = &call->trailing,
						  .status = &call->status,
						  .status_details = &call->details } },
	};
	(void)grpc_call_start_batch(call->handle, ops, sizeof ops / sizeof ops[0], call, NULL);
}

struct client_call *client_next(struct client *client)
{
	return grpc_completion_queue_next(client->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL).tag;
}

static grpc_slice read_reply(const struct client_call *call)
{
	grpc_byte_buffer_reader reader;
	if (!call->reply || !grpc_byte_buffer_reader_init(&reader, call->reply))
		return grpc_empty_slice();
	grpc_slice whole = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	return whole;
}

bool client_reply_is(const struct client_call *call, struct text expected)
{
	grpc_slice whole = read_reply(call);
	struct text got = { (const char *)GRPC_SLICE_START_PTR(whole), GRPC_SLICE_LENGTH(whole) };
	bool same = call->reply && text_equal(got, expected);
	grpc_slice_unref(whole);
	return same;
}

size_t client_reply_length(const struct client_call *call)
{
	return call->reply ? grpc_byte_buffer_length(call->reply) : 0;
}

void client_end(struct client_call *call)
{
	grpc_call_unref(call->handle);
	grpc_byte_buffer_destroy(call->request);
	grpc_byte_buffer_destroy(call->reply);
	grpc_metadata_array_destroy(&call->initial);
	grpc_metadata_array_destroy(&call->trailing);
	grpc_slice_unref(call->details);
}

grpc_status_code client_ask(struct client *client, const char *path, struct text request)
{
	struct client_call call;
	client_start(client, &call, path, request);
	(void)client_next(client);
	grpc_status_code status = call.status;
	client_end(&call);
	return status;
}
