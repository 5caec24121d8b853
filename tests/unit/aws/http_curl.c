// SPDX-License-Identifier: MPL-2.0
// The transport against a real server on the loopback interface.
#include "fixture.h"
#include "loopback.h"

#include "aws/address.h"
#include "aws/http_curl.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct opened {
	struct loopback server;
	struct http *http;
	struct http_response response;
};

static void open_with(struct opened *o, SSL_CTX *tls, const char *ca_file)
{
	memset(o, 0, sizeof *o);
	loopback_start(&o->server, tls);
	const struct http_curl_options options = {
		.ca_file = text_of(ca_file),
		.connect_timeout_ms = 60000, // nothing here waits for either
		.stall_timeout_s = 60,
	};
	o->http = http_curl_new(&options);
	assert_non_null(o->http);
	http_response_init(&o->response);
}

static void open_plain(struct opened *o)
{
	open_with(o, NULL, NULL);
}

static void close_all(struct opened *o)
{
	http_response_free(&o->response);
	o->http->free(o->http);
	loopback_stop(&o->server);
}

static void exchange_at(struct opened *o, const char *url)
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
	};
	http_response_free(&o->response);
	http_response_init(&o->response);
	o->http->exchange(o->http, &request, &o->response);
}

static void exchange(struct opened *o, const char *path)
{
	char url[128];
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", o->server.port, path);
	exchange_at(o, url);
}

static void test_exchanges(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/ok");
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

// No connection goes elsewhere, whatever the name; and one that others made is not trusted to be near. The kernel takes
// 0.0.0.0, which is not near, to this machine: nothing but the transport refuses it.
static void test_near_only(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/ok");
	static const struct {
		const char *host;
		enum http_problem problem;
	} cases[] = { { "127.0.0.1", HTTP_ANSWERED }, { "0.0.0.0", HTTP_REFUSED }, { "0", HTTP_REFUSED } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char url[64];
		(void)snprintf(url, sizeof url, "http://%s:%d/ok", cases[i].host, o.server.port);
		const struct http_request request = {
			.method = T("GET"), .url = text_of(url), .no_proxy = true, .near_only = true
		};
		http_response_free(&o.response);
		http_response_init(&o.response);
		o.http->exchange(o.http, &request, &o.response);
		assert_int_equal(o.response.problem, cases[i].problem);
		assert_int_equal(o.response.sent, cases[i].problem == HTTP_ANSWERED);
	}
	assert_int_equal(o.server.connections, 2);
	close_all(&o);
}

static void test_addresses_of_sockets(void **state)
{
	(void)state;
	static const struct {
		const char *address;
		bool is_near;
	} cases[] = {
		{ "::1", true },          { "::ffff:127.0.0.2", true }, { "::ffff:169.254.170.23", true },
		{ "::", false },          { "::ffff:10.0.0.1", false }, { "2001:db8::1", false },
		{ "fd00:ec2::23", true },
	};
	struct address found;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sockaddr_in6 place = { .sin6_family = AF_INET6 };
		assert_int_equal(inet_pton(AF_INET6, cases[i].address, &place.sin6_addr), 1);
		assert_true(address_of_socket((const struct sockaddr *)&place, &found));
		assert_int_equal(address_is_near(&found), cases[i].is_near);
	}
	const struct sockaddr file = { .sa_family = AF_UNIX };
	assert_false(address_of_socket(&file, &found));
}

static void test_interim_answer_is_forgotten(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/continue");
	assert_int_equal(o.response.status, 200);
	assert_text(http_response_header(&o.response, T("X-Two")), "2");
	close_all(&o);
}

static void test_redirect_is_not_followed(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange(&o, "/redirect");
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
	exchange(&o, "/ok");
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	close_all(&o);
	assert_int_equal(unsetenv("http_proxy"), 0);
	assert_int_equal(unsetenv("ALL_PROXY"), 0);
}

// curl's own file of passwords is nobody's business here.
static void test_no_password_is_taken_from_home(void **state)
{
	(void)state;
	char home[] = "/tmp/vns-test-home-XXXXXX";
	char path[64];
	assert_non_null(mkdtemp(home));
	(void)snprintf(path, sizeof path, "%s/.netrc", home);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs("machine 127.0.0.1 login somebody password nobody-may-see\n", file) >= 0);
	assert_true(fputs("default login somebody password nobody-may-see\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(setenv("HOME", home, 1), 0);
	struct opened o;
	open_plain(&o);
	exchange(&o, "/ok");
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_not_in(text_of(o.server.last_head), "uthorization:");
	close_all(&o);
	assert_int_equal(unsetenv("HOME"), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(home), 0);
}

static void test_connections_are_reused(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	for (int i = 0; i < 20; i++) {
		exchange(&o, i % 2 ? "/ok" : "/redirect");
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
	exchange(&o, "/close");
	assert_int_equal(o.server.requests, 1);
	assert_false(o.response.resent);
	exchange(&o, "/ok");
	assert_false(o.response.resent);
	exchange(&o, "/close");
	assert_int_equal(o.server.requests, 4);
	assert_true(o.response.resent);
	exchange(&o, "/ok");
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
		exchange(&own, "/ok");
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

static void test_nobody_there(void **state)
{
	(void)state;
	struct opened o;
	open_plain(&o);
	exchange_at(&o, "http://127.0.0.1:1/");
	assert_int_equal(o.response.problem, HTTP_REFUSED);
	assert_false(o.response.sent);
	exchange_at(&o, "http://nobody.invalid/");
	assert_int_equal(o.response.problem, HTTP_NO_SUCH_HOST);
	exchange_at(&o, "file:///etc/passwd");
	assert_int_not_equal(o.response.problem, HTTP_ANSWERED);
	assert_int_equal(o.response.body.length, 0);
	exchange_at(&o, "http://user:password@127.0.0.1:1/");
	assert_int_equal(o.response.problem, HTTP_UNUSABLE);
	close_all(&o);
}

static void exchange_tls(struct opened *o, const char *host)
{
	char url[128];
	(void)snprintf(url, sizeof url, "https://%s:%d/ok", host, o->server.port);
	exchange_at(o, url);
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
		cmocka_unit_test(test_near_only),
		cmocka_unit_test(test_addresses_of_sockets),
		cmocka_unit_test(test_interim_answer_is_forgotten),
		cmocka_unit_test(test_redirect_is_not_followed),
		cmocka_unit_test(test_environment_gives_no_proxy),
		cmocka_unit_test(test_no_password_is_taken_from_home),
		cmocka_unit_test(test_connections_are_reused),
		cmocka_unit_test(test_repetition_on_a_new_connection_is_told),
		cmocka_unit_test(test_threads_share_connections),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_tls),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
