// SPDX-License-Identifier: MPL-2.0
#include "base/cancel.h"
#include "base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static bool is_readable(const struct cancel *cancel)
{
	struct pollfd fd = { .fd = cancel_fd(cancel), .events = POLLIN };
	return poll(&fd, 1, 0) == 1;
}

static void firing_ends_one_time_and_starts_another(void **state)
{
	(void)state;
	struct cancel_source *source = cancel_source_new();
	assert_non_null(source);
	struct cancel *a = cancel_acquire(source);
	struct cancel *b = cancel_acquire(source);
	assert_false(cancel_fired(a));
	assert_false(is_readable(a));
	cancel_source_fire(source);
	assert_true(cancel_fired(a) && cancel_fired(b));
	assert_true(is_readable(a));
	assert_true(is_readable(a)); // and stays so
	struct cancel *later = cancel_acquire(source);
	assert_false(cancel_fired(later));
	assert_false(is_readable(later));
	cancel_source_fire(source);
	assert_true(cancel_fired(later));
	cancel_source_free(source);
	assert_true(cancel_fired(a)); // signals outlive their source
	cancel_release(a);
	assert_true(is_readable(b));
	cancel_release(b);
	cancel_release(later);
	cancel_release(NULL);
	cancel_source_free(NULL);
}

static void time_passes(void **state)
{
	(void)state;
	int64_t before_us = clock_realtime_us(&clock_system);
	int64_t before_ms = clock_monotonic_ms(&clock_system);
	assert_true(before_us / 1000000 >= (int64_t)time(NULL) - 1);
	assert_true(clock_sleep_ms(&clock_system, 30, NULL));
	assert_true(clock_monotonic_ms(&clock_system) - before_ms >= 30);
	assert_true(clock_realtime_us(&clock_system) > before_us);
	assert_true(clock_sleep_ms(&clock_system, 0, NULL));
	assert_true(clock_sleep_ms(&clock_system, -5, NULL));
}

struct nap {
	struct cancel_source *source;
	int64_t fired_ms; // when
};

static void *fire_later(void *argument)
{
	struct nap *nap = argument;
	(void)usleep(50 * 1000);
	nap->fired_ms = clock_monotonic_ms(&clock_system);
	cancel_source_fire(nap->source);
	return NULL;
}

// How long the sleep goes on after the wish to stop.
static int64_t interrupt(int64_t duration_ms)
{
	struct nap nap = { .source = cancel_source_new() };
	struct cancel *cancel = cancel_acquire(nap.source);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, fire_later, &nap), 0);
	assert_false(clock_sleep_ms(&clock_system, duration_ms, cancel));
	const int64_t ended_ms = clock_monotonic_ms(&clock_system);
	assert_false(clock_sleep_ms(&clock_system, duration_ms, cancel)); // fired stays fired
	assert_int_equal(pthread_join(thread, NULL), 0);
	cancel_release(cancel);
	cancel_source_free(nap.source);
	return ended_ms - nap.fired_ms;
}

// Within 100 ms, if the machine has nothing else to do: the best of some tries.
static void a_sleep_is_interrupted(void **state)
{
	(void)state;
	const int64_t naps_ms[] = { 20 * 1000, INT64_MAX };
	for (size_t i = 0; i < 2; i++) {
		int tries = 1;
		while (interrupt(naps_ms[i]) >= 100)
			assert_true(tries++ < 20);
	}
}

static void ignore(int number)
{
	(void)number;
}

static void a_signal_does_not_shorten_a_sleep(void **state)
{
	(void)state;
	struct sigaction action = { .sa_handler = ignore };
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	(void)ualarm(20 * 1000, 0);
	int64_t before_ms = clock_monotonic_ms(&clock_system);
	assert_true(clock_sleep_ms(&clock_system, 80, NULL));
	assert_true(clock_monotonic_ms(&clock_system) - before_ms >= 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(firing_ends_one_time_and_starts_another),
		cmocka_unit_test(time_passes),
		cmocka_unit_test(a_sleep_is_interrupted),
		cmocka_unit_test(a_signal_does_not_shorten_a_sleep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
