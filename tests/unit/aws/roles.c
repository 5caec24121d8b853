// SPDX-License-Identifier: MPL-2.0
// Roles that STS gives: for web identities, for profiles and for the provider's blocks.
#include "home.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define STS_ANSWER(action, key)                                                                                        \
	"<" action "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" action                             \
	"Result><Credentials><AccessKeyId>" key                                                                        \
	"</AccessKeyId><SecretAccessKey>hush-role</SecretAccessKey><SessionToken>hush-token-" key                      \
	"</SessionToken><Expiration>2026-09-22T12:00:00Z</Expiration></Credentials></" action "Result></" action       \
	"Response>"
#define STS_ERROR(code)                                                                                                \
	"<ErrorResponse><Error><Type>Sender</Type><Code>" code                                                         \
	"</Code><Message>no</Message></Error><RequestId>req-9</RequestId></ErrorResponse>"
static const struct script_step refused = { .problem = HTTP_REFUSED };

static const char *header(const struct home *home, size_t exchange, const char *name)
{
	const char *value = script_header(&home->script, exchange, name);
	return value ? value : "";
}

static void test_web_identity(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRoleWithWebIdentity", "AKIAWEB") };
	struct home home;
	home_open(&home, &step, 1);
	home_write(&home, "token", "hush.jwt\n");
	home_set_path(&home, "AWS_WEB_IDENTITY_TOKEN_FILE", "token");
	home_set(&home, "AWS_ROLE_ARN", "arn:aws:iam::1:role/r");
	home_set(&home, "AWS_ROLE_SESSION_NAME", "me");
	home_expect(&home, "web identity", "AKIAWEB");
	assert_int_equal(home.script.exchanges, 1);
	assert_string_equal(home.script.records[0].url, "https://sts.eu-central-1.amazonaws.com/");
	assert_null(script_header(&home.script, 0, "Authorization"));
	assert_null(script_header(&home.script, 0, "X-Amz-Security-Token"));
	assert_in(text_of(home.script.records[0].body), "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&");
	assert_in(text_of(home.script.records[0].body), "RoleSessionName=me&WebIdentityToken=hush.jwt");
	home_close(&home);
}

// The block names no token; the environment does, in one way or the other.
static void test_token_of_the_environment(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRoleWithWebIdentity", "AKIAWEB") };
	struct home home;
	home_open(&home, &step, 1);
	home.settings.assume_role_with_web_identity =
		(struct settings_web_identity){ .is_set = true, .role_arn = T("arn:aws:iam::1:role/r") };
	home_set(&home, "TF_AWS_WEB_IDENTITY_TOKEN", "hush.env");
	home_expect(&home, "provider web identity", "AKIAWEB");
	assert_in(text_of(home.script.records[0].body), "WebIdentityToken=hush.env");
	home_close(&home);
	for (int both = 0; both < 2; both++) {
		home_open(&home, &step, 1);
		home.settings.assume_role_with_web_identity =
			(struct settings_web_identity){ .is_set = true, .role_arn = T("arn:aws:iam::1:role/r") };
		if (both) {
			home_set(&home, "TF_AWS_WEB_IDENTITY_TOKEN", "hush.env");
			home_set(&home, "AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token");
		}
		home_expect_error(&home,
				  both ? "both of the environment variables" : "none of the environment variables");
		assert_in(fixture_told(&home.fixture), both ? "AWS_WEB_IDENTITY_TOKEN_FILE are set." : "_FILE is set.");
		assert_int_equal(home.script.exchanges, 0);
		home_close(&home);
	}
}

// The token is read anew for each renewal.
static void test_web_identity_renewed(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRoleWithWebIdentity", "AKIAWEB") };
	struct home home;
	home_open(&home, &step, 1);
	home.fixture.clock.now_us = (int64_t)1790077200 * 1000000; // 20 minutes before the end
	home_write(&home, "token", "hush.one");
	home_set_path(&home, "AWS_WEB_IDENTITY_TOKEN_FILE", "token");
	home_set(&home, "AWS_ROLE_ARN", "arn:aws:iam::1:role/r");
	home_expect(&home, "web identity", "AKIAWEB");
	home_expect(&home, "web identity", "AKIAWEB");
	assert_int_equal(home.script.exchanges, 1);
	home_write(&home, "token", "hush.two");
	home.fixture.clock.now_us += (int64_t)16 * 60 * 1000000;
	home_expect(&home, "web identity", "AKIAWEB");
	assert_int_equal(home.script.exchanges, 2);
	assert_in(text_of(home.script.records[1].body), "WebIdentityToken=hush.two");
	home_close(&home);
}

static void test_web_identity_errors(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token");
	home_expect_error(&home, "but no role to assume with it");
	home_close(&home);
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_WEB_IDENTITY_TOKEN_FILE", "/nonexistent/token");
	home_set(&home, "AWS_ROLE_ARN", "arn:aws:iam::1:role/r");
	home_expect_error(&home, "\"/nonexistent/token\" with the web identity token");
	assert_int_equal(home.script.exchanges, 0);
	home_close(&home);
	const struct script_step slow[] = {
		{ .status = 400, .body = STS_ERROR("IDPCommunicationError") },
		{ .status = 400, .body = STS_ERROR("InvalidIdentityToken") },
		{ .status = 403, .body = STS_ERROR("AccessDenied") },
	};
	home_open(&home, slow, 3);
	home_write(&home, "token", "hush.jwt");
	home_set_path(&home, "AWS_WEB_IDENTITY_TOKEN_FILE", "token");
	home_set(&home, "AWS_ROLE_ARN", "arn:aws:iam::1:role/r");
	home_expect_error(&home, "Cannot assume IAM Role: The IAM role \"arn:aws:iam::1:role/r\"");
	assert_in(fixture_told(&home.fixture), "AccessDenied: no");
	assert_in(fixture_told(&home.fixture), "req-9");
	assert_int_equal(home.script.exchanges, 3);
	home_close(&home);
}

static void test_profile_role(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRole", "AKIAROLE") };
	struct home home;
	home_open(&home, &step, 1);
	home_set(&home, "AWS_PROFILE", "a");
	home_write(&home, ".aws/config",
		   "[profile a]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = b\nexternal_id = x y\n"
		   "role_session_name = s\nduration_seconds = 1800\n[profile b]\naws_access_key_id = AKIAB\n"
		   "aws_secret_access_key = hush-b\naws_session_token = hush-bt\n");
	home_expect(&home, "profile role", "AKIAROLE");
	assert_string_equal(header(&home, 0, "X-Amz-Security-Token"), "hush-bt");
	assert_in(text_of(header(&home, 0, "Authorization")), "Credential=AKIAB/");
	assert_in(text_of(home.script.records[0].body), "DurationSeconds=1800&ExternalId=x%20y");
	home_close(&home);
}

// What is not longer than the usual duration is not used, as in Go's SDK.
static void test_durations(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "1800", "&DurationSeconds=1800" },  { "960", "&DurationSeconds=960" },
		{ "959", "&DurationSeconds=900" },    { "9", "&DurationSeconds=900" },
		{ "1800 s", "&DurationSeconds=900" },
	};
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRole", "AKIAROLE") };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		char config[256];
		home_open(&home, &step, 1);
		(void)snprintf(config, sizeof config,
			       "[default]\nrole_arn = arn:r\nsource_profile = default\nduration_seconds = %s\n"
			       "aws_access_key_id = A\naws_secret_access_key = hush\n",
			       cases[i][0]);
		home_write(&home, ".aws/config", config);
		home_expect(&home, "profile role", "AKIAROLE");
		assert_in(text_of(home.script.records[0].body), cases[i][1]);
		home_close(&home);
	}
}

// Keys come before a web identity in the same profile, and then take its role.
static void test_profile_role_with_own_keys(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRole", "AKIAROLE") };
	struct home home;
	home_open(&home, &step, 1);
	home_write(&home, ".aws/config",
		   "[default]\nrole_arn = arn:r\nweb_identity_token_file = /nonexistent\naws_access_key_id = AKIAD\n"
		   "aws_secret_access_key = hush-d\n");
	home_expect(&home, "profile role", "AKIAROLE");
	assert_in(text_of(header(&home, 0, "Authorization")), "Credential=AKIAD/");
	home_close(&home);
}

// Each block is signed with the result of the one before, and everything it has is sent.
static void test_provider_roles(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200, .body = STS_ANSWER("AssumeRole", "AKIAONE") },
		{ .status = 200, .body = STS_ANSWER("AssumeRole", "AKIATWO") },
	};
	const struct text arns[] = { TEXT("arn:p1"), TEXT("arn:p2") };
	const struct settings_pair tags[] = { { TEXT("k"), TEXT("v") } };
	const struct text keys[] = { TEXT("k") };
	const struct settings_role roles[] = {
		{ .role_arn = TEXT("arn:one") },
		{ .role_arn = TEXT("arn:two"),
		  .session_name = TEXT("s"),
		  .duration_s = 3600,
		  .external_id = TEXT("ex"),
		  .policy = TEXT("{}"),
		  .source_identity = TEXT("si"),
		  .policy_arns = { arns, 2 },
		  .tags = { tags, 1 },
		  .transitive_tag_keys = { keys, 1 } },
	};
	struct home home;
	home_open(&home, steps, 2);
	home.settings = (struct aws_settings){ .access_key = T("AKIAARG"),
					       .secret_key = T("hush-arg"),
					       .sts_region = T("eu-west-1"),
					       .assume_role = { roles, 2 } };
	home_expect(&home, "provider role", "AKIATWO");
	assert_string_equal(home.script.records[0].url, "https://sts.eu-west-1.amazonaws.com/");
	assert_in(text_of(header(&home, 0, "Authorization")), "Credential=AKIAARG/");
	assert_in(text_of(home.script.records[0].body), "DurationSeconds=900");
	assert_in(text_of(header(&home, 1, "Authorization")), "Credential=AKIAONE/");
	assert_string_equal(header(&home, 1, "X-Amz-Security-Token"), "hush-token-AKIAONE");
	assert_in(text_of(home.script.records[1].body),
		  "RoleArn=arn%3Atwo&RoleSessionName=s&DurationSeconds=3600&ExternalId=ex&SourceIdentity=si&Policy=%7B%"
		  "7D&PolicyArns.member.1.arn=arn%3Ap1&PolicyArns.member.2.arn=arn%3Ap2&Tags.member.1.Key=k&Tags."
		  "member.1.Value=v&TransitiveTagKeys.member.1=k");
	home_close(&home);
}

// Also on top of a role the region is the instance's whose credentials it is taken with; on top of other keys it is
// not.
static void test_region_below_a_role(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "r" },
		{ .status = 200,
		  .body = "{\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":\"hush\",\"Token\":\"hush\","
			  "\"Expiration\":\"2035-01-01T00:00:00Z\"}" },
		{ .status = 200, .body = STS_ANSWER("AssumeRole", "AKIAONE") },
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "{\"region\":\"eu-west-3\"}" },
	};
	const struct settings_role role = { .role_arn = TEXT("arn:one") };
	const struct aws_settings settings = { .sts_region = TEXT("eu-west-1"), .assume_role = { &role, 1 } };
	struct text region;
	struct home home;
	home_open(&home, steps, 6);
	home.settings = settings;
	home_set(&home, "AWS_REGION", "");
	home_expect(&home, "provider role", "AKIAONE");
	assert_true(aws_region(&home.fixture.call, home.aws, &region));
	assert_text(region, "eu-west-3");
	home_close(&home);
	home_open(&home, &steps[3], 1);
	home.settings = settings;
	home_set(&home, "AWS_REGION", "");
	home_write(&home, ".aws/credentials", "[default]\naws_access_key_id = AKIADEF\naws_secret_access_key = hush\n");
	home_expect(&home, "provider role", "AKIAONE");
	assert_false(aws_region(&home.fixture.call, home.aws, &region));
	assert_in(fixture_told(&home.fixture), "No AWS region");
	home_close(&home);
}

static void test_provider_web_identity(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRoleWithWebIdentity", "AKIAWEB") };
	struct home home;
	home_open(&home, &step, 1);
	home_write(&home, "token", "hush.jwt");
	home_set(&home, "AWS_ACCESS_KEY_ID", "AKIAENV");
	home_set(&home, "AWS_SECRET_ACCESS_KEY", "hush-env");
	home.settings.assume_role_with_web_identity = (struct settings_web_identity){
		.is_set = true, .role_arn = T("arn:r"), .token_file = T("~/token"), .duration_s = 1200
	};
	home_expect(&home, "provider web identity", "AKIAWEB");
	assert_null(script_header(&home.script, 0, "Authorization"));
	assert_in(text_of(home.script.records[0].body), "DurationSeconds=1200&WebIdentityToken=hush.jwt");
	home_close(&home);
}

static void test_refused_profiles(void **state)
{
	(void)state;
	static const struct {
		const char *lines;
		const char *told;
	} cases[] = {
		{ "role_arn = r\nmfa_serial = m\nsource_profile = b\n", "MFA is not supported" },
		{ "login_session = l\n", "\"aws login\"" },
		{ "role_arn = r\ncredential_source = Ec2\n", "none of Environment" },
		{ "role_arn = r\ncredential_source = Environment\n", "which gives none" },
		{ "role_arn = r\ncredential_source = EcsContainer\n", "which gives none" },
		{ "sso_session = s\nsso_account_id = 1\nsso_role_name = r\n", "[sso-session s] does not exist" },
		{ "sso_region = eu-west-1\nsso_start_url = u\nsso_role_name = r\n", "it needs all of" },
		{ "sso_session = t\nsso_account_id = 1\nsso_role_name = r\nsso_region = x\n", "differs from" },
		{ "sso_session = t\nsso_account_id = 1\nsso_role_name = r\n", "aws sso login --sso-session t" },
		{ "sso_region = evil.example/\nsso_start_url = u\nsso_role_name = r\nsso_account_id = 1\n",
		  "no region" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		home_open(&home, &refused, 1);
		home_set(&home, "AWS_PROFILE", "a");
		const struct text config =
			text_print(&home.fixture.arena,
				   "[profile a]\n%s[profile b]\naws_access_key_id = A\naws_secret_access_key = hush\n"
				   "[sso-session t]\nsso_region = eu-west-1\nsso_start_url = u\n",
				   cases[i].lines);
		home_write(&home, ".aws/config", text_to_c_string(&home.fixture.arena, config));
		home_expect_error(&home, cases[i].told);
		assert_int_equal(home.script.exchanges, 0);
		home_close(&home);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_web_identity),
		cmocka_unit_test(test_token_of_the_environment),
		cmocka_unit_test(test_web_identity_renewed),
		cmocka_unit_test(test_web_identity_errors),
		cmocka_unit_test(test_profile_role),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_profile_role_with_own_keys),
		cmocka_unit_test(test_provider_roles),
		cmocka_unit_test(test_region_below_a_role),
		cmocka_unit_test(test_provider_web_identity),
		cmocka_unit_test(test_refused_profiles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
