// SPDX-License-Identifier: MPL-2.0
// What a request carries, and the password of its proxy, is nowhere in the process's memory once the transport is gone.
#include "loopback.h"
#include "secret.h"

#include "aws/http_curl.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

// A process of its own, since what it reads is not wiped.
struct server {
	pid_t id;
	int end; // closing it ends the server
	int port;
};

static _Noreturn void serve(int port_to, int until_closed)
{
	struct loopback loopback;
	char byte;
	loopback_start(&loopback, NULL);
	const bool told = write(port_to, &loopback.port, sizeof loopback.port) == sizeof loopback.port;
	while (told && read(until_closed, &byte, 1) > 0)
		;
	_exit(0);
}

static void start(struct server *server)
{
	int port[2];
	int end[2];
	assert_int_equal(pipe(port), 0);
	assert_int_equal(pipe(end), 0);
	server->id = fork();
	if (server->id == 0) {
		(void)close(end[1]);
		serve(port[1], end[0]);
	}
	(void)close(port[1]);
	(void)close(end[0]);
	server->end = end[1];
	assert_int_equal(read(port[0], &server->port, sizeof server->port), sizeof server->port);
	(void)close(port[0]);
}

static void stop(const struct server *server)
{
	(void)close(server->end);
	assert_int_equal(waitpid(server->id, NULL, 0), server->id);
}

static void begin(struct buffer *buffer, const char *template)
{
	buffer_init(buffer, 1000);
	buffer->secret = true;
	secret_append(buffer, template);
}

static struct http *http_with_proxy(int port)
{
	struct buffer proxy;
	begin(&proxy, "http://u@v:%@127.0.0.1:");
	buffer_append_int64(&proxy, port);
	const struct http_curl_options options = { .proxies = { .http = buffer_text(&proxy) } };
	struct http *http = http_curl_new(&options);
	assert_non_null(http);
	buffer_free(&proxy);
	return http;
}

static void exchange(struct http *http)
{
	struct buffer token;
	struct buffer body;
	begin(&token, "%");
	begin(&body, "Token=%");
	const struct http_header header = { T("X-Amz-Security-Token"), buffer_text(&token) };
	const struct http_request request = {
		.method = T("POST"),
		.url = T("http://sensor.invalid/ok"),
		.headers = &header,
		.header_count = 1,
		.body = buffer_text(&body),
	};
	struct http_response response;
	http_response_init(&response);
	http->exchange(http, &request, &response);
	assert_int_equal(response.problem, HTTP_ANSWERED);
	http_response_free(&response);
	buffer_free(&token);
	buffer_free(&body);
}

static void test_no_secret_is_left(void **state)
{
	(void)state;
	struct server server;
	start(&server);
	secret_make();
	struct http *http = http_with_proxy(server.port);
	exchange(http);
	assert_true(secret_count_in_memory() > 0); // of the proxy
	http->free(http);
	assert_int_equal(secret_count_in_memory(), 0);
	assert_int_equal(secret_count_given_back(), 0);
	stop(&server);
}

int main(void)
{
	(void)signal(SIGPIPE, SIG_IGN); // as the program does
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_no_secret_is_left) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
