// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_checks.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t seconds; // -1: none
	} cases[] = {
		{ "1h", 3600 },        { "1h30m", 5400 },
		{ "90m", 5400 },       { "15m0s", 900 },
		{ "1.5h", 5400 },      { ".5h", 1800 },
		{ "900000ms", 900 },   { "3600000000000ns", 3600 },
		{ "1h0.5s", 3600 },    { "", -1 },
		{ "1", -1 },           { "h", -1 },
		{ "1h ", -1 },         { "-1h", -1 },
		{ "1d", -1 },          { "1.2.3h", -1 },
		{ "999999999h", -1 },  { "99999999999999h", -1 },
		{ "1h99999999h", -1 }, { "900000000\xC2\xB5s", 900 },
		{ "+1h", 3600 },       { "+", -1 },
		{ "++1h", -1 },        { "1h+1h", -1 },
		{ "1.0009h", 3600 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t seconds = -1;
		const bool good = provider_checks_parse_duration(text_of(cases[i].text), &seconds);
		if (good != (cases[i].seconds >= 0) || (good && seconds != cases[i].seconds))
			fail_msg("%s: %d %lld", cases[i].text, good, (long long)seconds);
	}
}

struct one {
	row_check_fn *check;
	const char *value;
	bool good;
};

static const struct one ones[] = {
	{ provider_checks_duration, "15m", true },
	{ provider_checks_duration, "12h", true },
	{ provider_checks_duration, "14m59s", false },
	{ provider_checks_duration, "12h1s", false },
	{ provider_checks_role_arn, "arn:aws:iam::123456789012:role/x", true },
	{ provider_checks_role_arn, "arn:aws-cn:iam::123456789012:role/a/b", true },
	{ provider_checks_role_arn, "arn:aws:sts::123456789012:role/x", false },
	{ provider_checks_role_arn, "role/x", false },
	{ provider_checks_role_arn, "arn:aws:iam::1:", false },
	{ provider_checks_policy, "{\"Version\":\"2012-10-17\"}", true },
	{ provider_checks_policy, " {}\n", true },
	{ provider_checks_policy, "[]", false },
	{ provider_checks_policy, "{nope}", false },
	{ provider_checks_policy, "{\"a\":1}}", false },
	{ provider_checks_policy, "{} {}", false },
	{ provider_checks_metadata_mode, "IPv4", true },
	{ provider_checks_metadata_mode, "ipv6", true },
	{ provider_checks_metadata_mode, "IPv5", false },
	{ provider_checks_session_name, "a.b@c-d_e=f,g+1", true },
	{ provider_checks_session_name, "a", false },
	{ provider_checks_session_name, "a b", false },
	{ provider_checks_session_name, "a\r\nb", false },
	{ provider_checks_external_id, "a:b/c", true },
	{ provider_checks_external_id, "a;b", false },
	{ provider_checks_token, "abcd", true },
	{ provider_checks_token, "abc", false },
	{ provider_checks_proxy, "", true },
	{ provider_checks_proxy, "http://u:p@proxy:3128", true },
	{ provider_checks_proxy, "ftp://proxy", false },
	// As aws/endpoint reads them, also those that the environment gives.
	{ provider_checks_url, "https://ec2.eu-central-1.amazonaws.com", true },
	{ provider_checks_url, "http://127.0.0.1:4566", true },
	{ provider_checks_url, "http://[::1]:4566/path", true },
	{ provider_checks_url, "http://localhost/", true },
	{ provider_checks_url, "http://local_stack:4566", true },
	{ provider_checks_url, "ec2.amazonaws.com", false },
	{ provider_checks_url, "ftp://host", false },
	{ provider_checks_url, "https://", false },
	{ provider_checks_url, "https:///path", false },
	{ provider_checks_url, "https://host:0", false },
	{ provider_checks_url, "https://host:65536", false },
	{ provider_checks_url, "https://host:1234567", false },
	{ provider_checks_url, "https://ho st", false },
	{ provider_checks_url, "https://h\xC3\xB6st", false },
	{ provider_checks_url, "https://[::1", false },
	{ provider_checks_url, "https://[]", false },
	{ provider_checks_url, "https://[::1]x", false },
	{ provider_checks_url, "https://me:secret@host", false },
	{ provider_checks_url, "https://host?a=b", false },
	{ provider_checks_url, "https://host#a", false },
};

static void test_single_values(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof ones / sizeof ones[0]; i++) {
		const struct value value = value_string(text_of(ones[i].value));
		if ((ones[i].check(&arena, &value) == NULL) != ones[i].good)
			fail_msg("%zu: %s", i, ones[i].value);
	}
	arena_free(&arena);
}

static bool takes(row_check_fn *check, const char *item)
{
	struct arena arena;
	arena_init(&arena, 0);
	const struct value set = value_list(&arena, &type_string_set, 1);
	set.items[0] = value_string(text_of(item));
	const bool taken = check(&arena, &set) == NULL;
	arena_free(&arena);
	return taken;
}

static void test_sets(void **state)
{
	(void)state;
	assert_true(takes(provider_checks_account_ids, "123456789012"));
	assert_true(takes(provider_checks_account_ids, "000000000001"));
	assert_true(takes(provider_checks_account_ids, ""));
	assert_false(takes(provider_checks_account_ids, "12345678901"));
	assert_false(takes(provider_checks_account_ids, "-12345678901"));
	assert_false(takes(provider_checks_account_ids, "12345678901x"));
	assert_true(takes(provider_checks_policy_arns, "arn:aws:iam::aws:policy/ReadOnlyAccess"));
	assert_false(takes(provider_checks_policy_arns, "ReadOnlyAccess"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_single_values),
		cmocka_unit_test(test_sets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
