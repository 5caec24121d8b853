// SPDX-License-Identifier: MPL-2.0
// After a source was used and the account is gone, its secret is nowhere in the process's memory. The test itself knows
// the secret only masked, and finds it first where it must be: while the credentials are held.
#include "home.h"
#include "secret.h"

#include "aws/json_secret.h"
#include "aws/sigv4.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// Answers with keys whose secret is the secret.
static void answer(struct http *http, const struct http_request *request, struct http_response *response)
{
	static const struct {
		const char *part_of_url;
		const char *body;
	} answers[] = {
		{ "sts.",
		  "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><Expiration>"
		  "2030-01-01T00:00:00Z</Expiration><AccessKeyId>A</AccessKeyId><SessionToken>%</SessionToken>"
		  "<SecretAccessKey>%</SecretAccessKey></Credentials></AssumeRoleWithWebIdentityResult>"
		  "</AssumeRoleWithWebIdentityResponse>" },
		{ "portal.sso",
		  "{\"roleCredentials\":{\"accessKeyId\":\"A\",\"secretAccessKey\":\"%\",\"sessionToken\":"
		  "\"%\",\"expiration\":1890000000000}}" },
		{ "api/token", "imds" },
		{ "credentials/role", "{\"Code\":\"Success\",\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"%\",\"Token\":"
				      "\"%\",\"Expiration\":\"2030-01-01T00:00:00Z\"}" },
		{ "security-credentials/", "role" },
		{ "169.254.170.2", "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"%\",\"Token\":\"%\"}" },
	};
	(void)http;
	response->problem = HTTP_ANSWERED;
	response->status = 200;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		if (text_find(request->url, text_of(answers[i].part_of_url)) == SIZE_MAX)
			continue;
		secret_append(&response->body, answers[i].body);
		return;
	}
	response->status = 404;
}

static void keep(struct http *http)
{
	(void)http;
}

static void write_secret(struct home *home, const char *below, const char *template, bool backwards)
{
	home_write(home, below, "");
	const struct text path = text_print(&home->fixture.arena, "%s/%s", home->directory, below);
	const int fd = open(path.at, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (const char *at = template; *at; at++) {
		if (*at != '%')
			assert_int_equal(write(fd, at, 1), 1);
		for (size_t i = 0; *at == '%' && i < SECRET_CHARS; i++) {
			const char c = secret_char(backwards ? SECRET_CHARS - 1 - i : i);
			assert_int_equal(write(fd, &c, 1), 1);
		}
	}
	(void)close(fd);
}

// The SHA-1 of "u".
#define SSO_CACHE ".aws/sso/cache/51e69892ab49df85c6230ccc57f8e1d1606caccc.json"

// Its program prints the secret, which stands backwards in the file.
#define PROCESS_CONFIG                                                                                                 \
	"[default]\ncredential_process = s=$(echo '%' | rev); echo "                                                   \
	"\"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"A\\\",\\\"SecretAccessKey\\\":\\\"$s\\\"}\"\n"

static void prepare(struct home *home, int source)
{
	static const char *const files[] = {
		"[default]\naws_access_key_id = A\naws_secret_access_key = %\naws_session_token = %\n",
		PROCESS_CONFIG,
		"[default]\nsso_region = eu-west-1\nsso_start_url = u\nsso_account_id = 1\nsso_role_name = r\n",
	};
	if (source < 3)
		write_secret(home, ".aws/config", files[source], true);
	if (source == 0)
		write_secret(home, ".aws/config", files[0], false);
	write_secret(home, SSO_CACHE, "{\"accessToken\":\"%\",\"expiresAt\":\"2030-01-01T00:00:00Z\"}", false);
	write_secret(home, "token", "%", false);
	if (source == 3)
		home_set(home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
	if (source == 4) {
		home_set_path(home, "AWS_WEB_IDENTITY_TOKEN_FILE", "token");
		home_set(home, "AWS_ROLE_ARN", "arn:r");
	}
}

static void test_no_secret_is_left(void **state)
{
	(void)state;
	static const char *const sources[] = { "profile",   "credential process", "SSO",
					       "container", "web identity",       "instance metadata" };
	for (int source = 0; source < 6; source++) {
		struct home home;
		secret_make();
		home_open(&home, NULL, 0);
		home.script.http = (struct http){ answer, keep };
		prepare(&home, source);
		home_expect(&home, sources[source], "A");
		assert_true(secret_count_in_memory() > 0);
		home_close(&home);
		const size_t left = secret_count_in_memory() + secret_count_given_back();
		if (left)
			fail_msg("%s: the secret is still there, %zu times", sources[source], left);
	}
}

static void test_nothing_is_left_of_signing(void **state)
{
	(void)state;
	struct arena arena;
	struct buffer secret;
	struct buffer authorization;
	arena_init(&arena, 0);
	buffer_init(&secret, SECRET_CHARS);
	buffer_init(&authorization, 1000);
	secret.secret = true;
	secret_make();
	secret_append(&secret, "%");
	const struct sigv4_header headers[] = { { T("Host"), T("h") },
						{ T("X-Amz-Security-Token"), buffer_text(&secret) } };
	const struct sigv4_request request = {
		.method = T("POST"), .path = T("/"), .headers = headers, .header_count = 2, .body_hash = T("0")
	};
	const struct sigv4_scope scope = { T("20260101T000000Z"), T("eu-west-1"), T("ec2") };
	assert_true(sigv4_authorization(&arena, &request, &scope, T("A"), buffer_text(&secret), &authorization));
	buffer_free(&secret);
	buffer_free(&authorization);
	assert_int_equal(secret_count_in_memory(), 0);
	assert_int_equal(secret_count_given_back(), 0);
	arena_free(&arena);
}

// The heap itself writes over the beginning of what it gets back.
static void test_nothing_is_left_of_written_json(void **state)
{
	(void)state;
	struct fixture fixture;
	struct buffer token;
	fixture_open(&fixture);
	buffer_init(&token, 1000);
	token.secret = true;
	secret_make();
	secret_append(&token, "long enough for that: %");
	assert_true(json_secret_set(json_secret_object(&fixture.arena), "accessToken", buffer_text(&token)));
	buffer_free(&token);
	assert_true(secret_count_in_memory() > 0);
	fixture_close(&fixture);
	assert_int_equal(secret_count_in_memory(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_left_of_written_json), // first, before anything was read
		cmocka_unit_test(test_nothing_is_left_of_signing),
		cmocka_unit_test(test_no_secret_is_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
