// SPDX-License-Identifier: MPL-2.0
// Proxies and trust from settings and environment.
#include "fixture.h"

#include "aws/transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct opened {
	struct fixture fixture;
	struct http_curl_options options;
	bool chosen;
};

static void open_with(struct opened *o, const struct aws_settings *settings, const char *name, const char *value)
{
	fixture_open(&o->fixture);
	const struct environment_variable variable = { name, value };
	const struct environment environment = { &variable, name ? 1 : 0 };
	o->chosen = transport_choose(&o->fixture.call, settings, &environment, &o->options);
}

static void test_nothing_said(void **state)
{
	(void)state;
	struct opened o;
	open_with(&o, &(struct aws_settings){ .insecure = false }, NULL, NULL);
	assert_true(o.chosen);
	assert_null(o.fixture.diagnostics.first);
	assert_false(o.options.insecure);
	assert_text(o.options.proxies.https, "");
	fixture_close(&o.fixture);
}

static void test_one_proxy_for_both_warns(void **state)
{
	(void)state;
	struct aws_settings settings = { .proxies.http = { true, T("http://u:hunter2@proxy:3128") } };
	struct opened o;
	open_with(&o, &settings, NULL, NULL);
	assert_true(o.chosen);
	assert_in(fixture_told(&o.fixture), "No proxy for HTTPS");
	assert_in(fixture_told(&o.fixture), "http://proxy:3128");
	assert_not_in(fixture_told(&o.fixture), "hunter2");
	fixture_close(&o.fixture);
	settings.proxies.https = (struct proxy_argument){ true, T("") };
	open_with(&o, &settings, NULL, NULL);
	assert_true(o.chosen);
	assert_null(o.fixture.diagnostics.first);
	assert_text(o.options.proxies.https, "");
	fixture_close(&o.fixture);
}

static void test_what_is_no_proxy(void **state)
{
	(void)state;
	const struct aws_settings settings = { .proxies.https = { true, T("ftp://u:hunter2@proxy") } };
	struct opened o;
	open_with(&o, &settings, NULL, NULL);
	assert_false(o.chosen);
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&o.fixture), "\"https_proxy\" cannot be used");
	assert_not_in(fixture_told(&o.fixture), "hunter2");
	fixture_close(&o.fixture);
	open_with(&o, &(struct aws_settings){ .insecure = false }, "HTTP_PROXY", "ftp://u:hunter2@proxy");
	assert_true(o.chosen);
	assert_text(o.options.proxies.http, "");
	assert_in(fixture_told(&o.fixture), "The environment variable HTTP_PROXY");
	assert_not_in(fixture_told(&o.fixture), "hunter2");
	fixture_close(&o.fixture);
}

static void test_bundle(void **state)
{
	(void)state;
	char path[] = "/tmp/vns-test-bundle-XXXXXX";
	assert_int_equal(close(mkstemp(path)), 0);
	const struct aws_settings settings = { .custom_ca_bundle = T("$BUNDLE") };
	struct opened o;
	open_with(&o, &settings, "BUNDLE", path);
	assert_true(o.chosen);
	assert_text(o.options.ca_file, path);
	assert_text(o.options.ca_directories, "");
	fixture_close(&o.fixture);
	assert_int_equal(unlink(path), 0);
	open_with(&o, &settings, "BUNDLE", path);
	assert_false(o.chosen);
	assert_in(fixture_told(&o.fixture), path);
	fixture_close(&o.fixture);
	open_with(&o, &(struct aws_settings){ .insecure = false }, "AWS_CA_BUNDLE", "/nowhere.pem");
	assert_true(o.chosen);
	assert_text(o.options.ca_file, "/nowhere.pem"); // the first request says that it cannot be read
	fixture_close(&o.fixture);
}

static void test_insecure_warns(void **state)
{
	(void)state;
	struct opened o;
	open_with(&o, &(struct aws_settings){ .insecure = true }, NULL, NULL);
	assert_true(o.options.insecure);
	assert_in(fixture_told(&o.fixture), "Certificates are not verified");
	assert_int_equal(o.fixture.diagnostics.errors, 0);
	fixture_close(&o.fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_said),     cmocka_unit_test(test_one_proxy_for_both_warns),
		cmocka_unit_test(test_what_is_no_proxy), cmocka_unit_test(test_bundle),
		cmocka_unit_test(test_insecure_warns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
