// SPDX-License-Identifier: MPL-2.0
// The region that the EC2 instance works in, for those who take its credentials and name none.
#include "home.h"

#include "aws/client.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define INSTANCE_KEYS                                                                                                  \
	"{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":\"hush-i\",\"Token\":\"hush-t\","      \
	"\"Expiration\":\"2026-09-22T12:00:00Z\"}"

// The credentials, and then the instance's document.
static void open_instance(struct home *home, struct script_step steps[5], const struct script_step *document)
{
	steps[0] = (struct script_step){ .status = 200, .body = "t" };
	steps[1] = (struct script_step){ .status = 200, .body = "r" };
	steps[2] = (struct script_step){ .status = 200, .body = INSTANCE_KEYS };
	steps[3] = steps[0];
	steps[4] = *document;
	home_open(home, steps, 5);
	home_set(home, "AWS_REGION", "");
	home_expect(home, "instance metadata", "AKIAINST");
}

static void test_told_once(void **state)
{
	(void)state;
	static const struct script_step document = { .status = 200,
						     .body = "{\"region\":\"eu-south-2\",\"accountId\":\"1\"}" };
	struct home home;
	struct script_step steps[5];
	struct text region;
	open_instance(&home, steps, &document);
	for (int i = 0; i < 2; i++) {
		assert_true(aws_region(&home.fixture.call, home.aws, &region));
		assert_text(region, "eu-south-2");
	}
	assert_int_equal(home.script.exchanges, 5);
	assert_string_equal(home.script.records[4].url,
			    "http://169.254.169.254/latest/dynamic/instance-identity/document");
	home_close(&home);
}

static void test_not_told(void **state)
{
	(void)state;
	static const struct {
		struct script_step document;
		const char *told;
	} cases[] = {
		{ { .status = 404 }, "did not return the region (" },
		{ { .status = 200, .body = "{\"region\":\"e/../x\"}" }, "did not return the region (" },
		{ { .status = 200, .body = "{}" }, "did not return the region (" },
		{ { .status = 200, .body = "<html/>" }, "did not return the region (" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		struct script_step steps[5];
		struct text region;
		open_instance(&home, steps, &cases[i].document);
		assert_false(aws_region(&home.fixture.call, home.aws, &region));
		assert_int_equal(home.fixture.diagnostics.errors, 1);
		assert_in(fixture_told(&home.fixture), cases[i].told);
		assert_in(fixture_told(&home.fixture), "AWS_REGION");
		home_close(&home);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told_once),
		cmocka_unit_test(test_not_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
