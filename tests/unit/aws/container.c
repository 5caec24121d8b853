// SPDX-License-Identifier: MPL-2.0
// The container endpoint as a source of credentials: who is asked, with which token, and who is not.
#include "home.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <string.h>

#define CONTAINER_KEYS                                                                                                 \
	"{\"AccessKeyId\":\"AKIACONT\",\"SecretAccessKey\":\"hush-c\",\"Token\":\"hush-ct\",\"Expiration\":"           \
	"\"2026-09-22T12:00:00Z\"}"

static void test_container(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = CONTAINER_KEYS };
	struct home home;
	home_open(&home, &step, 1);
	home_set(&home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/id?x=1");
	home_expect(&home, "container", "AKIACONT");
	assert_string_equal(home.script.records[0].url, "http://169.254.170.2/v2/credentials/id?x=1");
	assert_true(home.script.records[0].no_proxy);
	assert_null(script_header(&home.script, 0, "Authorization"));
	home_close(&home);
	home_open(&home, &step, 1);
	home_write(&home, "token", "hush-file\n");
	home_set(&home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials");
	home_set(&home, "AWS_CONTAINER_AUTHORIZATION_TOKEN", "hush-inline");
	home_set_path(&home, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "token");
	home_expect(&home, "container", "AKIACONT");
	assert_string_equal(script_header(&home.script, 0, "Authorization"), "hush-file");
	home_close(&home);
}

static void test_container_errors(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		const char *token;
		const char *told; // NULL: it is asked
	} cases[] = {
		{ "http://example.com/x", "", NULL }, // if it is near
		{ "http://169.254.170.231/x", "", "without encryption" },
		{ "http://10.0.0.1/x", "", "without encryption" },
		{ "http://169.254.169.254/x", "", "without encryption" },
		{ "http://169.254.170.2@example.com/x", "", "user name" },
		{ "ftp://127.0.0.1/x", "", "https://" },
		{ "http://127.0.0.1/x", "hush\r\nX: y", "its token has" },
		{ "http://127.0.0.1/x?a b", "", "query" },
		{ "http://127.0.0.1:1/x", "hush", NULL },
		{ "http://localhost/x", "", NULL },
		{ "http://[::1]/x", "", NULL },
		{ "http://[fd00:ec2::23]/x", "", NULL },
		{ "http://[FD00:EC2:0::23]:81/x", "", NULL },
		{ "http://[0:0::1]:81/x", "", NULL },
		{ "http://[::ffff:127.0.0.2]/x", "", NULL },
		{ "http://[::ffff:169.254.170.23]/x", "", NULL },
		{ "http://[fd00:ec2::24]/x", "", "without encryption" },
		{ "http://[::ffff:10.0.0.1]/x", "", "without encryption" },
		{ "https://example.com/x", "", NULL },
	};
	const struct script_step step = { .status = 200, .body = CONTAINER_KEYS };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		home_open(&home, &step, 1);
		home_set(&home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", cases[i].url);
		home_set(&home, "AWS_CONTAINER_AUTHORIZATION_TOKEN", cases[i].token);
		if (cases[i].told)
			home_expect_error(&home, cases[i].told);
		else
			home_expect(&home, "container", "AKIACONT");
		assert_int_equal(home.script.exchanges, cases[i].told ? 0 : 1);
		if (!cases[i].told)
			assert_int_equal(home.script.records[0].near_only, strncmp(cases[i].url, "http://", 7) == 0);
		home_close(&home);
	}
	const struct script_step answers[] = {
		{ .status = 500, .body = "hush" },
		{ .status = 404, .body = "hush" },
		{ .status = 200, .body = "hush {" },
		{ .status = 200, .body = "{\"AccessKeyId\":\"hush\"}" },
		{ .status = 200, .body = "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"hush\",\"Expiration\":\"x\"}" },
		{ .problem = HTTP_TIMEOUT },
	};
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct home home;
		home_open(&home, &answers[i], 1);
		home_set(&home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
		home_expect_error(&home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, gave no credentials");
		home_close(&home);
	}
}

// Only the transport can tell that a name stands for an address elsewhere.
static void test_container_is_elsewhere(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool is_told_of_encryption;
	} cases[] = {
		{ "http://example.com/x", true },
		{ "http://localhost/x", true },
		{ "http://169.254.170.2/x", false },
		{ "https://example.com/x", false },
	};
	const struct script_step unconnected = { .problem = HTTP_REFUSED };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		home_open(&home, &unconnected, 1);
		home_set(&home, "AWS_CONTAINER_CREDENTIALS_FULL_URI", cases[i].url);
		home_expect_error(&home, "no connection could be made");
		const struct text told = home.fixture.diagnostics.first->detail;
		assert_int_equal(strstr(told.at, "without encryption") != NULL, cases[i].is_told_of_encryption);
		home_close(&home);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_container),
		cmocka_unit_test(test_container_errors),
		cmocka_unit_test(test_container_is_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
