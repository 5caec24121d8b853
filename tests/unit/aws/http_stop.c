// SPDX-License-Identifier: MPL-2.0
// Transfers over the loopback interface that are told to stop.
#include "fixture.h"
#include "loopback.h"

#include "aws/http_curl.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// A wish to stop ends a transfer within this time if the machine has nothing else to do, so the best of some tries
// counts.
enum { STOPS_WITHIN_MS = 100, TRIES = 20 };

struct opened {
	struct loopback server;
	struct http *http;
	struct cancel_source *source;
	struct cancel *cancel;
	struct http_response response;
	int64_t fired_ms, ended_ms; // when
	int64_t fires_after_ms;
};

static void open_all(struct opened *o)
{
	memset(o, 0, sizeof *o);
	loopback_start(&o->server, NULL);
	const struct http_curl_options options = { .connect_timeout_ms = 2000 };
	o->http = http_curl_new(&options);
	assert_non_null(o->http);
	o->source = cancel_source_new();
	o->cancel = cancel_acquire(o->source);
	http_response_init(&o->response);
}

static void close_all(struct opened *o)
{
	http_response_free(&o->response);
	cancel_release(o->cancel);
	cancel_source_free(o->source);
	o->http->free(o->http);
	loopback_stop(&o->server);
}

static void exchange(struct opened *o, const char *path, int64_t grace_ms)
{
	char url[64];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", o->server.port, path);
	const struct http_request request = { .method = T("POST"),
					      .url = text_of(url),
					      .body = T("Action=X"),
					      .cancel = o->cancel,
					      .grace_ms = grace_ms };
	o->http->exchange(o->http, &request, &o->response);
	o->ended_ms = clock_monotonic_ms(&clock_system);
}

static void *fire_soon(void *argument)
{
	struct opened *o = argument;
	(void)clock_sleep_ms(&clock_system, o->fires_after_ms, NULL);
	o->fired_ms = clock_monotonic_ms(&clock_system);
	cancel_source_fire(o->source);
	return NULL;
}

// Fires some time from now; returns after the exchange.
static void exchange_and_fire(struct opened *o, const char *path, int64_t fires_after_ms, int64_t grace_ms)
{
	pthread_t thread;
	o->fires_after_ms = fires_after_ms;
	assert_int_equal(pthread_create(&thread, NULL, fire_soon, o), 0);
	exchange(o, path, grace_ms);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

// How long the transfer goes on after the wish to stop and its grace.
static int64_t stop(const char *path, int64_t grace_ms)
{
	struct opened o;
	const int64_t after_ms = 300; // libcurl has timers of its own, up to 200 ms, which must not be what ends it
	open_all(&o);
	exchange_and_fire(&o, path, after_ms, grace_ms);
	assert_int_equal(o.response.problem, HTTP_CANCELLED);
	assert_true(o.response.sent);
	assert_true(o.ended_ms - o.fired_ms >= grace_ms);
	close_all(&o);
	return o.ended_ms - o.fired_ms - grace_ms;
}

static void assert_stops(const char *path, int64_t grace_ms)
{
	int tries = 1;
	while (stop(path, grace_ms) >= STOPS_WITHIN_MS)
		assert_true(tries++ < TRIES);
}

static void test_transfer_stops(void **state)
{
	(void)state;
	assert_stops("/hang", 0);
	assert_stops("/stall", 0);
}

static void test_grace(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	exchange_and_fire(&o, "/slow", 100, 5000); // the answer comes 150 ms after the wish to stop
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_text(buffer_text(&o.response.body), "hello");
	close_all(&o);
	assert_stops("/hang", 300);
}

static void test_stopped_before(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	cancel_source_fire(o.source);
	exchange(&o, "/ok", 5000);
	assert_int_equal(o.response.problem, HTTP_CANCELLED);
	assert_false(o.response.sent);
	assert_int_equal(o.server.requests, 0);
	close_all(&o);
}

int main(void)
{
	(void)signal(SIGPIPE, SIG_IGN); // as the program does
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transfer_stops),
		cmocka_unit_test(test_grace),
		cmocka_unit_test(test_stopped_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
