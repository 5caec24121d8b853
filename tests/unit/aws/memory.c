// SPDX-License-Identifier: MPL-2.0
// After a source was used and the account is gone, its secret is nowhere in the process's memory. The test itself knows
// the secret only masked, and finds it first where it must be: while the credentials are held.
#include "home.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/random.h>

#define SECRET_CHARS 40
#define MASK         0x5A

static unsigned char masked[SECRET_CHARS];
static char maps[1 << 20]; // in the program's own data, which is not searched

static char secret_char(size_t i)
{
	return (char)(masked[i] ^ MASK);
}

static void make_secret(void)
{
	assert_int_equal(getrandom(masked, sizeof masked, 0), sizeof masked);
	for (size_t i = 0; i < SECRET_CHARS; i++)
		masked[i] = (unsigned char)('A' + masked[i] % 26) ^ MASK;
}

// A '%' in the template stands for the secret.
static void append(struct buffer *buffer, const char *template)
{
	for (const char *at = template; *at; at++) {
		if (*at != '%')
			buffer_append_char(buffer, *at);
		for (size_t i = 0; *at == '%' && i < SECRET_CHARS; i++)
			buffer_append_char(buffer, secret_char(i));
	}
}

// How often the secret stands in [start, end).
static size_t count_between(const volatile unsigned char *start, const volatile unsigned char *end)
{
	size_t found = 0;
	for (; start + SECRET_CHARS <= end; start++) {
		size_t i = 0;
		while (i < SECRET_CHARS && (start[i] ^ MASK) == masked[i])
			i++;
		found += i == SECRET_CHARS;
	}
	return found;
}

// In all memory that is written to and belongs to no file: the heap, the stack, what was mapped.
static size_t count_in_memory(void)
{
	const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got = 0;
	size_t found = 0;
	assert_true(fd >= 0);
	while ((got = read(fd, maps + length, sizeof maps - 1 - length)) > 0)
		length += (size_t)got;
	(void)close(fd);
	struct text rest = { maps, length };
	struct text line;
	while (text_take_until(&rest, '\n', &line)) {
		unsigned long start = 0;
		unsigned long end = 0;
		char rights[5] = "";
		char copy[64];
		(void)snprintf(copy, sizeof copy, "%.*s", TEXT_ARG(text_part(line, 0, 50)));
		const bool is_ours = text_find_char(line, '/') == SIZE_MAX && text_find(line, T("[v")) == SIZE_MAX;
		if (is_ours && sscanf(copy, "%lx-%lx %4s", &start, &end, rights) == 3 && rights[0] == 'r' &&
		    rights[1] == 'w')
			found += count_between((const unsigned char *)start, (const unsigned char *)end);
	}
	return found;
}

// Answers with keys whose secret is the secret.
static void answer(struct http *http, const struct http_request *request, struct http_response *response)
{
	static const struct {
		const char *part_of_url;
		const char *body;
	} answers[] = {
		{ "sts.",
		  "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>A"
		  "</AccessKeyId><SecretAccessKey>%</SecretAccessKey><SessionToken>%</SessionToken><Expiration>"
		  "2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>"
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
		append(&response->body, answers[i].body);
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
		make_secret();
		home_open(&home, NULL, 0);
		home.script.http = (struct http){ answer, keep };
		prepare(&home, source);
		home_expect(&home, sources[source], "A");
		assert_true(count_in_memory() > 0);
		home_close(&home);
		const size_t left = count_in_memory();
		if (left)
			fail_msg("%s: the secret is still there, %zu times", sources[source], left);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_no_secret_is_left) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
