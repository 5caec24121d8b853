// SPDX-License-Identifier: MPL-2.0
#include "schema_fixture.h"

#include "schema/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct check_case {
	const char *text;
	const char *problem; // part of the message; NULL: good
};

static void run(row_check_fn *check, const struct check_case *cases)
{
	struct arena arena;
	arena_init(&arena, 0);
	for (const struct check_case *test = cases; test->text; test++) {
		struct value value = value_string(text_of(test->text));
		const char *problem = check(&arena, &value);
		if (!test->problem && problem)
			fail_msg("%s %s", test->text, problem);
		if (test->problem && (!problem || !strstr(problem, test->problem)))
			fail_msg("%s: expected \"%s\", got \"%s\"", test->text, test->problem, problem ? problem : "");
	}
	arena_free(&arena);
}

static void test_cidr(void **state)
{
	(void)state;
	static const struct check_case cases[] = {
		{ "0.0.0.0/0", NULL },
		{ "10.0.0.0/8", NULL },
		{ "192.168.1.1/32", NULL },
		{ "::/0", NULL },
		{ "2001:db8::/32", NULL },
		{ "2001:DB8:0:0::/64", NULL },
		{ "::1/128", NULL },
		{ "10.0.0.1/8", "has bits set after its prefix of 8; the network is \"10.0.0.0/8\"" },
		{ "10.1.2.3/31", "\"10.1.2.2/31\"" },
		{ "2001:db8::1/32", "\"2001:db8::/32\"" },
		{ "ffff::/3", "\"e000::/3\"" },
		{ "", "CIDR notation" },
		{ "10.0.0.0", "CIDR notation" },
		{ "10.0.0.0/", "CIDR notation" },
		{ "10.0.0.0/33", "CIDR notation" },
		{ "10.0.0.0/08", "CIDR notation" },
		{ "10.0.0.0/-1", "CIDR notation" },
		{ "10.0.0.0/8 ", "CIDR notation" },
		{ "10.0.0/8", "CIDR notation" },
		{ "010.0.0.0/8", "CIDR notation" },
		{ "::/129", "CIDR notation" },
		{ "2001:db8::/999999999999999999999", "CIDR notation" },
		{ "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc/1", "CIDR notation" },
		{ NULL, NULL },
	};
	run(check_cidr, cases);
	struct cidr cidr;
	bool host_bits;
	assert_false(check_cidr_parse((struct text){ "10.0.0.0\0/8", 11 }, &cidr, &host_bits));
}

static void test_cidr_same(void **state)
{
	(void)state;
	assert_true(check_cidr_same(T("2001:db8::/32"), T("2001:0DB8:0::/32")));
	assert_false(check_cidr_same(T("10.0.0.0/8"), T("10.0.0.0/9")));
	assert_false(check_cidr_same(T("10.0.0.0/8"), T("11.0.0.0/8")));
	assert_false(check_cidr_same(T("0.0.0.0/0"), T("::/0")));
	assert_false(check_cidr_same(T("x"), T("x")));
}

static void test_region(void **state)
{
	(void)state;
	static const struct check_case cases[] = {
		{ "eu-central-1", NULL },     { "us-gov-west-1", NULL },         { "", "AWS region" },
		{ "EU-central-1", "region" }, { "eu-central-1.evil", "region" }, { "-eu", "region" },
		{ "eu-", "region" },          { "eu central", "region" },        { NULL, NULL },
	};
	run(check_region, cases);
}

#define BALANCER "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/"

static void test_network_balancer_arn(void **state)
{
	(void)state;
	static const struct check_case cases[] = {
		{ BALANCER "net/sensors/50dc6c495c0c9188", NULL },
		{ "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:loadbalancer/net/a/b", NULL },
		{ BALANCER "app/sensors/50dc6c495c0c9188", "application load balancer's" },
		{ BALANCER "gwy/sensors/50dc6c495c0c9188", "ARN of a network load balancer" },
		{ BALANCER "net/sensors", "ARN" },
		{ BALANCER "net/sensors/", "ARN" },
		{ BALANCER "net/sensors/1/", "ARN" },
		{ BALANCER "net/sensors/1/2", "ARN" },
		{ BALANCER "net//1", "ARN" },
		{ "arn:aws:elasticloadbalancing:eu-central-1:1234:loadbalancer/net/a/b", "ARN" },
		{ "arn:aws:elasticloadbalancing::123456789012:loadbalancer/net/a/b", "ARN" },
		{ "arn:aws:ec2:eu-central-1:123456789012:loadbalancer/net/a/b", "ARN" },
		{ "arn:aws", "ARN" },
		{ "", "ARN" },
		{ NULL, NULL },
	};
	run(check_network_balancer_arn, cases);
}

static void test_id(void **state)
{
	(void)state;
	assert_true(check_is_id(T("eni-0123456789abcdef0"), T("eni-")));
	assert_true(check_is_id(T("eni-01234567"), T("eni-")));
	assert_false(check_is_id(T("eni-0123456789abcdef"), T("eni-")));
	assert_false(check_is_id(T("eni-0123456G"), T("eni-")));
	assert_false(check_is_id(T("eni-0123456A"), T("eni-")));
	assert_false(check_is_id(T("tmt-01234567"), T("eni-")));
	assert_false(check_is_id(T(""), T("eni-")));
}

static void expect_tag(size_t key_length, const char *character, size_t value_length, const char *problem)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct text key = T(""), content = T("");
	for (size_t i = 0; i < key_length; i++)
		key = text_print(&arena, "%.*s%s", TEXT_ARG(key), character);
	for (size_t i = 0; i < value_length; i++)
		content = text_print(&arena, "%.*s%s", TEXT_ARG(content), character);
	struct value tags = value_map(&arena, &type_string_map, 1);
	tags.keys[0] = key;
	tags.items[0] = value_string(content);
	const char *found = check_tags(&arena, &tags);
	assert_true(problem ? found && strstr(found, problem) : !found);
	arena_free(&arena);
}

static void test_tags(void **state)
{
	(void)state;
	expect_tag(127, "k", 256, NULL);
	expect_tag(127, "\xC3\xA9", 256, NULL); // characters, not bytes
	expect_tag(128, "k", 1, "128 characters");
	expect_tag(1, "\xC3\xA9", 257, "257 characters");
	expect_tag(0, "k", 1, "empty key");
	expect_tag(1, "aws:x", 1, "\"aws:\" for itself");
	expect_tag(1, "AWS:x", 1, "\"aws:\" for itself");
	expect_tag(1, "aws", 1, NULL);
	expect_tag(1, "\x1f", 0, "control characters");
	expect_tag(1, "a\xEF\xBF\xBF", 1, "noncharacters");
	expect_tag(1, "a\t\n\r \x7f\xEF\xBF\xBD\xEF\xBE\xBF", 1, NULL);

	struct arena arena;
	arena_init(&arena, 0);
	struct value tags = value_map(&arena, &type_string_map, 51);
	for (size_t i = 0; i < tags.count; i++) {
		tags.keys[i] = text_print(&arena, "%zu", i);
		tags.items[i] = value_unknown(&type_string);
	}
	assert_string_equal(check_tags(&arena, &tags), "must have 50 tags at most, not 51");
	tags.count = 50;
	assert_null(check_tags(&arena, &tags));
	tags.count = 51;
	tags.items[7] = value_null(&type_string);
	assert_null(check_tags(&arena, &tags));
	tags.items[7] = value_string(T(""));
	assert_non_null(check_tags(&arena, &tags));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cidr),   cmocka_unit_test(test_cidr_same),
		cmocka_unit_test(test_region), cmocka_unit_test(test_network_balancer_arn),
		cmocka_unit_test(test_id),     cmocka_unit_test(test_tags),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
