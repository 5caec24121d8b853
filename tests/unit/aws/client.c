// SPDX-License-Identifier: MPL-2.0
// Settings, regions, the account.
#include "fixture.h"

#include "aws/sources.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define IDENTITY                                                                                                       \
	"<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"     \
	"<Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>AIDA</UserId><Account>123456789012</Account>"              \
	"</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"                      \
	"</GetCallerIdentityResponse>"

struct opened {
	struct fixture fixture;
	struct script script;
	struct aws *aws;
};

static void try_open(struct opened *o, const struct aws_settings *settings,
		     const struct environment_variable *variables, size_t variable_count,
		     const struct script_step *steps, size_t count)
{
	memset(o, 0, sizeof *o);
	fixture_open(&o->fixture);
	script_init(&o->script, steps, count);
	static const struct environment_variable none[1];
	const struct aws_seams seams = {
		.environment = { variables ? variables : none, variable_count },
		.http = &o->script.http,
		.random = fixture_zero,
		.sources = &sources_all,
	};
	o->aws = aws_new_with(&o->fixture.call, settings, &seams);
}

static void close_all(struct opened *o)
{
	fixture_close(&o->fixture);
	aws_free(o->aws);
	assert_true(o->script.freed);
	script_free_records(&o->script);
}

static const struct aws_settings usual = {
	.region = TEXT("eu-central-1"),
	.access_key = TEXT("AKIAEXAMPLE"),
	.secret_key = TEXT("very-secret"),
};

static void test_settings_are_copied(void **state)
{
	(void)state;
	char region[] = "eu-central-1";
	char key[] = "AKIAEXAMPLE";
	char secret[] = "very-secret";
	const struct script_step step = { .status = 200, .body = IDENTITY };
	const struct aws_settings settings = { .region = text_of(region),
					       .access_key = text_of(key),
					       .secret_key = text_of(secret) };
	struct opened o;
	try_open(&o, &settings, NULL, 0, &step, 1);
	memset(region, 'x', sizeof region - 1);
	memset(key, 'x', sizeof key - 1);
	memset(secret, 'x', sizeof secret - 1);
	struct client *client = client_of(&o.fixture.call, o.aws, T(""));
	struct text account_id;
	assert_true(client_account_id(&o.fixture.call, client, &account_id));
	assert_text(client_region(client), "eu-central-1");
	assert_non_null(strstr(script_header(&o.script, 0, "Authorization"), "Credential=AKIAEXAMPLE/"));
	close_all(&o);
}

static void test_region_order(void **state)
{
	(void)state;
	static const struct environment_variable variables[] = {
		{ "AWS_DEFAULT_REGION", "us-east-2" },
		{ "AWS_REGION", "us-east-1" },
	};
	static const struct {
		const char *setting;
		size_t variables;
		const char *region;
	} cases[] = { { "eu-west-1", 2, "eu-west-1" }, { "", 2, "us-east-1" }, { "", 1, "us-east-2" } };
	for (size_t i = 0; i < 3; i++) {
		struct opened o;
		struct text region;
		const struct aws_settings settings = { .region = text_of(cases[i].setting) };
		try_open(&o, &settings, variables, cases[i].variables, NULL, 0);
		assert_true(aws_region(&o.fixture.call, o.aws, &region));
		assert_text(region, cases[i].region);
		assert_text(aws_region_if_known(o.aws), cases[i].region);
		close_all(&o);
	}
}

static void test_no_region(void **state)
{
	(void)state;
	struct opened o;
	struct text region;
	const struct aws_settings keys = { .access_key = T("AKIA"), .secret_key = T("s") };
	try_open(&o, &keys, NULL, 0, NULL, 0);
	assert_text(aws_region_if_known(o.aws), "");
	assert_int_equal(o.fixture.diagnostics.errors, 0);
	assert_false(aws_region(&o.fixture.call, o.aws, &region));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&o.fixture), "AWS_REGION or AWS_DEFAULT_REGION");
	assert_null(client_of(&o.fixture.call, o.aws, T("")));
	assert_int_equal(o.fixture.diagnostics.errors, 2);
	assert_non_null(client_of(&o.fixture.call, o.aws, T("eu-west-1")));
	assert_null(client_of(&o.fixture.call, o.aws, T("evil.example/")));
	assert_in(fixture_told(&o.fixture), "\"evil.example/\" cannot be a region");
	close_all(&o);
}

static void test_unknown_settings(void **state)
{
	(void)state;
	static const struct environment_variable variables[] = { { "AWS_REGION", "us-east-1" } };
	static const char *const unknown[] = { "token", "region" };
	for (size_t i = 0; i < 2; i++) {
		struct opened o;
		struct text region;
		const struct aws_settings settings = { .unknown = text_of(unknown[i]) };
		try_open(&o, &settings, variables, 1, NULL, 0);
		assert_non_null(o.aws);
		assert_text(aws_region_if_known(o.aws), i == 0 ? "us-east-1" : "");
		assert_null(client_of(&o.fixture.call, o.aws, T("eu-west-1")));
		assert_false(aws_region(&o.fixture.call, o.aws, &region));
		assert_int_equal(o.fixture.diagnostics.errors, 2);
		assert_in(fixture_told(&o.fixture), unknown[i]);
		assert_in(fixture_told(&o.fixture), "not yet known");
		close_all(&o);
	}
}

static void expect_refused(const struct aws_settings *settings, const struct environment_variable *variable,
			   const char *part)
{
	struct opened o;
	try_open(&o, settings, variable, variable ? 1 : 0, NULL, 0);
	assert_null(o.aws);
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&o.fixture), part);
	assert_not_in(fixture_told(&o.fixture), "hunter2");
	close_all(&o);
}

static void test_plainly_wrong_settings(void **state)
{
	(void)state;
	const struct aws_settings none = { .max_attempts = 0 };
	const struct aws_settings region = { .region = T("eu.central") };
	const struct aws_settings endpoint = { .endpoints[AWS_STS] = T("https://user:hunter2@h") };
	const struct environment_variable bad_region = { "AWS_DEFAULT_REGION", "a b" };
	const struct environment_variable bad_endpoint = { "AWS_ENDPOINT_URL", "nonsense" };
	const struct environment_variable no_number = { "AWS_MAX_ATTEMPTS", "many" };
	const struct environment_variable no_switch = { "AWS_USE_FIPS_ENDPOINT", "yes" };
	expect_refused(&region, NULL, "the provider argument \"region\"");
	expect_refused(&none, &bad_region, "AWS_REGION or AWS_DEFAULT_REGION");
	expect_refused(&endpoint, NULL, "The endpoint of STS");
	expect_refused(&none, &bad_endpoint, "the environment variable AWS_ENDPOINT_URL");
	expect_refused(&none, &no_number, "AWS_MAX_ATTEMPTS");
	expect_refused(&none, &no_switch, "AWS_USE_FIPS_ENDPOINT");
}

static void test_plain_endpoints_warn(void **state)
{
	(void)state;
	struct opened o;
	try_open(&o, &(struct aws_settings){ .endpoints[AWS_EC2] = T("http://ec2.test") }, NULL, 0, NULL, 0);
	assert_non_null(o.aws);
	assert_int_equal(o.fixture.diagnostics.errors, 0);
	assert_in(fixture_told(&o.fixture), "unencrypted");
	close_all(&o);
	try_open(&o, &(struct aws_settings){ .endpoints[AWS_EC2] = T("http://127.0.0.1:9") }, NULL, 0, NULL, 0);
	assert_null(o.fixture.diagnostics.first);
	close_all(&o);
}

static void test_attempts_are_configured(void **state)
{
	(void)state;
	const struct environment_variable four = { "AWS_MAX_ATTEMPTS", "4" };
	struct opened o;
	try_open(&o, &(struct aws_settings){ .max_attempts = 0 }, &four, 1, NULL, 0);
	assert_int_equal(o.aws->reach.max_attempts, 4);
	close_all(&o);
	try_open(&o, &(struct aws_settings){ .max_attempts = 2 }, &four, 1, NULL, 0);
	assert_int_equal(o.aws->reach.max_attempts, 2);
	close_all(&o);
}

static void test_clients_are_kept(void **state)
{
	(void)state;
	struct opened o;
	try_open(&o, &usual, NULL, 0, NULL, 0);
	struct client *here = client_of(&o.fixture.call, o.aws, T(""));
	struct client *there = client_of(&o.fixture.call, o.aws, T("cn-north-1"));
	assert_ptr_equal(client_of(&o.fixture.call, o.aws, T("eu-central-1")), here);
	assert_ptr_equal(client_of(&o.fixture.call, o.aws, T("cn-north-1")), there);
	assert_ptr_not_equal(here, there);
	assert_text(client_partition(here), "aws");
	assert_text(client_arn(&o.fixture.call, there, T("123456789012"), T("traffic-mirror-filter/tmf-1")),
		    "arn:aws-cn:ec2:cn-north-1:123456789012:traffic-mirror-filter/tmf-1");
	close_all(&o);
}

static void test_account_is_asked_once(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = IDENTITY };
	struct opened o;
	try_open(&o, &usual, NULL, 0, &step, 1);
	struct text account_id;
	for (int i = 0; i < 3; i++) {
		struct client *client = client_of(&o.fixture.call, o.aws, i == 2 ? T("eu-west-1") : T(""));
		assert_true(client_account_id(&o.fixture.call, client, &account_id));
		assert_text(account_id, "123456789012");
	}
	assert_int_equal(o.script.exchanges, 1);
	assert_string_equal(o.script.records[0].url, "https://sts.eu-central-1.amazonaws.com/");
	assert_string_equal(o.script.records[0].body, "Action=GetCallerIdentity&Version=2011-06-15");
	assert_not_in(fixture_logged(&o.fixture), "Action=GetCallerIdentity");
	close_all(&o);
}

static void take_a_while(void *context)
{
	(void)context;
	(void)usleep(50 * 1000);
}

static void *ask_in_thread(void *argument)
{
	struct opened *shared = argument;
	struct fixture own;
	fixture_open(&own);
	struct text account_id;
	struct client *client = client_of(&own.call, shared->aws, T(""));
	const bool well = client && client_account_id(&own.call, client, &account_id) &&
			  text_equal(account_id, T("123456789012"));
	fixture_close(&own);
	return well ? argument : NULL;
}

static void test_two_threads_make_one_call(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = IDENTITY, .during = take_a_while };
	struct opened o;
	try_open(&o, &usual, NULL, 0, &step, 1);
	pthread_t threads[8];
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_in_thread, &o), 0);
	for (size_t i = 0; i < 8; i++) {
		void *well = NULL;
		assert_int_equal(pthread_join(threads[i], &well), 0);
		assert_non_null(well);
	}
	assert_int_equal(o.script.exchanges, 1);
	close_all(&o);
}

static void test_account_not_to_be_had_now(void **state)
{
	(void)state;
	const struct script_step step = {
		.status = 503,
		.body = "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
			"<RequestId>req-9</RequestId></ErrorResponse>",
	};
	struct aws_settings patient = usual;
	patient.max_attempts = 1;
	struct opened o;
	try_open(&o, &patient, NULL, 0, &step, 1);
	struct text account_id;
	assert_false(client_account_id(&o.fixture.call, client_of(&o.fixture.call, o.aws, T("")), &account_id));
	assert_in(fixture_told(&o.fixture), "AWS is unavailable");
	assert_in(fixture_told(&o.fixture), "run again later");
	close_all(&o);
}

static void test_account_refused(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 403,
		  .body = "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token is "
			  "invalid."
			  "</Message></Error><RequestId>req-9</RequestId></ErrorResponse>" },
		{ .status = 200, .body = IDENTITY },
	};
	struct opened o;
	try_open(&o, &usual, NULL, 0, steps, 2);
	struct client *client = client_of(&o.fixture.call, o.aws, T(""));
	struct text account_id;
	for (size_t i = 0; i < 3; i++) { // it is asked once, and told each time
		assert_false(client_account_id(&o.fixture.call, client, &account_id));
		assert_int_equal(o.fixture.diagnostics.errors, 1);
		assert_in(fixture_told(&o.fixture), "InvalidClientTokenId: The security token is invalid.");
		assert_in(fixture_told(&o.fixture), "req-9");
		fixture_forget(&o.fixture);
	}
	assert_int_equal(o.script.exchanges, 1);
	close_all(&o);
}

static void test_account_without_a_name(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = "<GetCallerIdentityResponse/>" };
	struct opened o;
	try_open(&o, &usual, NULL, 0, &step, 1);
	struct text account_id;
	assert_false(client_account_id(&o.fixture.call, client_of(&o.fixture.call, o.aws, T("")), &account_id));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&o.fixture), "has no account");
	close_all(&o);
}

// The program's own way, over the real transport, which is made and given back without a word on the network.
// The settings fit, and with the endpoints they do not.
static void test_no_memory_for_endpoints(void **state)
{
	(void)state;
	const size_t length = (size_t)20 * 1024 * 1024;
	char *url = malloc(length + 1);
	assert_non_null(url);
	memset(url, 'x', length);
	memcpy(url, "https://host.invalid/", sizeof "https://host.invalid/" - 1);
	url[length] = '\0';
	const struct environment_variable variables[] = { { "AWS_ENDPOINT_URL", url } };
	const struct script_step step = { .status = 200, .body = IDENTITY };
	struct opened o;
	try_open(&o, &usual, variables, 1, &step, 1);
	assert_null(o.aws);
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_text(o.fixture.diagnostics.first->summary, "Out of memory");
	close_all(&o);
	free(url);
}

static void test_made_for_real(void **state)
{
	(void)state;
	struct fixture f;
	fixture_open(&f);
	struct aws *aws = aws_new(&f.call, &usual, &sources_all);
	assert_non_null(aws);
	assert_non_null(client_of(&f.call, aws, T("")));
	assert_null(f.diagnostics.first);
	aws_free(aws);
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings_are_copied),
		cmocka_unit_test(test_region_order),
		cmocka_unit_test(test_no_region),
		cmocka_unit_test(test_unknown_settings),
		cmocka_unit_test(test_plainly_wrong_settings),
		cmocka_unit_test(test_plain_endpoints_warn),
		cmocka_unit_test(test_attempts_are_configured),
		cmocka_unit_test(test_clients_are_kept),
		cmocka_unit_test(test_account_is_asked_once),
		cmocka_unit_test(test_two_threads_make_one_call),
		cmocka_unit_test(test_account_not_to_be_had_now),
		cmocka_unit_test(test_account_refused),
		cmocka_unit_test(test_account_without_a_name),
		cmocka_unit_test(test_no_memory_for_endpoints),
		cmocka_unit_test(test_made_for_real),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
