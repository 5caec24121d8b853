// SPDX-License-Identifier: MPL-2.0
// How AWS is reached, by settings, environment and profile.
#include "sender.h"

#include "aws/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct opened {
	struct fixture fixture;
	struct reach reach;
	bool made;
};

static void open_with(struct opened *o, const struct aws_settings *settings, const char *name, const char *value,
		      const struct reach_profile *profile)
{
	fixture_open(&o->fixture);
	const struct environment_variable variable = { name, value };
	const struct environment environment = { &variable, name ? 1 : 0 };
	o->made = reach_make(&o->fixture.call, &o->fixture.arena, settings, &environment, profile, &o->reach);
}

static void test_attempts_and_mode(void **state)
{
	(void)state;
	static const struct {
		int argument;
		const char *mode;
		const char *name;
		const char *value;
		struct reach_profile profile;
		int attempts; // 0: refused
		enum pace_mode is;
	} cases[] = {
		{ .attempts = 25 },
		{ .argument = 3, .name = "AWS_MAX_ATTEMPTS", .value = "7", .attempts = 3 },
		{ .name = "AWS_MAX_ATTEMPTS", .value = "7", .profile.max_attempts = TEXT("9"), .attempts = 7 },
		{ .profile.max_attempts = TEXT("9"), .attempts = 9 },
		{ .profile.max_attempts = TEXT("many") },
		{ .name = "AWS_MAX_ATTEMPTS", .value = "0", .attempts = 25 },
		{ .name = "AWS_MAX_ATTEMPTS", .value = "-1" },
		{ .name = "AWS_RETRY_MODE", .value = "Adaptive", .attempts = 25, .is = PACE_ADAPTIVE },
		{ .mode = "standard", .name = "AWS_RETRY_MODE", .value = "adaptive", .attempts = 25 },
		{ .profile.retry_mode = TEXT("adaptive"), .attempts = 25, .is = PACE_ADAPTIVE },
		{ .name = "AWS_RETRY_MODE", .value = "legacy" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct aws_settings settings = { .max_attempts = cases[i].argument,
						       .retry_mode = text_of(cases[i].mode) };
		struct opened o;
		open_with(&o, &settings, cases[i].name, cases[i].value, &cases[i].profile);
		assert_int_equal(o.made, cases[i].attempts != 0);
		assert_int_equal(o.fixture.diagnostics.errors, cases[i].attempts == 0);
		if (o.made) {
			assert_int_equal(o.reach.max_attempts, cases[i].attempts);
			assert_int_equal(o.reach.mode, cases[i].is);
		}
		fixture_close(&o.fixture);
	}
}

static void test_contradictions(void **state)
{
	(void)state;
	// As in the AWS provider FIPS gives way to an argument, and for the services of resources to any endpoint.
	static const struct {
		enum aws_service service;
		const char *variable;
		bool by_argument;
		bool fips;
		bool dual_stack;
		bool refused;
	} cases[] = {
		{ AWS_EC2, "AWS_ENDPOINT_URL_EC2", false, false, false, false },
		{ AWS_EC2, "AWS_ENDPOINT_URL_EC2", false, true, false, false },
		{ AWS_EC2, "AWS_ENDPOINT_URL_EC2", false, false, true, true },
		{ AWS_EC2, "AWS_ENDPOINT_URL_EC2", true, true, false, false },
		{ AWS_EC2, "AWS_ENDPOINT_URL_EC2", true, false, true, true },
		{ AWS_ELBV2, "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", false, true, false, false },
		{ AWS_STS, "AWS_ENDPOINT_URL_STS", false, true, false, true },
		{ AWS_STS, "AWS_ENDPOINT_URL_STS", true, true, false, false },
		{ AWS_SSO, "AWS_ENDPOINT_URL_SSO", false, true, false, true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct aws_settings settings = {
			.use_fips_endpoint = cases[i].fips,
			.use_dualstack_endpoint = cases[i].dual_stack,
		};
		settings.endpoints[cases[i].service] = cases[i].by_argument ? T("https://x.example") : T("");
		struct opened o;
		open_with(&o, &settings, cases[i].variable, "https://y.example", NULL);
		assert_true(o.made);
		struct endpoint endpoint;
		struct text chosen_by;
		assert_int_equal(!cases[i].refused, reach_endpoint(&o.fixture.call, &o.reach, cases[i].service,
								   T("eu-central-1"), &endpoint, &chosen_by));
		assert_int_equal(o.fixture.diagnostics.errors, cases[i].refused);
		if (!cases[i].refused)
			assert_text(endpoint.host, cases[i].by_argument ? "x.example" : "y.example");
		else
			assert_in(fixture_told(&o.fixture), cases[i].dual_stack ? "Dual-stack endpoints are requested "
										  "(use_dualstack_endpoint)"
										: "FIPS endpoints are requested "
										  "(use_fips_endpoint)");
		// Services without an endpoint of their own are not concerned.
		assert_true(
			reach_endpoint(&o.fixture.call, &o.reach, AWS_IAM, T("eu-central-1"), &endpoint, &chosen_by));
		fixture_close(&o.fixture);
	}
}

static void test_words_of_switches(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *value;
		bool good;
	} cases[] = {
		{ "AWS_USE_FIPS_ENDPOINT", "TRUE", true },
		{ "AWS_USE_FIPS_ENDPOINT", "yes", false },
		{ "AWS_USE_DUALSTACK_ENDPOINT", "1", false },
		{ "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "on", false },
		{ "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "False", true },
	};
	static const struct aws_settings settings = { .max_attempts = 0 };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct opened o;
		open_with(&o, &settings, cases[i].name, cases[i].value, NULL);
		assert_int_equal(o.made, cases[i].good);
		if (!o.made)
			assert_non_null(strstr(o.fixture.diagnostics.first->detail.at, cases[i].name));
		fixture_close(&o.fixture);
	}
	// In a file it is as if it were false.
	const struct reach_profile profile = { .endpoint.use_fips = T("yes") };
	struct opened o;
	open_with(&o, &settings, NULL, NULL, &profile);
	assert_true(o.made);
	assert_false(o.reach.variant.fips);
	fixture_close(&o.fixture);
}

static void test_sts_region(void **state)
{
	(void)state;
	const struct aws_settings settings = { .sts_region = T("us-east-2"), .endpoints[AWS_STS] = T("") };
	struct opened o;
	open_with(&o, &settings, NULL, NULL, NULL);
	struct endpoint endpoint;
	struct text chosen_by;
	assert_true(reach_endpoint(&o.fixture.call, &o.reach, AWS_STS, T("eu-central-1"), &endpoint, &chosen_by));
	assert_text(endpoint.host, "sts.us-east-2.amazonaws.com");
	assert_text(endpoint.signing_region, "us-east-2");
	assert_true(reach_endpoint(&o.fixture.call, &o.reach, AWS_EC2, T("eu-central-1"), &endpoint, &chosen_by));
	assert_text(endpoint.host, "ec2.eu-central-1.amazonaws.com");
	assert_text(endpoint.signing_region, "eu-central-1");
	fixture_close(&o.fixture);
}

// It becomes part of a host name, and of signatures.
static void test_sts_region_is_a_label(void **state)
{
	(void)state;
	static const struct text wrong[] = { TEXT("evil.example/x"), TEXT("US-EAST-2") };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		const struct aws_settings settings = { .sts_region = wrong[i] };
		struct opened o;
		open_with(&o, &settings, NULL, NULL, NULL);
		assert_false(o.made);
		assert_int_equal(o.fixture.diagnostics.errors, 1);
		assert_non_null(strstr(o.fixture.diagnostics.first->detail.at, "sts_region"));
		fixture_close(&o.fixture);
	}
}

static void test_one_warning_per_host(void **state)
{
	(void)state;
	const struct aws_settings settings = { .region = T("") };
	struct opened o;
	open_with(&o, &settings, "AWS_ENDPOINT_URL", "http://sim.example:4566", NULL);
	assert_true(o.made);
	assert_non_null(o.fixture.diagnostics.first);
	assert_null(o.fixture.diagnostics.first->next);
	fixture_close(&o.fixture);
	open_with(&o, &settings, "AWS_STS_ENDPOINT", "http://127.0.0.1:1", NULL);
	assert_in(fixture_told(&o.fixture), "AWS_ENDPOINT_URL_STS now");
	fixture_close(&o.fixture);
}

static void test_clock_may_be_trusted(void **state)
{
	(void)state;
	const struct aws_settings settings = { .region = T("") };
	const struct reach_profile profile = { .disable_clock_skew_correction = T("true") };
	struct opened o;
	open_with(&o, &settings, NULL, NULL, &profile);
	assert_true(o.reach.trusts_clock);
	fixture_close(&o.fixture);
	open_with(&o, &settings, "AWS_DISABLE_CLOCK_SKEW_CORRECTION", "false", &profile);
	assert_false(o.reach.trusts_clock);
	fixture_close(&o.fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attempts_and_mode),     cmocka_unit_test(test_contradictions),
		cmocka_unit_test(test_words_of_switches),     cmocka_unit_test(test_sts_region),
		cmocka_unit_test(test_sts_region_is_a_label), cmocka_unit_test(test_one_warning_per_host),
		cmocka_unit_test(test_clock_may_be_trusted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
