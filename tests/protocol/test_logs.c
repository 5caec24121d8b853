// SPDX-License-Identifier: MPL-2.0
// What the provider says on standard error: nothing unasked, lines that hosts can read, and no secret at any level.
#include "aws_stub.h"
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENVIRONMENT_SECRET "secret-of-the-environment-0123456789abcd"
#define ENVIRONMENT_TOKEN  "session-token-of-the-environment-0123456"

static const struct level {
	const char *name;
	int rank;
} levels[] = { { "trace", 0 }, { "debug", 1 }, { "info", 2 }, { "warn", 3 }, { "error", 4 }, { "off", 5 } };

// One launch with a plan and a read that fails; what it said, to be given back with free().
static char *run_with(const char *const *variables)
{
	static struct aws_stub stub;
	struct fixture fixture;
	aws_stub_start(&stub);
	fixture_start(&fixture, false, variables);
	fixture_read_schema(&fixture);
	fixture_configure(&fixture, stub.endpoint);
	(void)fixture_plan_target(&fixture);
	aws_stub_stop(&stub);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("ReadResource"), fixture_read_request(&fixture)),
			 GRPC_STATUS_OK);
	struct child_end end = plugin_host_stop(&fixture.host);
	assert_true(end.ended);
	char *errors = child_errors(&fixture.host.child);
	fixture_free(&fixture);
	return errors;
}

static int rank_of(const char *name)
{
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (name && strcmp(levels[i].name, name) == 0)
			return levels[i].rank;
	}
	return -1;
}

static bool is_timestamp(const char *text)
{
	static const char form[] = "0000-00-00T00:00:00.000000";
	for (size_t i = 0; form[i]; i++) {
		bool is_digit = text[i] >= '0' && text[i] <= '9';
		if (form[i] == '0' ? !is_digit : text[i] != form[i])
			return false;
	}
	return text[sizeof form - 1] == 'Z' || text[sizeof form - 1] == '+' || text[sizeof form - 1] == '-';
}

// Hosts read one JSON object per line; other types than strings in these three make them panic (facts: protocol, 2).
static int check_line(const char *line)
{
	json_error_t error;
	json_t *object = json_loads(line, 0, &error);
	if (!json_is_object(object))
		fail_msg("no JSON object (%s): %s", error.text, line);
	const char *level = json_string_value(json_object_get(object, "@level"));
	const char *timestamp = json_string_value(json_object_get(object, "@timestamp"));
	int rank = rank_of(level);
	if (rank < 0 || !timestamp || !is_timestamp(timestamp) || !json_is_string(json_object_get(object, "@message")))
		fail_msg("not a line for hosts: %s", line);
	json_decref(object);
	return rank;
}

// Checks every line, and returns the number of lines of each level.
static void count_lines(char *said, size_t counts[5])
{
	memset(counts, 0, 5 * sizeof counts[0]);
	char *rest = NULL;
	for (char *line = strtok_r(said, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		counts[check_line(line)]++;
}

static void unasked_it_says_nothing(void **state)
{
	(void)state;
	static const char *const variants[][3] = {
		{ NULL },
		{ "TF_LOG=", NULL },
		{ "TF_LOG=trace", "TF_LOG_PROVIDER=off", NULL },
		{ "TF_LOG=trace", "TF_LOG_PROVIDER_VNS=off", NULL },
	};
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
		char *said = run_with(variants[i]);
		assert_string_equal(said, "");
		free(said);
	}
}

static void it_says_what_is_asked_for_and_not_less(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		char variable[64];
		(void)snprintf(variable, sizeof variable, "TF_LOG_PROVIDER_VNS=%s", levels[i].name);
		const char *const variables[] = { "TF_LOG=warn", variable, NULL };
		char *said = run_with(variables);
		size_t counts[5];
		count_lines(said, counts);
		for (int rank = 0; rank < levels[i].rank && rank < 5; rank++)
			assert_int_equal(counts[rank], 0);
		if (levels[i].rank <= 1)
			assert_true(counts[1] > 0);
		free(said);
	}
}

// A client without a certificate is turned away, and gRPC has something to say of it.
static void what_grpc_says_comes_in_lines_too(void **state)
{
	(void)state;
	static const char *const variables[] = { "TF_LOG=trace", NULL };
	struct fixture fixture;
	fixture_start(&fixture, false, variables);
	struct channel stranger;
	struct answer answer;
	channel_open(&stranger, fixture.host.target, NULL);
	channel_call(&stranger, PROVIDER_RPC("GetMetadata"), T(""), FIXTURE_CALL_MS, &answer);
	assert_int_equal(answer.status, GRPC_STATUS_UNAVAILABLE);
	answer_free(&answer);
	channel_close(&stranger);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	assert_true(plugin_host_stop(&fixture.host).ended);
	char *said = child_errors(&fixture.host.child);
	fixture_free(&fixture);
	assert_non_null(strstr(said, "\"@module\":\"vns.grpc\""));
	size_t counts[5];
	count_lines(said, counts);
	free(said);
}

static void every_name_of_the_variable_works(void **state)
{
	(void)state;
	static const char *const variants[][2] = {
		{ "TF_LOG=DEBUG", NULL },
		{ "TF_LOG_PROVIDER=debug", NULL },
		{ "TF_LOG=JSON", NULL },
		{ "TF_LOG_PROVIDER_VNS=Trace", NULL },
	};
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
		char *said = run_with(variants[i]);
		size_t counts[5];
		count_lines(said, counts);
		assert_true(counts[1] > 0);
		free(said);
	}
}

static void no_secret_is_ever_said(void **state)
{
	(void)state;
	static const char *const variables[] = {
		"TF_LOG=trace",
		"TF_LOG_PROVIDER_VNS=trace",
		"AWS_ACCESS_KEY_ID=AKIAENVIRONMENT00000",
		"AWS_SECRET_ACCESS_KEY=" ENVIRONMENT_SECRET,
		"AWS_SESSION_TOKEN=" ENVIRONMENT_TOKEN,
		NULL,
	};
	static const char *const secrets[] = {
		FIXTURE_SECRET_KEY, FIXTURE_TOKEN, ENVIRONMENT_SECRET, ENVIRONMENT_TOKEN, "PRIVATE KEY", "Signature=",
	};
	char *said = run_with(variables);
	assert_true(strlen(said) > 0);
	for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
		if (strstr(said, secrets[i]))
			fail_msg("\"%s\" was logged: %s", secrets[i], said);
	}
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unasked_it_says_nothing),
		cmocka_unit_test(it_says_what_is_asked_for_and_not_less),
		cmocka_unit_test(what_grpc_says_comes_in_lines_too),
		cmocka_unit_test(every_name_of_the_variable_works),
		cmocka_unit_test(no_secret_is_ever_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
