// SPDX-License-Identifier: MPL-2.0
// Which proxy a request takes, and that it takes it.
#include "fixture.h"
#include "loopback.h"

#include "aws/http_curl.h"
#include "aws/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char proxy[] = "http://proxy:3128";

static const struct {
	const char *exceptions;
	const char *url;
	bool direct;
} exceptions[] = {
	{ "", "https://ec2.amazonaws.com/", false },
	{ "", "https://localhost/", true },
	{ "", "http://LOCALHOST:4566/x", true },
	{ "", "http://127.0.0.1:4566", true },
	{ "", "http://127.200.0.1/", true },
	{ "", "http://127.evil.example/", false },
	{ "", "http://localhost.example/", false },
	{ "", "https://[::1]:8443/", true },
	{ "", "https://[::ffff:127.0.0.1]/", true },
	{ "", "https://[::2]/", false },
	{ "*", "https://ec2.amazonaws.com/", true },
	{ "a.example, *", "https://ec2.amazonaws.com/", true },
	{ "amazonaws.com", "https://ec2.amazonaws.com/", true },
	{ "amazonaws.com", "https://amazonaws.com/", true },
	{ "AmazonAWS.com", "https://ec2.amazonaws.COM/", true },
	{ "amazonaws.com", "https://notamazonaws.com/", false },
	{ "amazonaws.com", "https://amazonaws.com.evil.example/", false },
	{ ".amazonaws.com", "https://ec2.amazonaws.com/", true },
	{ ".amazonaws.com", "https://amazonaws.com/", false },
	{ "*.amazonaws.com", "https://ec2.amazonaws.com/", true },
	{ "*.amazonaws.com", "https://amazonaws.com/", false },
	{ "amazonaws.com:443", "https://ec2.amazonaws.com/", true },
	{ "amazonaws.com:8443", "https://ec2.amazonaws.com/", false },
	{ "amazonaws.com:8443", "https://ec2.amazonaws.com:8443/", true },
	{ "amazonaws.com:80", "http://ec2.amazonaws.com/", true },
	{ ":443", "https://ec2.amazonaws.com/", false },
	{ " , ,", "https://ec2.amazonaws.com/", false },
	{ " x.example , h.example ", "https://h.example/", true },
	{ "169.254.169.254", "http://169.254.169.254/latest", true },
	{ "169.254.169.254:80", "http://169.254.169.254/latest", true },
	{ "169.254.169.254:81", "http://169.254.169.254/latest", false },
	{ "169.254.169.25", "http://169.254.169.254/latest", false },
	{ "10.0.0.0/8", "https://10.255.1.2/", true },
	{ "10.0.0.0/8", "https://11.0.0.1/", false },
	{ "10.1.2.3/9", "https://10.127.0.1/", true },
	{ "10.1.2.3/9", "https://10.128.0.1/", false },
	{ "10.0.0.0/33", "https://10.0.0.1/", false },
	{ "10.0.0.0/8", "https://ten.example/", false },
	{ "0.0.0.0/0", "https://[2001:db8::1]/", false },
	{ "2001:db8::/32", "https://[2001:db8:1::1]/", true },
	{ "2001:db8::/33", "https://[2001:db8:8000::1]/", false },
	{ "2001:db8::1", "https://[2001:DB8:0::1]/", true },
	{ "[2001:db8::1]:443", "https://[2001:db8::1]/", true },
	{ "[2001:db8::1]:444", "https://[2001:db8::1]/", false },
	{ "::ffff:10.0.0.1", "https://10.0.0.1/", true },
	{ "a-name-that-is-longer-than-any-address-can-be-written.example",
	  "https://a-name-that-is-longer-than-any-address-can-be-written.example/", true },
	{ "a-name-that-is-longer-than-any-address-can-be-written.example",
	  "https://b-name-that-is-longer-than-any-address-can-be-written.example/", false },
	{ "", "ftp://h.example/", true },
};

static void test_exceptions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++) {
		const struct proxy_rules rules = { .http = text_of(proxy),
						   .https = text_of(proxy),
						   .exceptions = text_of(exceptions[i].exceptions) };
		const bool direct = proxy_of_url(&rules, text_of(exceptions[i].url)).length == 0;
		if (direct != exceptions[i].direct)
			fail_msg("\"%s\" %s: %s", exceptions[i].exceptions, exceptions[i].url,
				 direct ? "direct" : "by proxy");
	}
}

struct expectation {
	struct proxy_arguments arguments;
	const char *variables[6]; // NAME, value, NAME, value ...
	const char *http;
	const char *https;
	bool http_serves_https;
};

#define GIVEN(literal)                                                                                                 \
	{                                                                                                              \
		true, TEXT(literal)                                                                                    \
	}

static void test_arguments(void **state)
{
	(void)state;
	static const struct expectation cases[] = {
		{ .http = "", .https = "" },
		{ .variables = { "HTTP_PROXY", "a" }, .http = "a", .https = "" },
		{ .variables = { "http_proxy", "b", "HTTP_PROXY", "a" }, .http = "a", .https = "" },
		{ .variables = { "https_proxy", "b" }, .http = "", .https = "b" },
		{ .variables = { "ALL_PROXY", "b", "all_proxy", "b" }, .http = "", .https = "" },
		// The argument http_proxy serves both, until somebody says otherwise.
		{ .arguments = { .http = GIVEN("x") }, .http = "x", .https = "x", .http_serves_https = true },
		{ .arguments = { .http = GIVEN("x") }, .variables = { "HTTPS_PROXY", "b" }, .http = "x", .https = "b" },
		{ .arguments = { .http = GIVEN("x"), .https = GIVEN("y") }, .http = "x", .https = "y" },
		{ .arguments = { .http = GIVEN("x"), .https = GIVEN("") }, .http = "x", .https = "" },
		{ .arguments = { .https = GIVEN("") }, .variables = { "HTTPS_PROXY", "b" }, .http = "", .https = "" },
		{ .arguments = { .http = GIVEN("") },
		  .variables = { "HTTP_PROXY", "a", "HTTPS_PROXY", "b" },
		  .http = "",
		  .https = "b" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct environment_variable variables[3];
		size_t count = 0;
		for (; count < 3 && cases[i].variables[2 * count]; count++)
			variables[count] = (struct environment_variable){ cases[i].variables[2 * count],
									  cases[i].variables[2 * count + 1] };
		const struct environment environment = { variables, count };
		const struct proxy_rules rules = proxy_rules_of(&cases[i].arguments, &environment);
		assert_text(rules.http, cases[i].http);
		assert_text(rules.https, cases[i].https);
		assert_int_equal(rules.http_serves_https, cases[i].http_serves_https);
	}
	static const struct environment_variable both[] = { { "no_proxy", "b" }, { "NO_PROXY", "a" } };
	struct proxy_arguments arguments = { .exceptions = T("") };
	assert_text(proxy_rules_of(&arguments, &(struct environment){ both, 2 }).exceptions, "a");
	assert_text(proxy_rules_of(&arguments, &(struct environment){ both, 1 }).exceptions, "b");
	arguments.exceptions = T("c");
	assert_text(proxy_rules_of(&arguments, &(struct environment){ both, 2 }).exceptions, "c");
}

static void test_for_libcurl(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "", "" },
		{ "p", "http://p" },
		{ "proxy:3128", "http://proxy:3128" },
		{ "ftp.proxy:3128", "http://ftp.proxy:3128" }, // libcurl would take it for one that speaks FTP
		{ "http://user:p%40ss@proxy/@x", "http://user:p%40ss@proxy/@x" },
		{ "http://user:p@ss@proxy:1", "http://user:p%40ss@proxy:1" },
		{ "@user@:@@proxy", "http://%40user%40:%40@proxy" },
		{ "SOCKS5://u@v@h", "socks5h://u%40v@h" },
		{ "socks5h://h", "socks5h://h" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buffer written;
		buffer_init(&written, 1000);
		proxy_write(text_of(cases[i][0]), &written);
		assert_text(buffer_text(&written), cases[i][1]);
		buffer_free(&written);
	}
}

static void test_problems(void **state)
{
	(void)state;
	static const char *const good[] = { "",           "proxy",          "proxy:3128", "http://u:p@proxy:1",
					    "socks5://h", "https://[::1]:1" };
	static const char *const wrong[] = { "ftp://proxy",     "http://",          "http://u:p@:80",
					     "http://h:x",      "http://h:99999",   "a b",
					     "h\r\n",           "http://::1",       "http://::1:80",
					     "http://[::1]x80", "http://[1.2.3.4]", "http://h?x@y z",
					     "http://u@p<x",    "http://[::1",      "https:/proxy",
					     "://proxy" };
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_null(proxy_problem(text_of(good[i])));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_non_null(proxy_problem(text_of(wrong[i])));
	assert_text(proxy_authority(T("http://user:p@ss@proxy:1/x")), "proxy:1");
	assert_text(proxy_scheme(T("user:pass@proxy:1")), "http://");
}

struct opened {
	struct loopback server;
	struct http *http;
	struct http_response response;
};

static void open_all(struct opened *o)
{
	loopback_start(&o->server, NULL);
	char url[64];
	(void)snprintf(url, sizeof url, "http://user:hunter2@127.0.0.1:%d", o->server.port);
	const struct http_curl_options options = { .proxies = { .http = text_of(url), .https = text_of(url) } };
	o->http = http_curl_new(&options);
	assert_non_null(o->http);
	http_response_init(&o->response);
}

static void exchange(struct opened *o, const char *url, bool no_proxy)
{
	const struct http_request request = {
		.method = T("POST"), .url = text_of(url), .body = T("Action=X"), .no_proxy = no_proxy
	};
	http_response_free(&o->response);
	http_response_init(&o->response);
	o->http->exchange(o->http, &request, &o->response);
}

static void close_all(struct opened *o)
{
	http_response_free(&o->response);
	o->http->free(o->http);
	loopback_stop(&o->server);
}

static void test_requests_take_the_proxy(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	exchange(&o, "http://sensor.invalid/ok", false);
	assert_int_equal(o.response.problem, HTTP_ANSWERED);
	assert_text(buffer_text(&o.response.body), "hello");
	assert_in(text_of(o.server.last_head), "POST http://sensor.invalid/ok HTTP/1.1\r\n");
	assert_in(text_of(o.server.last_head), "\r\nProxy-Authorization: Basic dXNlcjpodW50ZXIy\r\n");
	exchange(&o, "http://sensor.invalid/ok", true); // and so there is no such host
	assert_int_equal(o.response.problem, HTTP_NO_SUCH_HOST);
	close_all(&o);
}

// Its answer is not the service's, its refusal sends nothing, and its password is not told.
static void test_proxy_refuses(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	exchange(&o, "https://sensor.invalid/", false);
	assert_int_equal(o.response.problem, HTTP_NO_PROXY);
	assert_false(o.response.sent);
	assert_int_equal(o.response.header_lines.length, 0);
	const struct text told = text_of(o.response.explanation);
	assert_in(told, "by the proxy http://127.0.0.1:");
	assert_in(told, "407");
	assert_not_in(told, "hunter2");
	assert_in(text_of(o.server.last_head), "CONNECT sensor.invalid:443 HTTP/1.1\r\n");
	assert_not_in(text_of(o.server.last_head), "Action");
	close_all(&o);
}

static void test_no_such_proxy(void **state)
{
	(void)state;
	const struct http_curl_options options = { .proxies = { .http = T("http://u:hunter2@nobody.invalid:1") } };
	struct opened o = { .http = http_curl_new(&options) };
	http_response_init(&o.response);
	exchange(&o, "http://sensor.invalid/", false);
	assert_int_equal(o.response.problem, HTTP_NO_PROXY);
	assert_in(text_of(o.response.explanation), "nobody.invalid");
	assert_not_in(text_of(o.response.explanation), "hunter2");
	http_response_free(&o.response);
	o.http->free(o.http);
}

// What stands behind a NUL counts like the rest, and is there to be looked at.
static void test_exceptions_with_a_nul(void **state)
{
	(void)state;
	const struct http_curl_options options = { .proxies = { .http = T("http://nobody.invalid:1"),
								.exceptions = T("a\0b,sensor.invalid") } };
	struct opened o = { .http = http_curl_new(&options) };
	http_response_init(&o.response);
	exchange(&o, "http://sensor.invalid/", false);
	assert_int_equal(o.response.problem, HTTP_NO_SUCH_HOST);
	http_response_free(&o.response);
	o.http->free(o.http);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_problems),
		cmocka_unit_test(test_for_libcurl),
		cmocka_unit_test(test_requests_take_the_proxy),
		cmocka_unit_test(test_proxy_refuses),
		cmocka_unit_test(test_no_such_proxy),
		cmocka_unit_test(test_exceptions_with_a_nul),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
