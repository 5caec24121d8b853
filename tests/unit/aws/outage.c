// SPDX-License-Identifier: MPL-2.0
// The instance's metadata service has a fault after it has given credentials.
#include "home.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define INSTANCE_KEYS                                                                                                  \
	"{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":\"hush-i\",\"Token\":\"hush-t\","      \
	"\"Expiration\":\"2026-09-22T12:00:00Z\"}"

static void ask_again(struct home *home, int64_t minutes_later)
{
	fixture_forget(&home->fixture);
	home->fixture.clock.now_us += minutes_later * 60 * 1000000;
	home_expect(home, "instance metadata", "AKIAINST");
}

// It gave credentials once; what it does then ends nobody's work.
static void test_metadata_outage(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "r" },
		{ .status = 200, .body = INSTANCE_KEYS },
		// After an hour, though they last longer: nobody answers.
		{ .problem = HTTP_TIMEOUT },
		{ .problem = HTTP_TIMEOUT },
		{ .problem = HTTP_TIMEOUT },
		// 5 minutes later it answers nonsense, and after that with credentials that have ended.
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "r" },
		{ .status = 200, .body = "hush" },
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "r" },
		{ .status = 200,
		  .body = "{\"Code\":\"success\",\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":"
			  "\"hush-i\",\"Token\":\"hush-t\",\"Expiration\":\"2020-09-22T12:00:00Z\"}" },
	};
	struct home home;
	home_open(&home, steps, 12);
	home_expect(&home, "instance metadata", "AKIAINST");
	ask_again(&home, 54);
	assert_int_equal(home.script.exchanges, 3);
	ask_again(&home, 1);
	assert_int_equal(home.script.exchanges, 6);
	assert_in(fixture_logged(&home.fixture), "going on with the old ones");
	ask_again(&home, 4);
	assert_int_equal(home.script.exchanges, 6);
	ask_again(&home, 1);
	assert_int_equal(home.script.exchanges, 9);
	ask_again(&home, 30);
	assert_int_equal(home.script.exchanges, 12);
	assert_true(credentials_expires_at_us(home.found) > home.fixture.clock.now_us);
	home_close(&home);
}

// Nothing it gave is used for a call that is to stop.
static void test_metadata_outage_and_stop(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200, .body = "t" },
		{ .status = 200, .body = "r" },
		{ .status = 200, .body = INSTANCE_KEYS },
	};
	struct home home;
	home_open(&home, steps, 3);
	home_expect(&home, "instance metadata", "AKIAINST");
	fixture_forget(&home.fixture);
	home.fixture.clock.now_us += (int64_t)24 * 60 * 60 * 1000000;
	cancel_source_fire(home.fixture.source);
	home_expect_error(&home, "stop");
	home_close(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metadata_outage),
		cmocka_unit_test(test_metadata_outage_and_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
