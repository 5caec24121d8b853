// SPDX-License-Identifier: MPL-2.0
// The token bucket of retries and the adaptive rate.
#include "sender.h"

#include "aws/pace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_bucket(void **state)
{
	(void)state;
	struct pace pace;
	pace_init(&pace, PACE_STANDARD, 12);
	assert_int_equal(pace_take_retry(&pace, false), 5);
	assert_int_equal(pace_take_retry(&pace, false), 5);
	assert_int_equal(pace_take_retry(&pace, false), -1);
	pace_give_back(&pace, 5);
	assert_int_equal(pace.left, 7);
	assert_int_equal(pace_take_retry(&pace, true), -1); // a timeout costs 10
	pace_give_back(&pace, 0);
	assert_int_equal(pace.left, 8);
	pace_give_back(&pace, 10);
	assert_int_equal(pace.left, 12); // never more than it holds
	assert_int_equal(pace_take_retry(&pace, true), 10);
	pace_init(&pace, PACE_STANDARD, 0);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(pace_take_retry(&pace, true), 0);
}

static void test_standard_mode_never_waits(void **state)
{
	(void)state;
	struct pace pace;
	pace_init(&pace, PACE_STANDARD, 0);
	for (int i = 0; i < 100; i++) {
		pace_learn(&pace, i, true);
		assert_int_equal(pace_ask(&pace, i), 0);
	}
}

// A service that bears ten requests a second, and a client that would send a thousand.
static void test_adaptive_mode_finds_the_rate(void **state)
{
	(void)state;
	struct pace pace;
	pace_init(&pace, PACE_ADAPTIVE, 0);
	int64_t now_ms = 1000000;
	const int64_t end_ms = now_ms + 120 * 1000;
	double tokens = 10;
	int sent = 0;
	int throttled = 0;
	while (now_ms < end_ms) {
		const int64_t wait_ms = pace_ask(&pace, now_ms);
		assert_true(wait_ms >= 0 && wait_ms <= 2001);
		const int64_t step_ms = wait_ms ? wait_ms : 1;
		if (wait_ms == 0) {
			const bool refused = tokens < 1;
			tokens -= refused ? 0 : 1;
			sent++;
			throttled += refused;
			pace_learn(&pace, now_ms, refused);
		}
		now_ms += step_ms;
		tokens += (double)step_ms / 100;
		tokens = tokens > 10 ? 10 : tokens;
	}
	assert_true(pace.limits);
	assert_true(sent > 500 && sent < 2400); // 1,200 would be perfect, 120,000 no limit at all
	assert_true(throttled < sent / 2);
}

static const struct script_step throttled_twice[] = {
	{ .problem = HTTP_ANSWERED, .status = 503, .body = EC2_ERROR("RequestLimitExceeded", "slow") },
	{ .problem = HTTP_ANSWERED, .status = 503, .body = EC2_ERROR("RequestLimitExceeded", "slow") },
	{ .problem = HTTP_ANSWERED, .status = 200, .body = SUCCESS },
};

static void test_an_empty_bucket_ends_it(void **state)
{
	(void)state;
	struct sender s;
	struct aws_settings settings = sender_usual;
	settings.token_bucket_rate_limiter_capacity = 5;
	sender_open(&s, &settings, throttled_twice, 3, NULL);
	assert_true(sender_send(&s, ACTION_ASKS));
	assert_text(s.answer.error_code, "RequestLimitExceeded");
	assert_int_equal(s.script.exchanges, 2);
	sender_close(&s);
}

static void test_adaptive_mode_is_applied(void **state)
{
	(void)state;
	struct sender s;
	struct aws_settings settings = sender_usual;
	settings.retry_mode = T("adaptive");
	sender_open(&s, &settings, throttled_twice, 3, NULL);
	assert_true(sender_send(&s, ACTION_ASKS));
	assert_text(s.answer.error_code, "");
	assert_true(s.client->pace.limits);
	// Now and at once again: it waits for its turn, beyond the delays of retries.
	const int sleeps = s.fixture.clock.sleeps;
	for (int i = 0; i < 5; i++)
		assert_true(sender_send(&s, ACTION_ASKS));
	assert_true(s.fixture.clock.sleeps > sleeps);
	sender_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bucket),
		cmocka_unit_test(test_standard_mode_never_waits),
		cmocka_unit_test(test_adaptive_mode_finds_the_rate),
		cmocka_unit_test(test_an_empty_bucket_ends_it),
		cmocka_unit_test(test_adaptive_mode_is_applied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
