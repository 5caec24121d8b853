// SPDX-License-Identifier: MPL-2.0
// Whose certificates are trusted: those of a server and of a proxy that speaks TLS itself, by a file, by directories
// and when nothing is verified.
#include "fixture.h"
#include "loopback.h"

#include "aws/http_curl.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_CHARS = 64 };

// A server with a certificate of its own, which stands in `good`, and another certificate in `other`.
struct opened {
	char folder[PATH_CHARS];
	char good[PATH_CHARS];
	char other[PATH_CHARS];
	char directory[PATH_CHARS];
	struct loopback server;
	struct http *http;
	struct http_response response;
};

static void path_in(const char *folder, const char *name, char *ret_path)
{
	assert_in_range(snprintf(ret_path, PATH_CHARS, "%s/%s", folder, name), 1, PATH_CHARS - 1);
}

static void open_all(struct opened *o)
{
	memset(o, 0, sizeof *o);
	(void)snprintf(o->folder, sizeof o->folder, "/tmp/vns-test-trust-XXXXXX");
	assert_non_null(mkdtemp(o->folder));
	path_in(o->folder, "good", o->good);
	path_in(o->folder, "other", o->other);
	path_in(o->folder, "d", o->directory);
	assert_int_equal(mkdir(o->directory, 0700), 0);
	SSL_CTX_free(loopback_tls(o->other));
	loopback_start(&o->server, loopback_tls(o->good));
	http_response_init(&o->response);
}

// All that a test may have made.
static void close_all(struct opened *o)
{
	static const char *const names[] = { "d/authority", "d/both", "d/link", "d/notes",
					     "d/below",     "d",      "good",   "other" };
	char path[PATH_CHARS];
	http_response_free(&o->response);
	if (o->http)
		o->http->free(o->http);
	loopback_stop(&o->server);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		path_in(o->folder, names[i], path);
		(void)remove(path);
	}
	assert_int_equal(rmdir(o->folder), 0);
}

static void use(struct opened *o, const struct http_curl_options *options)
{
	if (o->http)
		o->http->free(o->http);
	o->http = http_curl_new(options);
	assert_non_null(o->http);
}

static void exchange(struct opened *o, const char *url)
{
	const struct http_request request = { .method = T("POST"), .url = text_of(url), .body = T("Action=X") };
	http_response_free(&o->response);
	http_response_init(&o->response);
	o->http->exchange(o->http, &request, &o->response);
}

static enum http_problem ask(struct opened *o, const char *host)
{
	char url[64];
	(void)snprintf(url, sizeof url, "https://%s:%d/ok", host, o->server.port);
	exchange(o, url);
	assert_int_equal(o->response.sent, o->response.problem == HTTP_ANSWERED);
	return o->response.problem;
}

// Through the server as a proxy; `options` are without it.
static enum http_problem ask_by_proxy(struct opened *o, struct http_curl_options options, const char *host)
{
	char url[64];
	(void)snprintf(url, sizeof url, "https://%s:%d", host, o->server.port);
	options.proxies = (struct proxy_rules){ .http = text_of(url), .https = text_of(url) };
	use(o, &options);
	exchange(o, "http://sensor.invalid/ok");
	return o->response.problem;
}

static void add_file(const struct opened *o, const char *name, const char *const *sources, const char *beginning)
{
	char path[PATH_CHARS];
	char bytes[4096];
	path_in(o->directory, name, path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(beginning, file) >= 0);
	for (; *sources; sources++) {
		FILE *source = fopen(*sources, "r");
		assert_non_null(source);
		const size_t length = fread(bytes, 1, sizeof bytes, source);
		assert_int_equal(fwrite(bytes, 1, length, file), length);
		assert_int_equal(fclose(source), 0);
	}
	assert_int_equal(fclose(file), 0);
}

static void add_what_is_no_certificate(const struct opened *o)
{
	static const char *const none[] = { NULL };
	char path[PATH_CHARS];
	add_file(o, "notes", none, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
	path_in(o->directory, "below", path);
	assert_int_equal(mkdir(path, 0700), 0);
	path_in(o->directory, "link", path);
	assert_int_equal(symlink("nowhere", path), 0);
}

static void test_directories(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	add_what_is_no_certificate(&o);
	char list[2 * PATH_CHARS];
	(void)snprintf(list, sizeof list, "/nowhere:%s", o.directory);
	const struct http_curl_options alone = { .ca_directories = text_of(list) };
	const struct http_curl_options beside = { .ca_file = text_of(o.other), .ca_directories = text_of(list) };
	use(&o, &alone);
	assert_int_equal(ask(&o, "localhost"), HTTP_UNTRUSTED);
	add_file(&o, "authority", (const char *const[]){ o.other, NULL }, "");
	use(&o, &alone);
	assert_int_equal(ask(&o, "localhost"), HTTP_UNTRUSTED);
	// Every certificate of a file counts, and what stands before it does not.
	add_file(&o, "both", (const char *const[]){ o.other, o.good, NULL }, "ours:\n");
	assert_int_equal(ask(&o, "localhost"), HTTP_UNTRUSTED); // they are read once
	use(&o, &alone);
	assert_int_equal(ask(&o, "localhost"), HTTP_ANSWERED);
	assert_text(buffer_text(&o.response.body), "hello");
	assert_int_equal(ask(&o, "127.0.0.1"), HTTP_UNTRUSTED); // not the certificate's name
	use(&o, &beside);
	assert_int_equal(ask(&o, "localhost"), HTTP_ANSWERED);
	assert_int_equal(ask_by_proxy(&o, alone, "localhost"), HTTP_ANSWERED);
	close_all(&o);
}

// What a link leads to outside the directory counts.
static void test_link_out_of_a_directory(void **state)
{
	(void)state;
	struct opened o;
	char path[PATH_CHARS];
	open_all(&o);
	path_in(o.directory, "link", path);
	assert_int_equal(symlink("../good", path), 0);
	use(&o, &(struct http_curl_options){ .ca_directories = text_of(o.directory) });
	assert_int_equal(ask(&o, "localhost"), HTTP_ANSWERED);
	close_all(&o);
}

static void test_nothing_is_verified(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	const struct http_curl_options options = { .insecure = true,
						   .ca_file = text_of(o.other),
						   .ca_directories = text_of(o.directory) };
	use(&o, &options);
	assert_int_equal(ask(&o, "localhost"), HTTP_ANSWERED);
	assert_int_equal(ask(&o, "127.0.0.1"), HTTP_ANSWERED);
	assert_int_equal(ask_by_proxy(&o, options, "127.0.0.1"), HTTP_ANSWERED);
	close_all(&o);
}

static void test_proxy(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	const struct http_curl_options good = { .ca_file = text_of(o.good) };
	assert_int_equal(ask_by_proxy(&o, good, "localhost"), HTTP_ANSWERED);
	assert_in(text_of(o.server.last_head), "POST http://sensor.invalid/ok HTTP/1.1\r\n");
	const int requests = o.server.requests;
	assert_int_equal(ask_by_proxy(&o, good, "127.0.0.1"), HTTP_UNTRUSTED); // not the certificate's name
	const struct http_curl_options other = { .ca_file = text_of(o.other) };
	assert_int_equal(ask_by_proxy(&o, other, "localhost"), HTTP_UNTRUSTED);
	assert_in(text_of(o.response.explanation), "by the proxy https://localhost:");
	assert_int_equal(o.server.requests, requests);
	close_all(&o);
}

// A proxy must speak TLS 1.2 or newer, like a server.
static void test_old_proxy(void **state)
{
	(void)state;
	struct opened o;
	open_all(&o);
	SSL_CTX *old = loopback_tls(o.good);
	assert_int_equal(SSL_CTX_set_max_proto_version(old, TLS1_1_VERSION), 1);
	SSL_CTX_set_security_level(old, 0);
	loopback_stop(&o.server);
	loopback_start(&o.server, old);
	const struct http_curl_options options = { .ca_file = text_of(o.good) };
	assert_int_equal(ask_by_proxy(&o, options, "localhost"), HTTP_TLS);
	assert_int_equal(o.server.requests, 0);
	close_all(&o);
}

int main(void)
{
	(void)signal(SIGPIPE, SIG_IGN); // as the program does
	(void)setenv("OPENSSL_CONF", VNS_CASES "/aws/old_tls.cnf", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_directories),         cmocka_unit_test(test_link_out_of_a_directory),
		cmocka_unit_test(test_nothing_is_verified), cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_old_proxy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
