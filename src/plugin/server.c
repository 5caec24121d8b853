// SPDX-License-Identifier: MPL-2.0
// One thread of the server takes every event from gRPC's completion queue and never blocks on anything else; handlers
// run on workers. So Shutdown, StopProvider and health are answered at once, whatever the handlers do.
#include "plugin/server.h"

#include "base/cancel.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "plugin/abseil.h"
#include "plugin/certificate.h"
#include "plugin/connections.h"
#include "plugin/crash.h"
#include "plugin/rpc.h"
#include "plugin/workers.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/log.h>
#include <grpc/support/time.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static const int rearm_ms = 100;
static const int64_t drain_step_ms = 5;

struct server {
	struct rpc_shared shared;
	pthread_t thread;
	bool started;
	bool apart; // connections have services of their own
};

// What gRPC has to say goes where our lines go.
static void log_from_grpc(gpr_log_func_args *line)
{
	const struct log log = {
		.level = log_level_from_environment(),
		.fd = STDERR_FILENO,
		.module = "vns.grpc",
		.clock = &clock_system,
	};
	enum log_level level = line->severity == GPR_LOG_SEVERITY_ERROR ? LOG_WARN : LOG_DEBUG;
	LOG(&log, level, line->message, LOG_TEXT("file", text_of(line->file)), LOG_NUMBER("line", line->line));
}

static grpc_server *make_grpc_server(void)
{
	// Channel arguments have no const in them; gRPC copies what it is given.
	grpc_arg arguments[] = {
		{ .type = GRPC_ARG_INTEGER,
		  .key = (char *)(uintptr_t)GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
		  .value.integer = (int)LIMIT_MESSAGE_BYTES },
		{ .type = GRPC_ARG_INTEGER,
		  .key = (char *)(uintptr_t)GRPC_ARG_MAX_SEND_MESSAGE_LENGTH,
		  .value.integer = (int)LIMIT_MESSAGE_BYTES },
		{ .type = GRPC_ARG_INTEGER, .key = (char *)(uintptr_t)GRPC_ARG_ENABLE_CHANNELZ, .value.integer = 0 },
		{ .type = GRPC_ARG_INTEGER, .key = (char *)(uintptr_t)GRPC_ARG_ALLOW_REUSEPORT, .value.integer = 0 },
	};
	const grpc_channel_args all = { sizeof arguments / sizeof arguments[0], arguments };
	return grpc_server_create(&all, NULL);
}

struct server *server_new(const struct server_options *options)
{
	gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
	gpr_set_log_function(log_from_grpc);
	abseil_trust_locks();
	grpc_init();
	struct server *server = calloc(1, sizeof *server);
	if (!server) {
		grpc_shutdown();
		return NULL;
	}
	struct rpc_shared *shared = &server->shared;
	shared->options = *options;
	shared->server = make_grpc_server();
	shared->queue = grpc_completion_queue_create_for_next(NULL);
	grpc_server_register_completion_queue(shared->server, shared->queue, NULL);
	shared->workers = workers_new(LIMIT_WORKERS);
	shared->cancel_source = cancel_source_new();
	if (!shared->workers || !shared->cancel_source) {
		server_free(server);
		return NULL;
	}
	return server;
}

static void refuse_tickets(void *connection, void *value, CRYPTO_EX_DATA *data, int index, long number, void *context)
{
	(void)value, (void)data, (void)index, (void)number, (void)context;
	(void)SSL_set_num_tickets(connection, 0);
}

// A host connects once: tickets to come back with would be made for nobody, at a tenth of what a launch costs. gRPC has
// no option for them, and a configuration of OpenSSL's would replace the system's, which is for our requests too. So
// each connection is told while it is made; those of clients make no tickets anyway. A process has one server, and so
// registers this once.
static void register_refusal_of_tickets(void)
{
	(void)SSL_get_ex_new_index(0, NULL, refuse_tickets, NULL, NULL);
}

static grpc_server_credentials *make_credentials(const struct certificate *certificate, const char *client_pem)
{
	if (!certificate)
		return grpc_insecure_server_credentials_create();
	register_refusal_of_tickets();
	grpc_ssl_pem_key_cert_pair pair = { certificate->key_pem, certificate->chain_pem };
	return grpc_ssl_server_credentials_create_ex(client_pem, &pair, 1,
						     GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY, NULL);
}

int server_listen(struct server *server, const char *address, const struct certificate *certificate,
		  const char *client_pem)
{
	grpc_server_credentials *credentials = make_credentials(certificate, client_pem);
	if (!credentials)
		return 0;
	int port = grpc_server_add_http2_port(server->shared.server, address, credentials);
	grpc_server_credentials_release(credentials);
	return port;
}

void server_accept_from(struct server *server, int listening)
{
	const struct server_options *options = &server->shared.options;
	server->shared.connections = connections_new(listening, options->service_new, options->service_free);
	server->apart = true;
	if (!server->shared.connections)
		(void)close(listening);
}

// Takes events until the queue is shut down, which happens here once no RPC is left that could start a batch.
static void serve_queue(struct rpc_shared *shared)
{
	for (;;) {
		gpr_timespec until = gpr_inf_future(GPR_CLOCK_REALTIME);
		if (!shared->armed && !atomic_load(&shared->closing) && !rpc_arm(shared))
			until = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
					     gpr_time_from_millis(rearm_ms, GPR_TIMESPAN));
		grpc_event event = grpc_completion_queue_next(shared->queue, until, NULL);
		if (event.type == GRPC_QUEUE_SHUTDOWN)
			return;
		if (event.type == GRPC_QUEUE_TIMEOUT)
			continue;
		if (event.tag == shared)
			shared->quiet = true;
		else
			rpc_continue(event.tag, event.success);
		if (shared->quiet && shared->live == 0)
			grpc_completion_queue_shutdown(shared->queue);
	}
}

static void *run(void *argument)
{
	struct crash_stack stack;
	crash_guard_thread(&stack);
	serve_queue(argument);
	crash_leave_thread(&stack);
	return NULL;
}

bool server_start(struct server *server)
{
	struct rpc_shared *shared = &server->shared;
	grpc_server_start(shared->server);
	if (server->apart && (!shared->connections || !connections_start(shared->connections, shared->server)))
		return false;
	server->started = pthread_create(&server->thread, NULL, run, shared) == 0;
	return server->started;
}

void server_drain(struct server *server, int64_t grace_ms)
{
	const struct clock *clock = server->shared.options.clock;
	int64_t end_ms = clock_monotonic_ms(clock) + grace_ms;
	cancel_source_fire(server->shared.cancel_source);
	connections_cancel_all(server->shared.connections);
	while (atomic_load(&server->shared.working) > 0 && clock_monotonic_ms(clock) < end_ms)
		(void)clock_sleep_ms(clock, drain_step_ms, NULL);
}

void server_free(struct server *server)
{
	if (!server)
		return;
	struct rpc_shared *shared = &server->shared;
	atomic_store(&shared->closing, true);
	if (shared->cancel_source)
		cancel_source_fire(shared->cancel_source);
	connections_stop(shared->connections);
	connections_cancel_all(shared->connections);
	grpc_server_shutdown_and_notify(shared->server, shared->queue, shared);
	grpc_server_cancel_all_calls(shared->server);
	if (server->started)
		(void)pthread_join(server->thread, NULL);
	else
		serve_queue(shared);
	workers_free(shared->workers);
	connections_free(shared->connections);
	grpc_server_destroy(shared->server);
	grpc_completion_queue_destroy(shared->queue);
	cancel_source_free(shared->cancel_source);
	free(server);
	grpc_shutdown();
}
