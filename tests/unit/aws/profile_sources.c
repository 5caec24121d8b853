// SPDX-License-Identifier: MPL-2.0
// Where a profile without keys of its own takes its credentials from, and the role that it takes with them.
#include "home.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROLE "role_arn = arn:aws:iam::1:role/r\n"
#define STS_ANSWER(action)                                                                                             \
	"<" action "Response><" action "Result><Credentials><AccessKeyId>AKIAROLE</AccessKeyId><SecretAccessKey>"      \
	"hush-role</SecretAccessKey><SessionToken>hush-t</SessionToken><Expiration>2026-09-22T12:00:00Z</Expiration>"  \
	"</Credentials></" action "Result></" action "Response>"

static const struct script_step sts = { .status = 200, .body = STS_ANSWER("AssumeRole") };
static const struct script_step container_keys = {
	.status = 200,
	.body = "{\"AccessKeyId\":\"AKIACONT\",\"SecretAccessKey\":\"hush-c\",\"Token\":\"hush-ct\",\"Expiration\":"
		"\"2026-09-22T12:00:00Z\"}",
};
static const struct script_step imds_token = { .status = 200, .body = "hush-imds" };
static const struct script_step imds_role = { .status = 200, .body = "my-role" };
static const struct script_step imds_keys = {
	.status = 200,
	.body = "{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":\"hush-i\",\"Token\":"
		"\"hush-it\",\"Expiration\":\"2026-09-22T12:00:00Z\"}",
};
static const struct script_step refused = { .problem = HTTP_REFUSED };

// The role was taken with these keys, as the last of so many exchanges.
static void expect_role(struct home *home, const char *key_id, size_t exchanges)
{
	home_expect(home, "profile role", "AKIAROLE");
	assert_int_equal(home->script.exchanges, exchanges);
	const char *authorization = script_header(&home->script, exchanges - 1, "Authorization");
	assert_non_null(authorization);
	assert_in(text_of(authorization), key_id);
	assert_in(text_of(home->script.records[exchanges - 1].body), "Action=AssumeRole&");
}

static void test_container(void **state)
{
	(void)state;
	// With no word of it in the profile, the container is where the keys are, if there is one.
	static const char *const configs[] = { "[default]\n" ROLE "credential_source = EcsContainer\n",
					       "[default]\n" ROLE };
	const struct script_step steps[] = { container_keys, sts };
	for (size_t i = 0; i < 2; i++) {
		struct home home;
		home_open(&home, steps, 2);
		home_write(&home, ".aws/config", configs[i]);
		home_set(&home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/id");
		expect_role(&home, "Credential=AKIACONT/", 2);
		assert_string_equal(home.script.records[0].url, "http://169.254.170.2/v2/id");
		home_close(&home);
	}
}

static void test_metadata(void **state)
{
	(void)state;
	static const char *const configs[] = { "[default]\n" ROLE "credential_source = Ec2InstanceMetadata\n",
					       "[default]\n" ROLE };
	const struct script_step steps[] = { imds_token, imds_role, imds_keys, sts };
	for (size_t i = 0; i < 2; i++) {
		struct home home;
		home_open(&home, steps, 4);
		home_write(&home, ".aws/config", configs[i]);
		expect_role(&home, "Credential=AKIAINST/", 4);
		home_close(&home);
	}
}

// The instance is asked although there is a container, and the other way round: the profile says where.
static void test_the_profile_chooses(void **state)
{
	(void)state;
	const struct script_step steps[] = { imds_token, imds_role, imds_keys, sts };
	struct home home;
	home_open(&home, steps, 4);
	home_write(&home, ".aws/config", "[default]\n" ROLE "credential_source = Ec2InstanceMetadata\n");
	home_set(&home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/id");
	expect_role(&home, "Credential=AKIAINST/", 4);
	home_close(&home);
	home_open(&home, steps, 4);
	home_write(&home, ".aws/config", "[default]\n" ROLE "credential_source = EcsContainer\n");
	home_expect_error(&home, "which gives none");
	assert_int_equal(home.script.exchanges, 0);
	home_close(&home);
}

static void test_environment(void **state)
{
	(void)state;
	static const char config[] = "[profile a]\n" ROLE "credential_source = Environment\n";
	struct home home;
	home_open(&home, &sts, 1);
	home.settings.profile = T("a"); // else the environment comes before all profiles
	home_write(&home, ".aws/config", config);
	home_set(&home, "AWS_ACCESS_KEY_ID", "AKIAENV");
	home_set(&home, "AWS_SECRET_ACCESS_KEY", "hush-e");
	expect_role(&home, "Credential=AKIAENV/", 1);
	home_close(&home);
	home_open(&home, &sts, 1);
	home.settings.profile = T("a");
	home_write(&home, ".aws/config", config);
	home_expect_error(&home, "which gives none");
	assert_int_equal(home.script.exchanges, 0);
	home_close(&home);
}

static void test_source_that_gives_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *config;
		const char *told;
	} cases[] = {
		{ "[default]\n" ROLE "credential_source = Ec2InstanceMetadata\n",
		  "No credentials for the AWS profile" },
		{ "[default]\n" ROLE, "No credentials for the AWS profile" },
		{ "[default]\n" ROLE "credential_source = ecscontainer\n", "has a credential_source that is none of" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		home_open(&home, &refused, 1);
		home_write(&home, ".aws/config", cases[i].config);
		home_expect_error(&home, cases[i].told);
		home_close(&home);
	}
}

static struct text config_with_token(struct home *home)
{
	return text_print(&home->fixture.arena,
			  "[default]\n" ROLE "role_session_name = me\nweb_identity_token_file = %s/token\n",
			  home->directory);
}

// It gives the profile's role by itself, unsigned; the token is read when it is used.
static void test_web_identity(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRoleWithWebIdentity") };
	struct home home;
	home_open(&home, &step, 1);
	home_write(&home, ".aws/config", config_with_token(&home).at);
	home_write(&home, "token", "hush.jwt\n");
	home_expect(&home, "profile web identity", "AKIAROLE");
	assert_int_equal(home.script.exchanges, 1);
	assert_null(script_header(&home.script, 0, "Authorization"));
	const struct text body = text_of(home.script.records[0].body);
	assert_in(body, "Action=AssumeRoleWithWebIdentity&");
	assert_in(body, "RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&");
	assert_in(body, "RoleSessionName=me&WebIdentityToken=hush.jwt");
	home_close(&home);
	home_open(&home, &step, 1);
	home_write(&home, ".aws/config", config_with_token(&home).at);
	home_expect_error(&home, "named by the profile \"default\", cannot be used: No such file or directory");
	assert_int_equal(home.script.exchanges, 0);
	home_close(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_container),
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_the_profile_chooses),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_source_that_gives_nothing),
		cmocka_unit_test(test_web_identity),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
