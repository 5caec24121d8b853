// SPDX-License-Identifier: MPL-2.0
// What happens before the handshake line counts fully for the user, several times per command: so nothing does that is
// not needed for it. The same holds for the way out.
#include "plugin/host.h"

#include "base/arena.h"
#include "base/call.h"
#include "base/limits.h"
#include "plugin/certificate.h"
#include "plugin/cli.h"
#include "plugin/crash.h"
#include "plugin/host_environment.h"
#include "plugin/handshake.h"
#include "plugin/listener.h"

#include <openssl/crypto.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const time_t parent_watch_seconds = 1;
// A handler may take its grace to the full, and then still has to answer.
static const int64_t drain_ms = LIMIT_STOP_GRACE_MS + 1000;

// One serving process.
struct serving {
	const struct host *host;
	bool debug;
	pid_t parent;
	sigset_t ends; // the signals that ask for an end
	struct log log;
	struct host_environment environment;
	struct certificate certificate;
	struct server *server;
	struct listener listener;
};

static _Noreturn void leave(const struct serving *serving)
{
	listener_remove_socket(&serving->listener);
	_exit(0);
}

// For the host every millisecond counts that this process still exists: no tidying up.
static void finished(void *context)
{
	const struct serving *serving = context;
	if (!serving->debug)
		leave(serving);
}

// Who closes the terminal ends it too, unless it was started so as to outlive that (nohup).
static void add_ends_of_debugging(struct serving *serving)
{
	struct sigaction now;
	(void)sigaddset(&serving->ends, SIGINT);
	if (sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
		(void)sigaddset(&serving->ends, SIGHUP);
}

// Before any thread is made, so that all inherit it. Ctrl-C reaches the whole process group: the host handles it, and
// tells by StopProvider.
static void set_signals(struct serving *serving)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigemptyset(&serving->ends);
	(void)sigaddset(&serving->ends, SIGTERM);
	if (serving->debug)
		add_ends_of_debugging(serving);
	else
		(void)signal(SIGINT, SIG_IGN);
	(void)pthread_sigmask(SIG_BLOCK, &serving->ends, NULL);
}

static bool make_server(struct call *call, struct serving *serving)
{
	const struct host *host = serving->host;
	const struct server_options options = {
		.service = host->service,
		.service_new = host->service_new,
		.service_free = host->service_free,
		.urgent_method = host->urgent_method,
		.quick_methods = host->quick_methods,
		.packed_answer = host->packed_answer,
		.context = host->context,
		.finished = finished,
		.finished_context = serving,
		.log = &serving->log,
		.clock = call->clock,
	};
	serving->server = server_new(&options);
	if (!serving->server)
		diag_error(call, NULL, "The server could not be made", "The system has no memory or files left.");
	return serving->server != NULL;
}

static bool open_server(struct call *call, struct serving *serving)
{
	const char *client_pem = serving->debug ? NULL : serving->environment.client_pem;
	serving->environment.client_pem = client_pem;
	if (client_pem && !certificate_make(call, &serving->certificate))
		return false;
	if (!make_server(call, serving) ||
	    !listener_open(call, serving->server, &serving->environment, client_pem ? &serving->certificate : NULL,
			   serving->debug, &serving->listener))
		return false;
	certificate_wipe_key(&serving->certificate);
	if (server_start(serving->server))
		return true;
	listener_remove_socket(&serving->listener);
	diag_error(call, NULL, "The server could not be started", "The system allows no further thread.");
	return false;
}

// Says where the server is; a host that cannot hear it is gone, and was so perhaps before its process id was read: then
// watching that would find nothing. Afterwards nothing reaches standard output, which the host stops reading carefully.
static void announce(struct call *call, struct serving *serving)
{
	struct text words = serving->debug ? cli_reattach(call->arena, serving->host, &serving->listener.address)
					   : handshake_line(call->arena, serving->host->protocol_version,
							    &serving->listener.address, serving->certificate.der_base64,
							    serving->environment.multiplex);
	const bool heard = write(STDOUT_FILENO, words.at, words.length) == (ssize_t)words.length;
	if (!heard && !serving->debug)
		leave(serving);
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere >= 0) {
		(void)dup2(nowhere, STDOUT_FILENO);
		(void)close(nowhere);
	}
	LOG(&serving->log, LOG_DEBUG, "serving", LOG_TEXT("version", text_of(serving->host->version)),
	    LOG_TEXT("network", serving->listener.address.network),
	    LOG_NUMBER("mutual_tls", serving->certificate.chain_pem != NULL));
	if (!serving->environment.version_offered && !serving->debug)
		LOG(&serving->log, LOG_WARN, "the host does not offer this provider's protocol version",
		    LOG_NUMBER("version", serving->host->protocol_version));
}

// Waits for a signal that ends the process, or for the host to vanish: then nobody would ever end it.
static _Noreturn void watch(struct serving *serving)
{
	const struct timespec pause = { .tv_sec = parent_watch_seconds };
	for (;;) {
		if (sigtimedwait(&serving->ends, NULL, &pause) > 0) {
			server_drain(serving->server, drain_ms);
			leave(serving);
		}
		if (!serving->debug && getppid() != serving->parent)
			leave(serving);
	}
}

static void serve(struct call *call, void *argument)
{
	struct serving *serving = argument;
	if (!open_server(call, serving))
		return;
	announce(call, serving);
	watch(serving);
}

static int start_serving(const struct host *host, const struct host_environment *environment, bool debug)
{
	struct serving serving = { .host = host, .debug = debug, .parent = getppid(), .environment = *environment };
	if (!debug && !environment->cookie) {
		cli_explain(host);
		return 1;
	}
	serving.log = (struct log){
		.level = log_level_from_environment(),
		.fd = STDERR_FILENO,
		.module = host->log_module,
		.clock = &clock_system,
	};
	set_signals(&serving);
	// The system's openssl.cnf may name modules that do not fit the OpenSSL in here, and reading it takes time.
	if (!environment->openssl_config)
		(void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	struct arena arena;
	arena_init(&arena, LIMIT_CALL_BYTES);
	struct diagnostics diagnostics = { 0 };
	struct call call = {
		.arena = &arena, .diagnostics = &diagnostics, .log = &serving.log, .clock = &clock_system
	};
	if (!call_run(&call, serve, &serving))
		(void)fprintf(stderr, "%s: out of memory at start\n", host->name);
	for (const struct diagnostic *d = diagnostics.first; d; d = d->next)
		(void)fprintf(stderr, "%s: %.*s\n%.*s\n", host->name, TEXT_ARG(d->summary), TEXT_ARG(d->detail));
	server_free(serving.server);
	arena_free(&arena);
	return 1;
}

int host_main(const struct host *host, int argc, char **argv)
{
	struct host_environment environment;
	host_environment_read(host->protocol_version, &environment);
	const enum cli_wish wish = cli_parse(argc, argv);
	struct crash_stack stack;
	crash_install(&stack, environment.core_dump, wish == CLI_DEBUG);
	switch (wish) {
	case CLI_SERVE:
		return start_serving(host, &environment, false);
	case CLI_DEBUG:
		return start_serving(host, &environment, true);
	case CLI_VERSION:
		cli_print_version(host);
		return 0;
	case CLI_HELP:
		cli_print_help(host);
		return 0;
	case CLI_WRONG:
		break;
	}
	(void)fprintf(stderr, "%s: unknown argument; -help lists those it takes\n", host->name);
	return 1;
}
