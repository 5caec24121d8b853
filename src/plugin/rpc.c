// SPDX-License-Identifier: MPL-2.0
// Each event of the completion queue names an RPC, and the RPC knows its next step: so a life reads from top to bottom.
#include "plugin/rpc.h"

#include "base/cancel.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "plugin/connections.h"
#include "plugin/dispatch.h"

#include <grpc/byte_buffer.h>
#include <grpc/slice.h>
#include <grpc/support/alloc.h>

// What go-plugin hosts call beside the service. Everything else is unknown.
static const struct built_in {
	struct text path;
	enum rpc_route route;
} built_ins[] = {
	{ TEXT("/plugin.GRPCController/Shutdown"), RPC_SHUTDOWN },
	{ TEXT("/plugin.GRPCStdio/StreamStdio"), RPC_STDIO },
	{ TEXT("/plugin.GRPCBroker/StartStream"), RPC_BROKER },
	{ TEXT("/grpc.health.v1.Health/Check"), RPC_HEALTH },
};

static const size_t quick_request_bytes = (size_t)64 * 1024;

static void arrived(struct rpc *rpc, bool ok);

bool rpc_arm(struct rpc_shared *shared)
{
	struct arena arena;
	arena_init(&arena, LIMIT_CALL_BYTES);
	arena.secret = true; // a request may be a provider block with keys
	struct rpc *rpc = arena_try_take(&arena, sizeof *rpc);
	if (!rpc)
		return false;
	rpc->arena = arena;
	rpc->shared = shared;
	rpc->step = arrived;
	grpc_call_details_init(&rpc->details);
	grpc_metadata_array_init(&rpc->metadata);
	shared->live++;
	shared->armed = true;
	grpc_call_error error = grpc_server_request_call(shared->server, &rpc->handle, &rpc->details, &rpc->metadata,
							 shared->queue, shared->queue, rpc);
	if (error == GRPC_CALL_OK)
		return true;
	shared->live--;
	shared->armed = false;
	arena_free(&arena);
	return false;
}

void rpc_continue(struct rpc *rpc, bool ok)
{
	rpc->step(rpc, ok);
}

static void end(struct rpc *rpc)
{
	rpc->shared->live--;
	grpc_byte_buffer_destroy(rpc->request);
	grpc_byte_buffer_destroy(rpc->answer);
	if (rpc->handle)
		grpc_call_unref(rpc->handle);
	grpc_call_details_destroy(&rpc->details);
	grpc_metadata_array_destroy(&rpc->metadata);
	cancel_release(rpc->cancel);
	connections_release(rpc->shared->connections, rpc->connection);
	struct arena arena = rpc->arena; // it holds the RPC itself
	arena_free(&arena);
}

// Fills in what the handler is given.
static void make_call(struct rpc *rpc)
{
	const struct server_options *options = &rpc->shared->options;
	rpc->log = *options->log;
	rpc->call = (struct call){
		.arena = &rpc->arena,
		.diagnostics = &rpc->diagnostics,
		.log = &rpc->log,
		.clock = options->clock,
		.cancel = rpc->cancel,
		.cancel_source = rpc->cancel_source,
	};
	if (!log_wants(&rpc->log, LOG_ERROR))
		return;
	random_uuid(rpc->id);
	rpc->fields[0] = (struct log_field)LOG_TEXT("tf_rpc", dispatch_method_name(rpc));
	rpc->fields[1] = (struct log_field)LOG_TEXT("tf_req_id", text_of(rpc->id));
	rpc->fields[0].next = &rpc->fields[1];
	rpc->fields[1].next = options->log->fields;
	rpc->log.fields = rpc->fields;
}

static void answered(struct rpc *rpc, bool ok)
{
	(void)ok;
	if (rpc->route == RPC_SERVICE)
		atomic_fetch_sub(&rpc->shared->working, 1);
	if (rpc->route == RPC_SHUTDOWN)
		rpc->shared->options.finished(rpc->shared->options.finished_context);
	end(rpc);
}

// Sends rpc->answer, or rpc->status when that is an error. From any thread, as the last thing it does with the RPC.
static void send_answer(struct rpc *rpc)
{
	grpc_slice details = grpc_slice_from_static_string(rpc->status_text ? rpc->status_text : "");
	grpc_op ops[4] = {
		{ .op = GRPC_OP_SEND_INITIAL_METADATA },
		{ .op = GRPC_OP_RECV_CLOSE_ON_SERVER, .data.recv_close_on_server.cancelled = &rpc->cancelled },
		{ .op = GRPC_OP_SEND_STATUS_FROM_SERVER,
		  .data.send_status_from_server = { .status = rpc->status, .status_details = &details } },
		{ .op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = rpc->answer },
	};
	rpc->step = answered;
	size_t count = rpc->status == GRPC_STATUS_OK ? 4 : 3;
	// The only errors are misuse of the API, and after one the RPC would never end.
	if (grpc_call_start_batch(rpc->handle, ops, count, rpc, NULL) != GRPC_CALL_OK)
		LOG(rpc->shared->options.log, LOG_ERROR, "an answer could not be sent",
		    LOG_TEXT("tf_req_id", text_of(rpc->id)));
}

static void send_status(struct rpc *rpc, grpc_status_code status, const char *text)
{
	rpc->status = status;
	rpc->status_text = text;
	send_answer(rpc);
}

// For what no handler will ever hear of.
static void turn_away(struct rpc *rpc, enum log_level level, grpc_status_code status, const char *text)
{
	const struct text path = { (const char *)GRPC_SLICE_START_PTR(rpc->details.method),
				   GRPC_SLICE_LENGTH(rpc->details.method) };
	LOG(rpc->shared->options.log, level, text, LOG_TEXT("grpc_method", path), LOG_NUMBER("grpc_status", status));
	send_status(rpc, status, text);
}

static void send_bytes(struct rpc *rpc, struct text bytes)
{
	grpc_slice slice = grpc_slice_from_static_buffer(bytes.at, bytes.length);
	rpc->answer = grpc_raw_byte_buffer_create(&slice, 1);
	send_status(rpc, GRPC_STATUS_OK, "");
}

static void work(struct rpc *rpc)
{
	dispatch_run(rpc);
	if (log_wants(&rpc->log, LOG_DEBUG)) {
		int64_t took_ms = clock_monotonic_ms(rpc->call.clock) - rpc->started_ms;
		LOG(&rpc->log, LOG_DEBUG, "served", LOG_NUMBER("tf_req_duration_ms", took_ms),
		    LOG_NUMBER("grpc_status", rpc->status));
	}
	send_answer(rpc);
}

static void work_on_job(struct worker_job *job)
{
	work((struct rpc *)((char *)job - offsetof(struct rpc, job)));
}

// Handing work over costs more than most of it takes; what the server's thread does itself must not keep it long.
static bool is_served_here(const struct rpc *rpc)
{
	const struct server_options *options = &rpc->shared->options;
	const struct text name = dispatch_method_name(rpc);
	if (options->urgent_method && text_equal(name, text_of(options->urgent_method)))
		return true;
	if (grpc_byte_buffer_length(rpc->request) > quick_request_bytes)
		return false;
	const char *const *quick = options->quick_methods;
	while (quick && *quick && !text_equal(name, text_of(*quick)))
		quick++;
	return quick && *quick;
}

static void received(struct rpc *rpc, bool ok)
{
	(void)ok;
	atomic_fetch_add(&rpc->shared->working, 1);
	if (!rpc->request) {
		turn_away(rpc, LOG_WARN, GRPC_STATUS_INTERNAL, "no request was received");
		return;
	}
	if (!rpc->service) {
		turn_away(rpc, LOG_ERROR, GRPC_STATUS_INTERNAL, "nothing is known of this connection");
		return;
	}
	rpc->started_ms = clock_monotonic_ms(rpc->shared->options.clock);
	make_call(rpc);
	if (is_served_here(rpc)) {
		work(rpc);
		return;
	}
	rpc->job.work = work_on_job;
	if (!workers_submit(rpc->shared->workers, &rpc->job))
		turn_away(rpc, LOG_ERROR, GRPC_STATUS_RESOURCE_EXHAUSTED, "no thread could be made to serve this");
}

static void stream_closed(struct rpc *rpc, bool ok)
{
	(void)ok;
	if (rpc->route == RPC_STDIO && !atomic_load(&rpc->shared->closing))
		rpc->shared->options.finished(rpc->shared->options.finished_context);
	end(rpc);
}

// Nothing is ever sent: standard output is not used, standard error reaches the host by itself, and hosts of providers
// ask for no other connection.
static void hold_stream(struct rpc *rpc)
{
	const grpc_op ops[2] = {
		{ .op = GRPC_OP_SEND_INITIAL_METADATA },
		{ .op = GRPC_OP_RECV_CLOSE_ON_SERVER, .data.recv_close_on_server.cancelled = &rpc->cancelled },
	};
	rpc->step = stream_closed;
	if (grpc_call_start_batch(rpc->handle, ops, 2, rpc, NULL) != GRPC_CALL_OK)
		end(rpc);
}

static void receive(struct rpc *rpc)
{
	// cppcheck-suppress legacyUninitvar ; its member is initialised by name
	const grpc_op op = { .op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &rpc->request };
	rpc->step = received;
	if (grpc_call_start_batch(rpc->handle, &op, 1, rpc, NULL) != GRPC_CALL_OK)
		end(rpc);
}

static enum rpc_route find_route(struct rpc *rpc)
{
	struct text path = { (const char *)GRPC_SLICE_START_PTR(rpc->details.method),
			     GRPC_SLICE_LENGTH(rpc->details.method) };
	if (dispatch_find(rpc->shared->options.service, path, &rpc->method))
		return RPC_SERVICE;
	for (size_t i = 0; i < sizeof built_ins / sizeof built_ins[0]; i++) {
		if (text_equal(path, built_ins[i].path))
			return built_ins[i].route;
	}
	return RPC_UNKNOWN;
}

// Without one, rpc->service stays NULL.
static void find_service(struct rpc *rpc)
{
	struct connections *connections = rpc->shared->connections;
	if (!connections) {
		rpc->service = rpc->shared->options.service;
		rpc->cancel_source = rpc->shared->cancel_source;
	} else {
		char *peer = grpc_call_get_peer(rpc->handle);
		rpc->connection = connections_acquire(connections, peer);
		gpr_free(peer);
		if (!rpc->connection)
			return;
		rpc->service = rpc->connection->service;
		rpc->cancel_source = rpc->connection->cancel_source;
	}
	rpc->cancel = cancel_acquire(rpc->cancel_source);
}

static void arrived(struct rpc *rpc, bool ok)
{
	struct rpc_shared *shared = rpc->shared;
	shared->armed = false;
	if (!ok) {
		end(rpc);
		return;
	}
	if (!atomic_load(&shared->closing) && !rpc_arm(shared))
		LOG(shared->options.log, LOG_ERROR, "out of memory for the next call; it waits",
		    LOG_NUMBER("live", shared->live));
	rpc->route = find_route(rpc);
	switch (rpc->route) {
	case RPC_SERVICE:
		find_service(rpc);
		receive(rpc);
		break;
	case RPC_SHUTDOWN:
		send_bytes(rpc, T(""));
		break;
	case RPC_STDIO:
	case RPC_BROKER:
		hold_stream(rpc);
		break;
	case RPC_HEALTH:
		send_bytes(rpc, T("\x08\x01")); // HealthCheckResponse { status: SERVING }
		break;
	case RPC_UNKNOWN:
		turn_away(rpc, LOG_DEBUG, GRPC_STATUS_UNIMPLEMENTED, "this method is not served");
		break;
	}
}
