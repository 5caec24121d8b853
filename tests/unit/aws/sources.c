// SPDX-License-Identifier: MPL-2.0
// The sources that ask the network: STS, SSO, container and metadata endpoints.
#include "home.h"

#include "aws/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

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
#define INSTANCE_KEYS                                                                                                  \
	"{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":\"hush-i\",\"Token\":\"hush-t\","      \
	"\"Expiration\":\"2026-09-22T12:00:00Z\"}"
#define CONTAINER_KEYS                                                                                                 \
	"{\"AccessKeyId\":\"AKIACONT\",\"SecretAccessKey\":\"hush-c\",\"Token\":\"hush-ct\",\"Expiration\":"           \
	"\"2026-09-22T12:00:00Z\"}"
#define SSO_KEYS                                                                                                       \
	"{\"roleCredentials\":{\"accessKeyId\":\"AKIASSO\",\"secretAccessKey\":\"hush-s\",\"sessionToken\":"           \
	"\"hush-st\",\"expiration\":1790080000000}}"

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
	home_expect_error(&home, "but no role to take with it");
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

static void test_provider_web_identity(void **state)
{
	(void)state;
	const struct script_step step = { .status = 200, .body = STS_ANSWER("AssumeRoleWithWebIdentity", "AKIAWEB") };
	struct home home;
	home_open(&home, &step, 1);
	home_write(&home, "token", "hush.jwt");
	home.settings = (struct aws_settings){ .access_key = T("AKIAARG"), .secret_key = T("hush-arg") };
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
	assert_string_equal(header(&home, 0, "Authorization"), "hush-file");
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
		{ "http://example.com/x", "", "without encryption" },
		{ "http://127.0.0.1.example.com/x", "", "without encryption" },
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
		{ { { .status = 200, .body = "t" }, { .status = 404 } }, "it has no role" },
		{ { { .status = 200, .body = "t\r\nX: y" } }, "its token cannot be used" },
		{ { { .status = 200, .body = "t" }, { .status = 200, .body = "../../x" } }, "no role is called" },
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
	home_set(&home, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5");
	home_expect_error(&home, "IPv4 or IPv6");
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
		cmocka_unit_test(test_web_identity),
		cmocka_unit_test(test_web_identity_renewed),
		cmocka_unit_test(test_web_identity_errors),
		cmocka_unit_test(test_profile_role),
		cmocka_unit_test(test_provider_roles),
		cmocka_unit_test(test_provider_web_identity),
		cmocka_unit_test(test_refused_profiles),
		cmocka_unit_test(test_sso),
		cmocka_unit_test(test_sso_renewed),
		cmocka_unit_test(test_sso_errors),
		cmocka_unit_test(test_container),
		cmocka_unit_test(test_container_errors),
		cmocka_unit_test(test_metadata),
		cmocka_unit_test(test_metadata_version_1),
		cmocka_unit_test(test_metadata_errors),
		cmocka_unit_test(test_metadata_switches),
		cmocka_unit_test(test_stopped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
