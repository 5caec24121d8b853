// SPDX-License-Identifier: MPL-2.0
// The transport against a real server on the loopback interface.
#include "fixture.h"
#include "loopback.h"

#include "aws/http_curl.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct opened {
	struct loopback server;
	struct http *http;
	struct cancel_source *source;
	struct cancel *cancel;
	struct http_response response;
	int64_t took_ms;
};

static void open_with(struct opened *o, SSL_CTX *tls, const char *ca_file)
{
	memset(o, 0, sizeof *o);
	loopback_start(&o->server, tls);
	const struct http_curl_options options = {
		.ca_file = text_of(ca_file),
		.connect_timeout_ms = 2000,
		.stall_timeout_s = 1,
	};
	o->http = http_curl_new(&options);
	assert_non_null(o->http);
	o->source = cancel_source_new();
	o->cancel = cancel_acquire(o->source);
	http_response_init(&o->response);
}

static void open_plain(struct opened *o)
{
	open_with(o, NULL, NULL);
}

static void close_all(struct opened *o)
{
	http_response_free(&o->response);
	cancel_release(o->cancel);
	cancel_source_free(o->source);
	o->http->free(o->http);
	loopback_stop(&o->server);
}

static void exchange_at(struct opened *o, const char *url, int64_t grace_ms)
{
	const struct http_header headers[] = {
		{ T("X-Amz-Security-Token"), T("tok") },
		{ T("X-Empty"), T("") },
		{ T("Content-Type"), T("application/x-www-form-urlencoded") },
	};
	const struct http_request request = {
		.method = T("POST"),
		.url = text_of(url),
		.headers = headers,
		.header_count = 3,
		.body = T("Action=X"),
		.cancel = o->cancel,
		.grace_ms = grace_ms,
	};
	http_response_free(&o->response);
	http_response_init(&o->response);
	const int64_t start_ms = clock_monotonic_ms(&clock_system);
	o->http->exchange(o->http, &request, &o->response);
	o->took_ms = clock_monotonic_ms(&clock_system) - start_ms;
}

static void exchange(struct opened *o, const char *path, int64_t grace_ms)
{
	char url[128];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", o->server.port, path);
	exchange_at(o, url, grace_ms);
}

static void test_exchanges(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/ok", 0);
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_true(o.response.sent);
	assert_int_equal(o.response.status, 200);
	assert_text(buffer_text(&o.response.body), "hello");
	assert_text(http_response_header(&o.response, T("x-two")), "2");
	const struct text head = text_of(o.server.last_head);
	assert_in(head, "POST /ok HTTP/1.1\r\n");
	assert_in(head, "X-Amz-Security-Token: tok\r\n");
	assert_in(head, "\r\nContent-Type: application/x-www-form-urlencoded\r\n");
	assert_in(head, "\r\n\r\nAction=X");
	assert_not_in(head, "Expect");
	close_all(&o);
}

static void test_other_methods(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	char url[64];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%d/ok", o.server.port);
	const char *const methods[] = { "GET", "PUT" };
	for (size_t i = 0; i < 2; i++) {
		const struct http_request request = { .method = text_of(methods[i]), .url = text_of(url) };
		http_response_free(&o.response);
		o.http->exchange(o.http, &request, &o.response);
		assert_int_equal(o.response.problem, HTTP_ANSWERED);
		assert_memory_equal(o.server.last_head, methods[i], 3);
	}
	close_all(&o);
}

static void test_interim_answer_is_forgotten(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/continue", 0);
	assert_int_equal(o.response.status, 200);
	assert_text(http_response_header(&o.response, T("X-Two")), "2");
	close_all(&o);
}

static void test_redirect_is_not_followed(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/redirect", 0);
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_int_equal(o.response.status, 307);
	assert_int_equal(o.server.requests, 1);
	close_all(&o);
}

static void test_environment_gives_no_proxy(void **state)
{
	(void)state;
	struct opened o;
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	assert_int_equal(setenv("ALL_PROXY", "http://127.0.0.1:1", 1), 0);
	open_plain(&o);
	exchange(&o, "/ok", 0);
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	close_all(&o);
	assert_int_equal(unsetenv("http_proxy"), 0);
	assert_int_equal(unsetenv("ALL_PROXY"), 0);
}

static void test_connections_are_reused(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	for (int i = 0; i < 20; i++) {
		exchange(&o, i % 2 ? "/ok" : "/redirect", 0);
		assert_int_equal(o.response.problem, HTTP_ANSWERED);
	}
	assert_int_equal(o.server.requests, 20);
	assert_int_equal(o.server.connections, 1);
	close_all(&o);
}

// libcurl repeats a request by itself when a kept connection ends without an answer: that must not go unsaid.
static void test_repetition_on_a_new_connection_is_told(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/close", 0);
	assert_int_equal(o.server.requests, 1);
	assert_false(o.response.resent);
	exchange(&o, "/ok", 0);
	assert_false(o.response.resent);
	exchange(&o, "/close", 0);
	assert_int_equal(o.server.requests, 4);
	assert_true(o.response.resent);
	exchange(&o, "/ok", 0);
	assert_false(o.response.resent);
	close_all(&o);
}

static void *exchange_many(void *argument)
{
	struct opened *shared = argument;
	struct opened own = { .http = shared->http };
	http_response_init(&own.response);
	own.server.port = shared->server.port;
	bool well = true;
	for (int i = 0; i < 25; i++) {
		exchange(&own, "/ok", 0);
		well = well && own.response.problem == HTTP_ANSWERED && own.response.status == 200;
	}
	http_response_free(&own.response);
	return well ? argument : NULL;
}

static void test_threads_share_connections(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	pthread_t threads[8];
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 8; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, exchange_many, &o), 0);
		for (size_t i = 0; i < 8; i++) {
			void *well = NULL;
			assert_int_equal(pthread_join(threads[i], &well), 0);
			assert_non_null(well);
		}
	}
	assert_int_equal(o.server.requests, 2 * 8 * 25);
	assert_true(o.server.connections <= 8);
	close_all(&o);
}

static void *fire_soon(void *argument)
{
	(void)usleep(100 * 1000);
	cancel_source_fire(argument);
	return NULL;
}

// Fires 100 ms from now; returns after the exchange.
static void exchange_and_fire(struct opened *o, const char *path, int64_t grace_ms)
{
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, fire_soon, o->source), 0);
	exchange(o, path, grace_ms);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void test_cancel(void **state)
{
	(void)state;
	const char *const paths[] = { "/hang", "/stall" };
	for (size_t i = 0; i < 2; i++) {
		struct opened o;
		open_plain(&o);
		exchange_and_fire(&o, paths[i], 0);
		assert_int_equal(o.response.problem, HTTP_CANCELLED);
		assert_true(o.response.sent);
		// At once; but machines are shared, so the bound only tells it from waiting for the end.
		assert_true(o.took_ms >= 90 && o.took_ms < 5000);
		close_all(&o);
	}
}

static void test_cancel_before(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	cancel_source_fire(o.source);
	exchange(&o, "/ok", 5000);
	assert_int_equal(o.response.problem, HTTP_CANCELLED);
	assert_false(o.response.sent);
	assert_int_equal(o.server.requests, 0);
	close_all(&o);
}

static void test_grace(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange_and_fire(&o, "/slow", 5000); // the answer comes 150 ms after the wish to stop
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_text(buffer_text(&o.response.body), "hello");
	close_all(&o);
	open_plain(&o);
	exchange_and_fire(&o, "/hang", 300);
	assert_int_equal(o.response.problem, HTTP_CANCELLED);
	assert_true(o.response.sent);
	assert_true(o.took_ms >= 390 && o.took_ms < 5000);
	close_all(&o);
}

static void test_nobody_there(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange_at(&o, "http://127.0.0.1:1/", 0);
	assert_int_equal(o.response.problem, HTTP_REFUSED);
	assert_false(o.response.sent);
	exchange_at(&o, "http://nobody.invalid/", 0);
	assert_int_equal(o.response.problem, HTTP_NO_SUCH_HOST);
	exchange_at(&o, "file:///etc/passwd", 0);
	assert_int_not_equal(o.response.problem, HTTP_ANSWERED);
	assert_int_equal(o.response.body.length, 0);
	exchange_at(&o, "http://user:password@127.0.0.1:1/", 0);
	assert_int_equal(o.response.problem, HTTP_UNUSABLE);
	close_all(&o);
}

static void exchange_tls(struct opened *o, const char *host)
{
	char url[128];
	(void)snprintf(url, sizeof url, "https://%s:%d/ok", host, o->server.port);
	exchange_at(o, url, 0);
}

static void test_tls(void **state)
{
	(void)state;
	char path[] = "/tmp/vns-test-certificate-XXXXXX";
	char other_path[] = "/tmp/vns-test-certificate-XXXXXX";
	assert_int_equal(close(mkstemp(path)), 0);
	assert_int_equal(close(mkstemp(other_path)), 0);
	struct opened o;
	SSL_CTX *other = loopback_tls(other_path);
	open_with(&o, loopback_tls(path), path);
	exchange_tls(&o, "localhost");
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_text(buffer_text(&o.response.body), "hello");
	exchange_tls(&o, "127.0.0.1"); // not the certificate's name
	assert_int_equal(o.response.problem, HTTP_UNTRUSTED);
	close_all(&o);

	open_with(&o, other, path); // not the certificate that is trusted
	exchange_tls(&o, "localhost");
	assert_int_equal(o.response.problem, HTTP_UNTRUSTED);
	assert_false(o.response.sent);
	close_all(&o);

	open_with(&o, loopback_tls(path), "/nowhere/ca.pem");
	exchange_tls(&o, "localhost");
	assert_int_equal(o.response.problem, HTTP_UNTRUSTED);
	close_all(&o);

	SSL_CTX *old = loopback_tls(path);
	assert_int_equal(SSL_CTX_set_max_proto_version(old, TLS1_1_VERSION), 1);
	SSL_CTX_set_security_level(old, 0);
	open_with(&o, old, path);
	exchange_tls(&o, "localhost");
	assert_int_equal(o.response.problem, HTTP_TLS);
	close_all(&o);

	open_plain(&o);
	exchange_tls(&o, "localhost"); // speaks no TLS at all
	assert_int_equal(o.response.problem, HTTP_TLS);
	close_all(&o);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(other_path), 0);
}

int main(void)
{
	(void)signal(SIGPIPE, SIG_IGN); // as the program does
	(void)setenv("OPENSSL_CONF", VNS_CASES "/aws/old_tls.cnf", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exchanges),
		cmocka_unit_test(test_other_methods),
		cmocka_unit_test(test_interim_answer_is_forgotten),
		cmocka_unit_test(test_redirect_is_not_followed),
		cmocka_unit_test(test_environment_gives_no_proxy),
		cmocka_unit_test(test_connections_are_reused),
		cmocka_unit_test(test_repetition_on_a_new_connection_is_told),
		cmocka_unit_test(test_threads_share_connections),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_cancel_before),
		cmocka_unit_test(test_grace),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_tls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
