// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include "base/clock.h"

#include <stdio.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void finished(void *context)
{
	struct fixture *fixture = context;
	atomic_fetch_add(&fixture->finished, 1);
}

void fixture_start(struct fixture *fixture, const struct certificate *certificate, const char *client_pem)
{
	toy_init(&fixture->toy);
	static const char *const quick_methods[] = { "Echo", NULL };
	const struct server_options options = {
		.quick_methods = quick_methods,
		.service = &fixture->toy.service.base,
		.service_new = toy_service_new,
		.service_free = toy_service_free,
		.urgent_method = "Stop",
		.packed_answer = toy_packed_answer,
		.finished = finished,
		.finished_context = fixture,
		.log = &fixture->log,
		.clock = &clock_system,
	};
	fixture->server = server_new(&options);
	(void)snprintf(fixture->address, sizeof fixture->address, "unix-abstract:vns-test-%d-%p", (int)getpid(),
		       (void *)fixture);
	if (!fixture->server)
		abort();
	if (fixture->listening > 0)
		server_accept_from(fixture->server, fixture->listening);
	else if (server_listen(fixture->server, fixture->address, certificate, client_pem) <= 0)
		abort();
	if (!server_start(fixture->server))
		abort();
}

void fixture_end(struct fixture *fixture)
{
	server_free(fixture->server);
	(void)pthread_mutex_destroy(&fixture->toy.lock);
}

static struct fixture *new_fixture(struct log log)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	if (!fixture)
		abort();
	fixture->log = log;
	fixture->log_ends[0] = fixture->log_ends[1] = -1;
	return fixture;
}

static int open_fixture(struct fixture *fixture, void **state)
{
	fixture_start(fixture, NULL, NULL);
	channel_open(&fixture->client, fixture->address, NULL);
	*state = fixture;
	return 0;
}

int fixture_setup(void **state)
{
	return open_fixture(new_fixture(log_none), state);
}

int fixture_setup_logged(void **state)
{
	struct fixture *fixture = new_fixture((struct log){ LOG_DEBUG, -1, "toy", &clock_system, NULL });
	if (pipe(fixture->log_ends) != 0)
		abort();
	fixture->log.fd = fixture->log_ends[1];
	return open_fixture(fixture, state);
}

// An abstract socket, whose name the kernel chooses.
int fixture_setup_apart(void **state)
{
	struct fixture *fixture = new_fixture(log_none);
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	struct sockaddr_un got = { .sun_family = AF_UNIX };
	socklen_t size = sizeof got;
	fixture->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fixture->listening, (const struct sockaddr *)&any, sizeof any.sun_family) != 0 ||
	    listen(fixture->listening, SOMAXCONN) != 0 ||
	    getsockname(fixture->listening, (struct sockaddr *)&got, &size) != 0)
		abort();
	fixture_start(fixture, NULL, NULL);
	(void)snprintf(fixture->address, sizeof fixture->address, "unix-abstract:%.*s",
		       (int)(size - offsetof(struct sockaddr_un, sun_path) - 1), got.sun_path + 1);
	channel_open(&fixture->client, fixture->address, NULL);
	*state = fixture;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;
	channel_close(&fixture->client);
	fixture_end(fixture);
	(void)close(fixture->log_ends[0]);
	(void)close(fixture->log_ends[1]);
	free(fixture);
	return 0;
}

grpc_status_code fixture_ask(struct channel *channel, const char *path, struct text request)
{
	struct answer answer;
	channel_call(channel, path, request, FIXTURE_CALL_MS, &answer);
	grpc_status_code status = answer.status;
	answer_free(&answer);
	return status;
}

bool fixture_reply_is(const struct exchange *call, struct text expected)
{
	struct answer answer;
	exchange_take_answer(call, &answer);
	bool same = call->reply && text_equal(answer.bytes, expected);
	answer_free(&answer);
	return same;
}
