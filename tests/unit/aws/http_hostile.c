// SPDX-License-Identifier: MPL-2.0
// The transport against servers that answer too much, too little, too slowly, nonsense or nothing.
#include "fixture.h"
#include "loopback.h"

#include "aws/answer.h"
#include "aws/http_curl.h"
#include "base/limits.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct opened {
	struct loopback server;
	struct http *http;
	struct http_response response;
};

static void open_all(struct opened *o)
{
	loopback_start(&o->server, NULL);
	const struct http_curl_options options = { .connect_timeout_ms = 60000, .stall_timeout_s = 1 };
	o->http = http_curl_new(&options);
	assert_non_null(o->http);
	http_response_init(&o->response);
}

static void close_all(struct opened *o)
{
	http_response_free(&o->response);
	o->http->free(o->http);
	loopback_stop(&o->server);
}

static void exchange_within(struct opened *o, const char *path, int64_t timeout_ms)
{
	char url[64];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", o->server.port, path);
	const struct http_request request = {
		.method = T("POST"), .url = text_of(url), .body = T("Action=X"), .timeout_ms = timeout_ms
	};
	http_response_free(&o->response);
	http_response_init(&o->response);
	o->http->exchange(o->http, &request, &o->response);
}

static void exchange(struct opened *o, const char *path)
{
	exchange_within(o, path, 0);
}

static void test_faults(void **state)
{
	(void)state;
	static const struct {
		const char *path;
		enum http_problem problem;
	} cases[] = {
		// libcurl averages over five seconds, so this one takes seven.
		{ "/stall", HTTP_TIMEOUT },     { "/close", HTTP_BROKEN },      { "/cut", HTTP_BROKEN },
		{ "/nonsense", HTTP_BROKEN },   { "/headers", HTTP_TOO_LARGE }, { "/endless", HTTP_TOO_LARGE },
		{ "/header", HTTP_TOO_LARGE },  { "/huge", HTTP_TOO_LARGE },    { "/chunks", HTTP_TOO_LARGE },
		{ "/interim", HTTP_TOO_LARGE }, { "/negative", HTTP_BROKEN },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct opened o;
		open_all(&o);
		exchange(&o, cases[i].path);
		if (o.response.problem != cases[i].problem)
			fail_msg("%s: %d %s", cases[i].path, o.response.problem, o.response.explanation);
		assert_true(o.response.sent);
		assert_true(o.response.explanation[0] != '\0');
		assert_true(o.response.body.length <= LIMIT_RESPONSE_BYTES);
		// The next exchange is not harmed.
		exchange(&o, "/ok");
		assert_int_equal(o.response.problem, HTTP_ANSWERED);
		assert_text(buffer_text(&o.response.body), "hello");
		close_all(&o);
	}
}

// What follows an answer is no answer to the next request.
static void test_too_short_a_length(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	exchange(&o, "/short");
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_text(buffer_text(&o.response.body), "he");
	exchange(&o, "/ok");
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_text(buffer_text(&o.response.body), "hello");
	close_all(&o);
}

// Nothing is unpacked, so a small answer cannot become a large one.
static void test_encodings_are_left_alone(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	exchange(&o, "/encoded");
	assert_text(buffer_text(&o.response.body), "hello");
	assert_null(strstr(o.server.last_head, "Accept-Encoding"));
	close_all(&o);
}

static void test_own_timeouts(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	const int64_t start_ms = clock_monotonic_ms(&clock_system);
	exchange_within(&o, "/hang", 200);
	assert_int_equal(o.response.problem, HTTP_TIMEOUT);
	assert_true(clock_monotonic_ms(&clock_system) - start_ms < 10000);
	close_all(&o);
}

// A refusal says that nothing was changed, unless the request was sent twice: the first one may have had its effect.
static void test_refusal_of_a_repetition_leaves_doubt(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	exchange(&o, "/weary");
	assert_int_equal(o.response.status, 400);
	assert_false(answer_leaves_doubt(&o.response, true));
	exchange(&o, "/weary");
	assert_int_equal(o.response.status, 400);
	assert_int_equal(o.server.requests, 3);
	assert_int_equal(o.server.connections, 2);
	assert_true(answer_leaves_doubt(&o.response, true));
	close_all(&o);
}

// It is no fault of the answer, and what was sent may have had its effect.
static void test_failure_to_wait_is_told(void **state)
{
	(void)state;
	struct opened o;
	struct rlimit before;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	open_all(&o);
	exchange(&o, "/starve");
	loopback_allow_files(before.rlim_cur);
	assert_int_equal(o.response.problem, HTTP_UNUSABLE);
	assert_in(text_of(o.response.explanation), "poll");
	assert_true(answer_leaves_doubt(&o.response, false));
	close_all(&o);
}

int main(void)
{
	(void)signal(SIGPIPE, SIG_IGN); // as the program does
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_too_short_a_length),
		cmocka_unit_test(test_encodings_are_left_alone),
		cmocka_unit_test(test_own_timeouts),
		cmocka_unit_test(test_refusal_of_a_repetition_leaves_doubt),
		cmocka_unit_test(test_failure_to_wait_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
