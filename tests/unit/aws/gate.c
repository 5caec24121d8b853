// SPDX-License-Identifier: MPL-2.0
// The rate that refusals teach, against a bucket like EC2's, and the line in which calls wait for it.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

#include "aws/bucket.h"
#include "aws/gate.h"

#include <pthread.h>
#include <stdatomic.h>

// EC2's side, in milliseconds of a time of its own.
struct service {
	double burst;
	double rate;
	double tokens;
	int64_t filled_ms;
};

static bool service_grants(struct service *service, int64_t now_ms)
{
	service->tokens += (double)(now_ms - service->filled_ms) * service->rate / 1000;
	if (service->tokens > service->burst)
		service->tokens = service->burst;
	service->filled_ms = now_ms;
	if (service->tokens < 1)
		return false;
	service->tokens -= 1;
	return true;
}

enum { WORKERS = 50, NOBODY = -1 };

// Workers that each want to call again as soon as they were answered.
struct crowd {
	int64_t sent_ms[WORKERS]; // NOBODY: waits for its turn
	bool granted[WORKERS];
	int calls;
	int granted_calls;
	int refused_late; // after the first second
	int late;
};

static void tick(struct crowd *crowd, struct bucket *bucket, struct service *service, int64_t now_ms)
{
	static const int64_t latency_ms = 100;
	for (size_t i = 0; i < WORKERS; i++) {
		// They overtake each other on the way, by up to 40 ms.
		if (crowd->sent_ms[i] != NOBODY && now_ms == crowd->sent_ms[i] + latency_ms / 2 + (int64_t)(i * 7 % 40))
			crowd->granted[i] = service_grants(service, now_ms);
		if (crowd->sent_ms[i] != NOBODY && now_ms == crowd->sent_ms[i] + latency_ms) {
			bucket_learn(bucket, crowd->sent_ms[i], now_ms, !crowd->granted[i]);
			crowd->granted_calls += crowd->granted[i];
			crowd->late += crowd->sent_ms[i] > 1000;
			crowd->refused_late += crowd->sent_ms[i] > 1000 && !crowd->granted[i];
			crowd->sent_ms[i] = NOBODY;
		}
		if (crowd->sent_ms[i] == NOBODY && bucket_due_ms(bucket, now_ms, 0) <= now_ms) {
			bucket_go(bucket, now_ms);
			crowd->sent_ms[i] = now_ms;
			crowd->calls++;
		}
	}
}

static struct crowd run_crowd(struct bucket *bucket, double burst, double rate, int64_t duration_ms)
{
	struct service service = { .burst = burst, .rate = rate, .tokens = burst };
	struct crowd crowd = { .calls = 0 };
	for (size_t i = 0; i < WORKERS; i++)
		crowd.sent_ms[i] = NOBODY;
	for (int64_t now_ms = 0; now_ms < duration_ms; now_ms++)
		tick(&crowd, bucket, &service, now_ms);
	return crowd;
}

static void test_documented_rate_is_used_up(void **state)
{
	(void)state;
	struct bucket bucket;
	bucket_init(&bucket, T("CreateTrafficMirrorSession"));
	const struct crowd crowd = run_crowd(&bucket, 50, 5, 200000);
	const int possible = 50 + 200 * 5;
	print_message("documented: %d of %d granted, %d of %d refused\n", crowd.granted_calls, possible,
		      crowd.refused_late, crowd.late);
	assert_true(crowd.granted_calls * 1.05 > possible);
	assert_true(crowd.refused_late * 100 <= crowd.late * 3);
}

// Others use up most of the bucket, or the account may do more than is documented.
static void test_other_rates_are_found(void **state)
{
	(void)state;
	static const double rates[] = { 1, 2.5, 20, 60 };
	for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
		struct bucket bucket;
		bucket_init(&bucket, T("CreateTrafficMirrorSession"));
		const struct crowd crowd = run_crowd(&bucket, 50, rates[i], 600000);
		print_message("%.1f a second: found %.1f, %d of %d refused\n", rates[i], bucket.rate,
			      crowd.refused_late, crowd.late);
		assert_true(bucket.rate > rates[i] * 0.8 && bucket.rate < rates[i] * 1.25);
		assert_true(crowd.refused_late * 100 <= crowd.late * 5);
	}
}

static void test_nothing_is_slowed_before_a_refusal(void **state)
{
	(void)state;
	struct bucket bucket;
	bucket_init(&bucket, T("DescribeTrafficMirrorSessions"));
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(bucket_due_ms(&bucket, 5, i), 5);
		bucket_go(&bucket, 5);
		bucket_learn(&bucket, 5, 6, false);
	}
	assert_false(bucket.limits);
	// The documented rates differ.
	assert_true(bucket.rate > 19 && bucket.rate < 21);
	bucket_init(&bucket, T("CreateTags"));
	assert_true(bucket.rate > 9 && bucket.rate < 11);
}

static void test_refusals_of_one_moment_count_once(void **state)
{
	(void)state;
	struct bucket bucket;
	bucket_init(&bucket, T("CreateTrafficMirrorSession"));
	for (int64_t i = 0; i < 50; i++)
		bucket_learn(&bucket, 1000 + i, 1100 + i, true);
	assert_true(bucket.rate > 4.9); // only what was sent after a refusal was one too many for the rate
	bucket_learn(&bucket, 1200, 1300, true);
	assert_true(bucket.rate < 4);
	for (int64_t at = 2000; at < 1000000; at += 1000)
		bucket_learn(&bucket, at, at + 1, true);
	assert_true(bucket.rate > 0.19); // a crawl, not a stop
}

// After a time without calls half the documented burst goes at once, and not one more.
static void test_what_is_saved_while_idle(void **state)
{
	(void)state;
	static const struct {
		struct text action;
		int at_once;
	} cases[] = { { TEXT("CreateTrafficMirrorSession"), 25 }, { TEXT("DescribeTrafficMirrorSessions"), 50 } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bucket bucket;
		const int64_t later_ms = 1000000;
		int went = 0;
		bucket_init(&bucket, cases[i].action);
		bucket_learn(&bucket, 1000, 1100, true);
		for (; bucket_due_ms(&bucket, later_ms, 0) <= later_ms; went++)
			bucket_go(&bucket, later_ms);
		assert_int_equal(went, cases[i].at_once);
		assert_int_equal(bucket_due_ms(&bucket, later_ms, 0) - later_ms, 1000 / (int64_t)bucket.rate);
	}
}

static void test_a_line_is_paced(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	struct gate *gate = gate_new();
	assert_non_null(gate);
	const struct text action = T("CreateTrafficMirrorSession");
	const struct text other = T("DeleteTrafficMirrorSession");
	int64_t passed_ms = gate_pass(&fixture.call, gate, action);
	assert_int_equal(fixture.clock.slept_ms, 0);
	gate_learn(&fixture.call, gate, action, passed_ms, true);
	assert_int_equal(gate_pass(&fixture.call, gate, action) - passed_ms, 400);
	assert_int_equal(gate_pass(&fixture.call, gate, action) - passed_ms, 600);
	// Another action, and no gate, know nothing of it.
	(void)gate_pass(&fixture.call, gate, other);
	(void)gate_pass(&fixture.call, NULL, action);
	assert_int_equal(fixture.clock.slept_ms, 600);
	// A wish to stop ends the wait.
	cancel_source_fire(fixture.source);
	(void)gate_pass(&fixture.call, gate, action);
	assert_int_equal(fixture.clock.slept_ms, 600);
	gate_free(gate);
	fixture_close(&fixture);
}

enum { MEMBERS = 6 };

struct member {
	struct call call;
	struct gate *gate;
	atomic_bool came;
	int64_t passed_ms;
};

static void *pass(void *argument)
{
	struct member *member = argument;
	atomic_store(&member->came, true);
	member->passed_ms = gate_pass(&member->call, member->gate, T("DescribeTrafficMirrorSessions"));
	return NULL;
}

static void test_first_come_first_served(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	struct call call = fixture.call;
	call.clock = &clock_system;
	call.cancel = NULL;
	struct gate *gate = gate_new();
	// A crawl, so that all of them come before the first may go.
	for (int64_t sent_ms = clock_monotonic_ms(&clock_system) + 1, i = 0; i < 5; i++, sent_ms += 1000)
		gate_learn(&call, gate, T("DescribeTrafficMirrorSessions"), sent_ms, true);
	pthread_t threads[MEMBERS];
	struct member members[MEMBERS];
	for (size_t i = 0; i < MEMBERS; i++) {
		members[i] = (struct member){ .call = call, .gate = gate };
		assert_int_equal(pthread_create(&threads[i], NULL, pass, &members[i]), 0);
		while (!atomic_load(&members[i].came))
			(void)clock_sleep_ms(&clock_system, 1, NULL);
		(void)clock_sleep_ms(&clock_system, 20, NULL);
	}
	for (size_t i = 0; i < MEMBERS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 1; i < MEMBERS; i++)
		assert_true(members[i].passed_ms > members[i - 1].passed_ms);
	gate_free(gate);
	fixture_close(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documented_rate_is_used_up),
		cmocka_unit_test(test_other_rates_are_found),
		cmocka_unit_test(test_nothing_is_slowed_before_a_refusal),
		cmocka_unit_test(test_refusals_of_one_moment_count_once),
		cmocka_unit_test(test_what_is_saved_while_idle),
		cmocka_unit_test(test_a_line_is_paced),
		cmocka_unit_test(test_first_come_first_served),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
