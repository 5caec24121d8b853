// SPDX-License-Identifier: MPL-2.0
// The sources behind plain HTTP: SSO and the metadata service. container.c has the container endpoint.
#include "home.h"

#include "aws/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>

#include <cmocka.h>

#define INSTANCE_KEYS                                                                                                  \
	"{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":\"hush-i\",\"Token\":\"hush-t\","      \
	"\"Expiration\":\"2026-09-22T12:00:00Z\"}"
#define SSO_KEYS                                                                                                       \
	"{\"roleCredentials\":{\"accessKeyId\":\"AKIASSO\",\"secretAccessKey\":\"hush-s\",\"sessionToken\":"           \
	"\"hush-st\",\"expiration\":1790080000000}}"

static const struct script_step refused = { .problem = HTTP_REFUSED };

static const char *header(const struct home *home, size_t exchange, const char *name)
{
	const char *value = script_header(&home->script, exchange, name);
	return value ? value : "";
}

static const char sso_config[] =
	"[default]\nsso_session = my\nsso_account_id = 123456789012\nsso_role_name = Read Only\n"
	"[sso-session my]\nsso_region = eu-west-1\nsso_start_url = https://my.awsapps.com/start\n";
// The SHA-1 of "my".
#define SSO_CACHE ".aws/sso/cache/3ece1471f44f63177cbc35ba0b904e0c096b6783.json"

static void test_sso(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = SSO_KEYS };
	struct home home;
	home_open(&home, &step, 1);
	home_write(&home, ".aws/config", sso_config);
	home_write(&home, SSO_CACHE, "{\"accessToken\":\"hush-a\",\"expiresAt\":\"2026-09-22T00:00:00Z\"}");
	home_expect(&home, "SSO", "AKIASSO");
	assert_string_equal(home.script.records[0].url,
			    "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=Read%20Only&"
			    "account_id=123456789012");
	assert_string_equal(header(&home, 0, "x-amz-sso_bearer_token"), "hush-a");
	assert_int_equal(credentials_expires_at_us(home.found), (int64_t)1790080000 * 1000000);
	home_close(&home);
}

static void test_sso_renewed(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200,
		  .body = "{\"accessToken\":\"hush-new\",\"expiresIn\":3600,\"refreshToken\":\"hush-r2\"}" },
		{ .status = 200, .body = SSO_KEYS },
	};
	struct home home;
	home_open(&home, steps, 2);
	home_write(&home, ".aws/config", sso_config);
	home_write(&home, SSO_CACHE,
		   "{\"accessToken\":\"hush-a\",\"expiresAt\":\"2026-09-21T00:00:00Z\",\"refreshToken\":\"hush-r\","
		   "\"clientId\":\"c\",\"clientSecret\":\"hush-cs\",\"region\":\"eu-west-1\",\"odd\":[1,{}]}");
	home_expect(&home, "SSO", "AKIASSO");
	assert_string_equal(home.script.records[0].url, "https://oidc.eu-west-1.amazonaws.com/token");
	assert_string_equal(home.script.records[0].method, "POST");
	assert_in(text_of(home.script.records[0].body), "\"grantType\":\"refresh_token\"");
	assert_in(text_of(home.script.records[0].body), "\"refreshToken\":\"hush-r\"");
	assert_string_equal(header(&home, 1, "x-amz-sso_bearer_token"), "hush-new");
	const struct text kept = home_read(&home, SSO_CACHE);
	assert_in(kept, "\"accessToken\":\"hush-new\"");
	assert_in(kept, "\"refreshToken\":\"hush-r2\"");
	assert_in(kept, "\"odd\":[1,{}]");
	assert_in(kept, "\"expiresAt\":\"2026-09-21T15:13:20Z\"");
	struct stat about;
	const struct text path = text_print(&home.fixture.arena, "%s/%s", home.directory, SSO_CACHE);
	assert_int_equal(stat(path.at, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	home_close(&home);
}

static void test_sso_errors(void **state)
{
	(void)state;
	static const struct {
		const char *cache;
		struct script_step step;
		const char *told;
	} cases[] = {
		{ "{\"accessToken\":\"hush-a\",\"expiresAt\":\"2026-09-21T00:00:00Z\"}",
		  { .status = 200 },
		  "has expired and cannot be renewed" },
		{ "{\"accessToken\":\"hush-a\",\"expiresAt\":\"2026-09-21T00:00:00Z\",\"refreshToken\":\"r\","
		  "\"clientId\":\"c\",\"clientSecret\":\"s\"}",
		  { .status = 400, .body = "{\"error\":\"hush\"}" },
		  "SSO refused to renew it" },
		{ "{\"accessToken\":\"hush-a\",\"expiresAt\":\"2026-09-21T00:00:00Z\",\"refreshToken\":\"r\","
		  "\"clientId\":\"c\",\"clientSecret\":\"s\"}",
		  { .status = 200, .body = "{\"accessToken\":\"hush\\r\\nX: y\",\"expiresIn\":1}" },
		  "makes no sense" },
		{ "hush-garbage", { .status = 200 }, "is damaged" },
		{ "{\"accessToken\":\"hush\\nX: y\",\"expiresAt\":\"2026-09-22T00:00:00Z\"}",
		  { .status = 200 },
		  "is damaged" },
		{ "{\"accessToken\":\"hush-a\",\"expiresAt\":\"2026-09-22T00:00:00Z\"}",
		  { .status = 401 },
		  "Log in again" },
		{ "{\"accessToken\":\"hush-a\",\"expiresAt\":\"2026-09-22T00:00:00Z\"}",
		  { .status = 200, .body = "hush <html>" },
		  "no whole set of credentials" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		home_open(&home, &cases[i].step, 1);
		home_write(&home, ".aws/config", sso_config);
		home_write(&home, SSO_CACHE, cases[i].cache);
		home_expect_error(&home, cases[i].told);
		home_close(&home);
	}
}

static void test_metadata(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200, .body = "hush-imds" },
		{ .status = 401 }, // the token has ended
		{ .status = 200, .body = "hush-imds-2" },
		{ .status = 200, .body = "my-role\nother\n" },
		{ .status = 200, .body = INSTANCE_KEYS },
		{ .status = 200, .body = "hush-imds-3" },
		{ .status = 200, .body = "{\"region\":\"eu-west-3\"}" },
	};
	struct home home;
	home_open(&home, steps, 7);
	home_set(&home, "AWS_REGION", "");
	home_expect(&home, "instance metadata", "AKIAINST");
	assert_int_equal(home.script.exchanges, 5);
	assert_string_equal(home.script.records[0].method, "PUT");
	assert_string_equal(header(&home, 0, "X-aws-ec2-metadata-token-ttl-seconds"), "300");
	assert_string_equal(header(&home, 3, "X-aws-ec2-metadata-token"), "hush-imds-2");
	assert_string_equal(home.script.records[4].url,
			    "http://169.254.169.254/latest/meta-data/iam/security-credentials/my-role");
	for (size_t i = 0; i < 5; i++)
		assert_true(home.script.records[i].no_proxy && home.script.records[i].timeout_ms > 0);
	struct text region;
	assert_true(aws_region(&home.fixture.call, home.aws, &region));
	assert_text(region, "eu-west-3");
	assert_true(aws_region(&home.fixture.call, home.aws, &region));
	assert_int_equal(home.script.exchanges, 7);
	home_close(&home);
}

// The instance also tells its account, where STS need not be asked.
static void test_metadata_account(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "r" },
		{ .status = 200, .body = INSTANCE_KEYS },
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "{\"InstanceProfileArn\":\"arn:aws:iam::123456789012:instance-profile/x\"}" },
	};
	struct home home;
	home_open(&home, steps, 5);
	home.settings.skip_credentials_validation = true;
	home_expect(&home, "instance metadata", "AKIAINST");
	struct text account_id = T("");
	struct client *client = client_of(&home.fixture.call, home.aws, T(""));
	assert_true(client_account_id(&home.fixture.call, client, &account_id));
	assert_text(account_id, "123456789012");
	assert_int_equal(home.script.exchanges, 5);
	assert_string_equal(home.script.records[4].url, "http://169.254.169.254/latest/meta-data/iam/info");
	home_close(&home);
}

static void test_metadata_version_1(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 403 },
		{ .status = 200, .body = "my-role" },
		{ .status = 200, .body = INSTANCE_KEYS },
	};
	struct home home;
	home_open(&home, steps, 3);
	home_expect(&home, "instance metadata", "AKIAINST");
	assert_null(script_header(&home.script, 1, "X-aws-ec2-metadata-token"));
	home_close(&home);
	home_open(&home, steps, 3);
	home_set(&home, "AWS_EC2_METADATA_V1_DISABLED", "True");
	home_expect_error(&home, "it answered with HTTP status 403");
	assert_int_equal(home.script.exchanges, 1);
	home_close(&home);
}

static void test_metadata_errors(void **state)
{
	(void)state;
	static const struct {
		struct script_step steps[3];
		const char *told;
	} cases[] = {
		{ { { .problem = HTTP_TIMEOUT }, { .problem = HTTP_TIMEOUT }, { .problem = HTTP_TIMEOUT } },
		  "hop limit" },
		{ { { .status = 400 } }, "HTTP status 400" },
		{ { { .status = 302 } }, "HTTP status 302 and redirects the request" },
		{ { { .status = 200, .body = "t" }, { .status = 404 } }, "it has no role" },
		{ { { .status = 200, .body = "t\r\nX: y" } }, "its token cannot be used" },
		{ { { .status = 200, .body = "t" }, { .status = 200, .body = "../../x" } }, "invalid role name" },
		{ { { .status = 200, .body = "t" }, { .status = 200, .body = "r" }, { .status = 200, .body = "hush" } },
		  "not JSON" },
		{ { { .status = 200, .body = "t" },
		    { .status = 200, .body = "r" },
		    { .status = 200, .body = "{\"Code\":\"hush\"}" } },
		  "answered with an error" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		home_open(&home, cases[i].steps, 3);
		home_expect_error(&home, cases[i].told);
		home_close(&home);
	}
}

static void test_metadata_switches(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_EC2_METADATA_DISABLED", "TRUE");
	home_expect_error(&home, "switched off");
	assert_int_equal(home.script.exchanges, 0);
	home_close(&home);
	home_open(&home, &refused, 1);
	home.settings.skip_metadata_api_check = SETTINGS_ON;
	home_expect_error(&home, "switched off");
	home_close(&home);
	home_open(&home, &refused, 1);
	home.settings.skip_metadata_api_check = SETTINGS_OFF;
	home.settings.ec2_metadata_service_endpoint_mode = T("ipv6");
	home_set(&home, "AWS_EC2_METADATA_DISABLED", "TRUE");
	home_expect_error(&home, "at [fd00:ec2::254] gave none: no connection could be made");
	assert_string_equal(home.script.records[0].url, "http://[fd00:ec2::254]/latest/api/token");
	assert_int_equal(home.script.exchanges, 3);
	home_close(&home);
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1/base");
	home_expect_error(&home, "No AWS credentials");
	assert_string_equal(home.script.records[0].url, "http://127.0.0.1:1/base/latest/api/token");
	home_close(&home);
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_METADATA_URL", "http://127.0.0.1:2");
	home_expect_error(&home, "name is AWS_EC2_METADATA_SERVICE_ENDPOINT now.");
	assert_string_equal(home.script.records[0].url, "http://127.0.0.1:2/latest/api/token");
	home_close(&home);
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5");
	home_expect_error(&home, "IPv4 or IPv6");
	assert_in(fixture_told(&home.fixture),
		  "the environment variable AWS_EC2_METADATA_SERVICE_ENDPOINT or its mode");
	home_close(&home);
}

static void test_stopped(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, &refused, 1);
	home.fixture.clock.fire_in_sleep = home.fixture.source;
	home_expect_error(&home, "Stopped");
	assert_int_equal(home.script.exchanges, 1);
	home_close(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sso),
		cmocka_unit_test(test_sso_renewed),
		cmocka_unit_test(test_sso_errors),
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_metadata_account),
		cmocka_unit_test(test_metadata_version_1),
		cmocka_unit_test(test_metadata_errors),
		cmocka_unit_test(test_metadata_switches),
		cmocka_unit_test(test_stopped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
