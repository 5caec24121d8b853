// SPDX-License-Identifier: MPL-2.0
#include "aws/endpoint.h"
#include "resources/provider_blocks.h"
#include "resources/provider_environment.h"
#include "resources/provider_settings.h"
#include "schema/validate.h"
#include "value/json.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

struct opened {
	struct arena arena;
	struct diagnostics diagnostics;
	struct call call;
	struct value config;
	struct aws_settings aws;
	struct settings settings;
};

static void open_json(struct opened *o, const char *json)
{
	memset(o, 0, sizeof *o);
	arena_init(&o->arena, 0);
	o->call = (struct call){
		.arena = &o->arena, .diagnostics = &o->diagnostics, .log = &log_none, .clock = &clock_system
	};
	struct text problem = T("");
	if (!json_read(&o->arena, text_of(json), row_type(&o->arena, provider_settings.rows), &o->config, &problem))
		fail_msg("%.*s", TEXT_ARG(problem));
}

static void read_json(struct opened *o, const char *json)
{
	open_json(o, json);
	provider_settings_read(&o->call, &o->config, &o->aws, &o->settings);
}

static void expect(struct text is, const char *wanted)
{
	if (!text_equal(is, text_of(wanted)))
		fail_msg("\"%.*s\" is not \"%s\"", TEXT_ARG(is), wanted);
}

static void test_nothing(void **state)
{
	(void)state;
	struct opened o;
	read_json(&o, "{}");
	const struct aws_settings nothing = { .region = T("") };
	assert_int_equal(o.aws.assume_role.count, 0);
	assert_false(o.aws.assume_role_with_web_identity.is_set);
	assert_false(o.aws.proxies.http.is_set);
	assert_int_equal(o.aws.skip_metadata_api_check, nothing.skip_metadata_api_check);
	assert_int_equal(o.aws.max_attempts, 0);
	expect(o.aws.unknown, "");
	arena_free(&o.arena);
}

static void test_transport(void **state)
{
	(void)state;
	struct opened o;
	read_json(&o, "{\"region\":\"eu-west-1\",\"sts_region\":\"us-east-1\",\"use_fips_endpoint\":true,"
		      "\"use_dualstack_endpoint\":true,\"skip_region_validation\":true,\"max_retries\":7,"
		      "\"retry_mode\":\"adaptive\",\"token_bucket_rate_limiter_capacity\":500,"
		      "\"http_proxy\":\"http://p:1\",\"https_proxy\":\"\",\"no_proxy\":\"a,b\","
		      "\"custom_ca_bundle\":\"~/ca.pem\",\"insecure\":true,\"user_agent\":[\"a/1\",\"b/2\"],"
		      "\"endpoints\":[{\"ec2\":\"http://e\",\"sso\":\"http://s\"},{\"ssooidc\":\"http://o\","
		      "\"ec2\":\"http://later\",\"iam\":\"http://i\"}]}");
	expect(o.aws.region, "eu-west-1");
	expect(o.aws.sts_region, "us-east-1");
	assert_true(o.aws.use_fips_endpoint && o.aws.use_dualstack_endpoint && o.aws.skip_region_validation);
	assert_int_equal(o.aws.max_attempts, 7);
	expect(o.aws.retry_mode, "adaptive");
	assert_int_equal(o.aws.token_bucket_rate_limiter_capacity, 500);
	assert_true(o.aws.proxies.http.is_set && o.aws.proxies.https.is_set); // the empty text is an answer too
	expect(o.aws.proxies.http.value, "http://p:1");
	expect(o.aws.proxies.exceptions, "a,b");
	expect(o.aws.custom_ca_bundle, "~/ca.pem");
	assert_true(o.aws.insecure);
	expect(o.aws.user_agent, "a/1 b/2");
	expect(o.aws.endpoints[AWS_EC2], "http://later");
	expect(o.aws.endpoints[AWS_SSO], "http://s");
	expect(o.aws.endpoints[AWS_SSO_OIDC], "http://o");
	expect(o.aws.endpoints[AWS_IAM], "http://i");
	expect(o.aws.endpoints[AWS_STS], "");
	arena_free(&o.arena);
}

// Each service has an argument in the block, and each argument is a service's.
static void test_endpoints(void **state)
{
	(void)state;
	for (size_t i = 0; i < AWS_SERVICE_COUNT; i++) {
		struct opened o;
		char json[128];
		(void)snprintf(json, sizeof json, "{\"endpoints\":[{\"%s\":\"http://e\"}]}",
			       endpoint_service((enum aws_service)i)->argument);
		read_json(&o, json);
		for (size_t other = 0; other < AWS_SERVICE_COUNT; other++)
			expect(o.aws.endpoints[other], other == i ? "http://e" : "");
		arena_free(&o.arena);
	}
	size_t rows = 0;
	while (provider_blocks_endpoints[rows].name)
		rows++;
	assert_int_equal(rows, AWS_SERVICE_COUNT);
}

static void test_credentials(void **state)
{
	(void)state;
	struct opened o;
	read_json(&o, "{\"profile\":\"dev\",\"access_key\":\"A\",\"secret_key\":\"S\",\"token\":\"T\","
		      "\"shared_config_files\":[\"c1\",\"c2\"],\"shared_credentials_files\":[\"k\"],"
		      "\"skip_metadata_api_check\":\"false\",\"ec2_metadata_service_endpoint\":\"http://m\","
		      "\"ec2_metadata_service_endpoint_mode\":\"IPv6\",\"allowed_account_ids\":[\"123456789012\"],"
		      "\"skip_credentials_validation\":true,\"skip_requesting_account_id\":true,"
		      "\"assume_role\":[{\"role_arn\":\"r1\",\"session_name\":\"s\",\"duration\":\"1h\","
		      "\"external_id\":\"e\",\"policy\":\"{}\",\"source_identity\":\"i\",\"policy_arns\":[\"p\"],"
		      "\"tags\":{\"k\":\"v\"},\"transitive_tag_keys\":[\"k\"]},{\"role_arn\":\"r2\"}],"
		      "\"assume_role_with_web_identity\":[{\"role_arn\":\"w\",\"web_identity_token_file\":\"f\","
		      "\"duration\":\"15m\"}]}");
	expect(o.aws.profile, "dev");
	expect(o.aws.secret_key, "S");
	assert_int_equal(o.aws.shared_config_files.count, 2);
	expect(o.aws.shared_config_files.at[1], "c2");
	expect(o.aws.shared_credentials_files.at[0], "k");
	assert_int_equal(o.aws.skip_metadata_api_check, SETTINGS_OFF);
	expect(o.aws.ec2_metadata_service_endpoint_mode, "IPv6");
	expect(o.aws.allowed_account_ids.at[0], "123456789012");
	assert_true(o.aws.skip_credentials_validation && o.aws.skip_requesting_account_id);
	assert_int_equal(o.aws.assume_role.count, 2);
	const struct settings_role *role = &o.aws.assume_role.at[0];
	expect(role->role_arn, "r1");
	assert_int_equal(role->duration_s, 3600);
	expect(role->external_id, "e");
	expect(role->policy_arns.at[0], "p");
	expect(role->tags.at[0].key, "k");
	expect(role->tags.at[0].value, "v");
	expect(role->transitive_tag_keys.at[0], "k");
	expect(o.aws.assume_role.at[1].role_arn, "r2");
	assert_true(o.aws.assume_role_with_web_identity.is_set);
	expect(o.aws.assume_role_with_web_identity.token_file, "f");
	assert_int_equal(o.aws.assume_role_with_web_identity.duration_s, 900);
	arena_free(&o.arena);
}

static void test_empty_text_is_none(void **state)
{
	(void)state;
	struct opened o;
	read_json(&o, "{\"region\":\"\",\"endpoints\":[{\"ec2\":\"http://e\"},{\"ec2\":\"\"}],"
		      "\"assume_role\":[{\"role_arn\":\"\",\"session_name\":\"s\"}]}");
	assert_true(value_is_null(&o.settings.region));
	expect(o.aws.region, "");
	expect(o.aws.endpoints[AWS_EC2], "http://e");
	assert_int_equal(o.aws.assume_role.count, 0);
	arena_free(&o.arena);
}

static void test_unknown_is_named(void **state)
{
	(void)state;
	struct opened o;
	open_json(&o, "{\"assume_role\":[{\"role_arn\":\"r\",\"tags\":{\"k\":\"v\"}}]}");
	struct value *block = &value_field(&o.config, T("assume_role"))->items[0];
	value_field(block, T("tags"))->items[0] = value_unknown(&type_string);
	provider_settings_read(&o.call, &o.config, &o.aws, &o.settings);
	expect(o.aws.unknown, "assume_role.tags");
	assert_int_equal(o.aws.assume_role.at[0].tags.count, 0);
	arena_free(&o.arena);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		size_t errors;
		const char *part; // of the first diagnostic
	} cases[] = {
		{ "{\"allowed_account_ids\":[\"123456789012\"],\"forbidden_account_ids\":[\"123456789013\"]}", 1,
		  "cannot both be set" },
		{ "{\"assume_role_with_web_identity\":[{\"web_identity_token\":\"abcd\","
		  "\"web_identity_token_file\":\"f\"}]}",
		  1, "cannot both be set" },
		{ "{\"assume_role\":[{}]}", 0, "no role is assumed" },
		{ "{\"assume_role\":[{\"role_arn\":\"\"}]}", 0, "no role is assumed" },
		{ "{\"assume_role\":[{\"role_arn\":\"arn:aws:iam::1:role/x\"},{\"role_arn\":\"\"}]}", 1, "is missing" },
		{ "{\"assume_role\":[{\"role_arn\":\"arn:aws:iam::1:role/x\"},{}]}", 1, "is missing" },
		{ "{\"assume_role\":[{\"role_arn\":\"x\"}]}", 1, "ARN of a role" },
		{ "{\"retry_mode\":\"legacy\"}", 1, "standard" },
		{ "{\"skip_metadata_api_check\":\"maybe\"}", 1, "true" },
		{ "{\"tag_policy_compliance\":\"none\"}", 1, "\"error\", \"warning\" or \"disabled\"" },
		{ "{\"access_key\":\"A\"}", 1, "secret_key" },
		{ "{\"access_key\":\"a\",\"secret_key\":\"s\",\"assume_role_with_web_identity\":[{\"role_arn\":"
		  "\"arn:aws:iam::123456789012:role/x\"}]}",
		  0, "take precedence over this block" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct opened o;
		open_json(&o, cases[i].json);
		validate_config(&o.call, &provider_settings, &o.config);
		if (o.diagnostics.errors != cases[i].errors || !o.diagnostics.first ||
		    text_find(o.diagnostics.first->detail, text_of(cases[i].part)) == SIZE_MAX)
			fail_msg("%s: %zu errors", cases[i].json, o.diagnostics.errors);
		arena_free(&o.arena);
	}
}

static void test_what_is_accepted(void **state)
{
	(void)state;
	static const char *const cases[] = {
		// What counts as none.
		"{\"ec2_metadata_service_endpoint_mode\":\"\",\"tag_policy_compliance\":\"\","
		"\"assume_role\":[{\"role_arn\":\"arn:aws:iam::123456789012:role/x\",\"policy\":\"\"}],"
		"\"assume_role_with_web_identity\":[{\"policy\":\"\"}]}",
		// One of two that exclude each other.
		"{\"allowed_account_ids\":[\"123456789012\"]}",
		"{\"forbidden_account_ids\":[\"123456789012\"]}",
		"{\"assume_role_with_web_identity\":[{\"web_identity_token\":\"abcd\"}]}",
		"{\"assume_role_with_web_identity\":[{\"web_identity_token_file\":\"f\"}]}",
		"{\"access_key\":\"a\",\"secret_key\":\"s\"}",
		"{\"access_key\":\"a\",\"secret_key\":\"s\",\"token\":\"t\"}",
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct opened o;
		open_json(&o, cases[i]);
		validate_config(&o.call, &provider_settings, &o.config);
		if (o.diagnostics.first)
			fail_msg("%s: %.*s", cases[i], TEXT_ARG(o.diagnostics.first->detail));
		arena_free(&o.arena);
	}
}

static void test_tags_of_the_environment(void **state)
{
	(void)state;
	static const struct environment_variable variables[] = {
		{ "TF_AWS_DEFAULT_TAGS_Team", "net" },     { "TF_AWS_DEFAULT_TAGS_Cost Centre", "1=2" },
		{ "TF_AWS_DEFAULT_TAGS_", "nothing" },     { "TF_AWS_DEFAULT_TAGS_Empty", "" },
		{ "TF_AWS_IGNORE_TAGS_KEYS", " a, b,,a" }, { "TF_AWS_IGNORE_TAGS_KEY_PREFIXES", "kubernetes.io/" },
	};
	const struct environment environment = { variables, 6 };
	struct opened o;
	read_json(&o, "{\"default_tags\":[{\"tags\":{\"Team\":\"own\",\"X\":\"y\"}}],"
		      "\"ignore_tags\":[{\"keys\":[\"b\",\"c\"]}]}");
	provider_environment_add_tags(&o.call, &environment, &o.settings);
	assert_int_equal(o.settings.default_tags.count, 4);
	expect(o.settings.default_tags.keys[0], "Cost Centre");
	expect(value_key(&o.settings.default_tags, T("Team"))->string, "own");
	expect(value_key(&o.settings.default_tags, T("Cost Centre"))->string, "1=2");
	expect(value_key(&o.settings.default_tags, T("Empty"))->string, "");
	assert_int_equal(o.settings.ignore_keys.count, 3);
	assert_true(value_has_string(&o.settings.ignore_keys, T("a")));
	assert_true(value_has_string(&o.settings.ignore_prefixes, T("kubernetes.io/")));
	arena_free(&o.arena);
	read_json(&o, "{}");
	provider_environment_add_tags(&o.call, &environment, &o.settings);
	assert_int_equal(o.settings.default_tags.count, 3);
	expect(value_key(&o.settings.default_tags, T("Team"))->string, "net");
	const struct environment one = { variables, 1 };
	arena_free(&o.arena);
	read_json(&o, "{}");
	provider_environment_add_tags(&o.call, &one, &o.settings);
	assert_int_equal(o.settings.default_tags.count, 1);
	o.settings.default_tags = value_unknown(&type_string_map);
	provider_environment_add_tags(&o.call, &environment, &o.settings);
	assert_true(value_is_unknown(&o.settings.default_tags));
	arena_free(&o.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_transport),
		cmocka_unit_test(test_empty_text_is_none),
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_credentials),
		cmocka_unit_test(test_unknown_is_named),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_what_is_accepted),
		cmocka_unit_test(test_tags_of_the_environment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
