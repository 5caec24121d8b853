// SPDX-License-Identifier: MPL-2.0
// Where requests go: regions, partitions, custom endpoints, certificates.
#include "fixture.h"

#include "aws/partition.h"
#include "aws/trust.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct endpoint_variant usual;

static void test_partitions(void **state)
{
	(void)state;
	static const struct {
		const char *region;
		const char *partition;
		const char *host;
	} cases[] = {
		{ "eu-central-1", "aws", "ec2.eu-central-1.amazonaws.com" },
		{ "mars-north-1", "aws", "ec2.mars-north-1.amazonaws.com" },
		{ "cn-north-1", "aws-cn", "ec2.cn-north-1.amazonaws.com.cn" },
		{ "us-gov-west-1", "aws-us-gov", "ec2.us-gov-west-1.amazonaws.com" },
		{ "us-iso-east-1", "aws-iso", "ec2.us-iso-east-1.c2s.ic.gov" },
		{ "us-isob-east-1", "aws-iso-b", "ec2.us-isob-east-1.sc2s.sgov.gov" },
		{ "eu-isoe-west-1", "aws-iso-e", "ec2.eu-isoe-west-1.cloud.adc-e.uk" },
		{ "us-isof-south-1", "aws-iso-f", "ec2.us-isof-south-1.csp.hci.ic.gov" },
		{ "eusc-de-east-1", "aws-eusc", "ec2.eusc-de-east-1.amazonaws.eu" },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct text region = text_of(cases[i].region);
		assert_text(endpoint_partition(region), cases[i].partition);
		const struct endpoint endpoint = endpoint_of_region(&arena, AWS_EC2, region, usual);
		assert_text(endpoint.host, cases[i].host);
		assert_text(endpoint.path, "/");
	}
	assert_text(endpoint_of_region(&arena, AWS_STS, T("us-east-1"), usual).url,
		    "https://sts.us-east-1.amazonaws.com/");
	assert_text(endpoint_of_region(&arena, AWS_ELBV2, T("us-east-1"), usual).url,
		    "https://elasticloadbalancing.us-east-1.amazonaws.com/");
	arena_free(&arena);
}

static void test_custom_endpoints(void **state)
{
	(void)state;
	static const struct {
		const char *given;
		const char *url;
		const char *host;
		const char *path;
		const char *below;
		bool plain;
		bool loopback;
	} cases[] = {
		{ "http://127.0.0.1:4566", "http://127.0.0.1:4566/", "127.0.0.1:4566", "/",
		  "http://127.0.0.1:4566/token", true, true },
		{ "http://localhost", "http://localhost/", "localhost", "/", "http://localhost/token", true, true },
		{ "http://a.LocalHost", "http://a.localhost/", "a.localhost", "/", "http://a.localhost/token", true,
		  true },
		{ "HTTPS://Ec2.Example.COM:443/", "https://ec2.example.com/", "ec2.example.com", "/",
		  "https://ec2.example.com/token", false, false },
		{ "http://h:80", "http://h/", "h", "/", "http://h/token", true, false },
		{ "https://h:80/a/b", "https://h:80/a/b", "h:80", "/a/b", "https://h:80/a/b/token", false, false },
		{ "https://[::1]:8443/x/", "https://[::1]:8443/x/", "[::1]:8443", "/x/", "https://[::1]:8443/x/token",
		  false, true },
		{ "https://[fd00:ec2::254]", "https://[fd00:ec2::254]/", "[fd00:ec2::254]", "/",
		  "https://[fd00:ec2::254]/token", false, false },
		{ "  https://h:  ", "https://h/", "h", "/", "https://h/token", false, false },
		{ "http://127.evil.example", "http://127.evil.example/", "127.evil.example", "/",
		  "http://127.evil.example/token", true, false },
		{ "https://under_score.example/%20", "https://under_score.example/%20", "under_score.example", "/%20",
		  "https://under_score.example/%20/token", false, false },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct endpoint endpoint;
		const char *problem = endpoint_parse(&arena, text_of(cases[i].given), &endpoint);
		assert_null(problem);
		assert_text(endpoint.url, cases[i].url);
		assert_text(endpoint.host, cases[i].host);
		assert_text(endpoint.path, cases[i].path);
		assert_text(endpoint_below(&arena, &endpoint, T("/token")), cases[i].below);
		assert_int_equal(endpoint.plain, cases[i].plain);
		assert_int_equal(endpoint.loopback, cases[i].loopback);
	}
	arena_free(&arena);
}

static void test_wrong_endpoints(void **state)
{
	(void)state;
	static const struct {
		const char *given;
		const char *problem;
	} cases[] = {
		{ "ec2.example.com", "https://" },    { "ftp://h", "https://" },
		{ "file:///etc/passwd", "https://" }, { "https://", "no host" },
		{ "https:///x", "no host" },          { "https://user:pass@h", "user name" },
		{ "https://h@evil", "user name" },    { "https://a b", "host name" },
		{ "https://a\r\nb", "host name" },    { "https://h:0", "port" },
		{ "https://h:65536", "port" },        { "https://h:x", "port" },
		{ "https://h:-1", "port" },           { "https://[::1", "bracket" },
		{ "https://[]", "bracket" },          { "https://[::1]x", "bracket" },
		{ "https://h/?a=b", "no '?'" },       { "https://h?a", "no '?'" },
		{ "https://h/#f", "no '?'" },         { "https://h/a b", "percent" },
		{ "https://h/\xC3\xA9", "percent" },  { "https://::1/", "bracket" },
		{ "https://[1.2.3.4]", "bracket" },   { "https://h:1:2", "bracket" },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct endpoint endpoint;
		const char *problem = endpoint_parse(&arena, text_of(cases[i].given), &endpoint);
		if (!problem)
			fail_msg("%s is taken", cases[i].given);
		assert_in(text_of(problem), cases[i].problem);
	}
	arena_free(&arena);
}

static void test_who_chooses(void **state)
{
	(void)state;
	static const struct environment_variable variables[] = {
		{ "AWS_ENDPOINT_URL", "http://all" },
		{ "AWS_ENDPOINT_URL_STS", "http://sts" },
		{ "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2", "" },
	};
	const struct environment environment = { variables, 3 };
	struct aws_settings settings = { .endpoints[AWS_EC2] = T("http://argument") };
	assert_text(endpoint_choose(&settings, &environment, NULL, AWS_EC2).url, "http://argument");
	assert_text(endpoint_choose(&settings, &environment, NULL, AWS_STS).url, "http://sts");
	assert_in(endpoint_choose(&settings, &environment, NULL, AWS_STS).chosen_by, "AWS_ENDPOINT_URL_STS");
	assert_text(endpoint_choose(&settings, &environment, NULL, AWS_ELBV2).url, "http://all");
	settings.endpoints[AWS_EC2] = T("");
	assert_text(endpoint_choose(&settings, &environment, NULL, AWS_EC2).url, "http://all");
	const struct environment nothing = { variables, 0 };
	assert_text(endpoint_choose(&settings, &nothing, NULL, AWS_EC2).url, "");
}

static void test_old_names_and_profiles(void **state)
{
	(void)state;
	static const struct environment_variable variables[] = {
		{ "AWS_STS_ENDPOINT", "http://older" },
		{ "TF_AWS_STS_ENDPOINT", "http://old" },
		{ "AWS_ENDPOINT_URL", "http://all" },
		{ "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True" },
	};
	const struct aws_settings settings = { .region = T("") };
	const struct endpoint_profile profile = { .url = T("http://profile"),
						  .services[AWS_STS] = T("http://section") };
	const struct environment environment = { variables, 3 };
	const struct endpoint_choice old = endpoint_choose(&settings, &environment, &profile, AWS_STS);
	assert_text(old.url, "http://old");
	assert_string_equal(old.old, "TF_AWS_STS_ENDPOINT");
	assert_text(endpoint_choose(&settings, &(struct environment){ variables, 1 }, &profile, AWS_STS).url,
		    "http://older");
	assert_text(endpoint_choose(&settings, &environment, &profile, AWS_EC2).url, "http://all");
	const struct environment nothing = { variables, 0 };
	assert_text(endpoint_choose(&settings, &nothing, &profile, AWS_STS).url, "http://section");
	const struct endpoint_choice by_profile = endpoint_choose(&settings, &nothing, &profile, AWS_EC2);
	assert_text(by_profile.url, "http://profile");
	assert_false(by_profile.by_variable || by_profile.by_argument);
	// Arguments and the old names are not among what is ignored.
	const struct environment ignoring = { variables, 4 };
	assert_text(endpoint_choose(&settings, &ignoring, &profile, AWS_STS).url, "http://old");
	assert_text(endpoint_choose(&settings, &ignoring, &profile, AWS_EC2).url, "");
	const struct endpoint_profile ignores = { .url = T("http://profile"), .ignore_configured = T("true") };
	assert_text(endpoint_choose(&settings, &nothing, &ignores, AWS_EC2).url, "");
}

static void test_variants(void **state)
{
	(void)state;
	static const struct {
		enum aws_service service;
		const char *region;
		const char *hosts[4]; // usual, FIPS, dual-stack, both
	} cases[] = {
		{ AWS_EC2,
		  "eu-central-1",
		  { "ec2.eu-central-1.amazonaws.com", "ec2-fips.eu-central-1.amazonaws.com", "ec2.eu-central-1.api.aws",
		    "ec2-fips.eu-central-1.api.aws" } },
		{ AWS_EC2,
		  "us-gov-west-1",
		  { "ec2.us-gov-west-1.amazonaws.com", "ec2.us-gov-west-1.amazonaws.com", "ec2.us-gov-west-1.api.aws",
		    "ec2-fips.us-gov-west-1.api.aws" } },
		{ AWS_STS,
		  "cn-north-1",
		  { "sts.cn-north-1.amazonaws.com.cn", "sts-fips.cn-north-1.amazonaws.com.cn",
		    "sts.cn-north-1.api.amazonwebservices.com.cn",
		    "sts-fips.cn-north-1.api.amazonwebservices.com.cn" } },
		{ AWS_STS,
		  "aws-global",
		  { "sts.amazonaws.com", "sts.amazonaws.com", "sts.amazonaws.com", "sts.amazonaws.com" } },
		{ AWS_ELBV2,
		  "us-east-1",
		  { "elasticloadbalancing.us-east-1.amazonaws.com", "elasticloadbalancing-fips.us-east-1.amazonaws.com",
		    "elasticloadbalancing.us-east-1.api.aws", "elasticloadbalancing-fips.us-east-1.api.aws" } },
		{ AWS_SSO,
		  "us-gov-west-1",
		  { "portal.sso.us-gov-west-1.amazonaws.com", "portal.sso.us-gov-west-1.amazonaws.com",
		    "portal.sso.us-gov-west-1.api.aws", "portal.sso-fips.us-gov-west-1.api.aws" } },
		{ AWS_SSO_OIDC,
		  "eu-west-1",
		  { "oidc.eu-west-1.amazonaws.com", "oidc-fips.eu-west-1.amazonaws.com", "oidc.eu-west-1.api.aws",
		    "oidc-fips.eu-west-1.api.aws" } },
		{ AWS_IAM,
		  "eu-west-1",
		  { "iam.amazonaws.com", "iam-fips.amazonaws.com", "iam.global.api.aws", "iam-fips.global.api.aws" } },
		{ AWS_IAM,
		  "us-gov-east-1",
		  { "iam.us-gov.amazonaws.com", "iam.us-gov.amazonaws.com", "iam.us-gov.api.aws",
		    "iam.us-gov.api.aws" } },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (size_t v = 0; v < 4; v++) {
			const struct endpoint_variant variant = { v & 1, v & 2 };
			const struct endpoint endpoint =
				endpoint_of_region(&arena, cases[i].service, text_of(cases[i].region), variant);
			assert_text(endpoint.host, cases[i].hosts[v]);
		}
	}
	assert_text(endpoint_of_region(&arena, AWS_IAM, T("cn-northwest-1"), usual).signing_region, "cn-north-1");
	assert_text(endpoint_of_region(&arena, AWS_STS, T("aws-global"), usual).signing_region, "us-east-1");
	arena_free(&arena);
}

static void test_known_regions(void **state)
{
	(void)state;
	static const char *const known[] = { "eu-central-1", "us-east-1", "mx-central-1", "us-gov-west-1",
					     "eusc-de-east-1" };
	static const char *const unknown[] = { "", "eu-central-9", "mars-north-1", "EU-CENTRAL-1", "aws-global" };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		assert_true(partition_knows_region(text_of(known[i])));
		assert_false(partition_knows_region(text_of(unknown[i])));
	}
}

static bool only_alpine(struct text path)
{
	return text_equal(path, T("/etc/ssl/cert.pem"));
}

static bool only_directory(struct text path)
{
	return text_equal(path, T("/etc/pki/tls/certs"));
}

static bool all_but_the_named(struct text path)
{
	return !text_equal(path, T("/file"));
}

static bool nowhere(struct text path)
{
	(void)path;
	return false;
}

static bool everywhere(struct text path)
{
	return path.length > 0;
}

static const char usual_directories[] = "/etc/ssl/certs:/etc/pki/tls/certs";

static void expect_trust(const struct environment *environment, bool (*exists)(struct text path), const char *file,
			 const char *directories)
{
	const struct trust trust = trust_find(environment, exists);
	assert_text(trust.file, file);
	assert_text(trust.directories, directories);
}

static void test_trust(void **state)
{
	(void)state;
	static const struct environment_variable variables[] = {
		{ "SSL_CERT_DIR", "/dir" },
		{ "SSL_CERT_FILE", "/file" },
		{ "AWS_CA_BUNDLE", "/bundle" },
	};
	const struct environment all = { variables, 3 };
	const struct environment both = { variables, 2 };
	const struct environment directory = { variables, 1 };
	const struct environment file = { variables + 1, 1 };
	const struct environment none = { variables, 0 };
	expect_trust(&all, nowhere, "/bundle", ""); // the error names it
	expect_trust(&all, everywhere, "/bundle", "");
	expect_trust(&both, everywhere, "/file", "/dir");
	expect_trust(&both, all_but_the_named, "", "/dir");
	expect_trust(&file, everywhere, "/file", usual_directories);
	expect_trust(&file, all_but_the_named, "", usual_directories);
	expect_trust(&directory, only_alpine, "/etc/ssl/cert.pem", "/dir");
	expect_trust(&directory, nowhere, "", "/dir");
	expect_trust(&none, everywhere, "/etc/ssl/certs/ca-certificates.crt", usual_directories);
	expect_trust(&none, only_alpine, "/etc/ssl/cert.pem", "");
	expect_trust(&none, only_directory, "", usual_directories);
	expect_trust(&none, nowhere, "", "");
}

static void test_trust_in_the_file_system(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ VNS_CASES "/aws/old_tls.cnf", VNS_CASES "/aws/old_tls.cnf" },
		{ "/tmp", "/tmp" }, // its error names it
		{ "/dev/null", "" },
		{ "/nowhere/at/all", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct environment_variable variable = { "SSL_CERT_FILE", cases[i][0] };
		assert_text(trust_find(&(struct environment){ &variable, 1 }, NULL).file, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_partitions),
		cmocka_unit_test(test_custom_endpoints),
		cmocka_unit_test(test_wrong_endpoints),
		cmocka_unit_test(test_who_chooses),
		cmocka_unit_test(test_old_names_and_profiles),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_known_regions),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_trust_in_the_file_system),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
