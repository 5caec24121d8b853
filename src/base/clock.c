// SPDX-License-Identifier: MPL-2.0
#include "base/clock.h"

#include "base/cancel.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>

static int64_t system_realtime_us(void *context)
{
	(void)context;
	struct timespec now;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t system_monotonic_ms(void *context)
{
	(void)context;
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool system_sleep_ms(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	struct pollfd fired = { .fd = cancel_fd(cancel), .events = POLLIN };
	int64_t end_ms;
	if (__builtin_add_overflow(system_monotonic_ms(context), duration_ms, &end_ms))
		end_ms = INT64_MAX;
	for (;;) {
		int64_t left_ms = end_ms - system_monotonic_ms(context);
		if (cancel_fired(cancel))
			return false;
		if (left_ms <= 0)
			return true;
		const int64_t longest_poll_ms = 1000 * 1000;
		int ready = poll(&fired, 1, (int)(left_ms < longest_poll_ms ? left_ms : longest_poll_ms));
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return false;
	}
}

const struct clock clock_system = { system_realtime_us, system_monotonic_ms, system_sleep_ms, NULL };

int64_t clock_realtime_us(const struct clock *clock)
{
	return clock->realtime_us(clock->context);
}

int64_t clock_monotonic_ms(const struct clock *clock)
{
	return clock->monotonic_ms(clock->context);
}

bool clock_sleep_ms(const struct clock *clock, int64_t duration_ms, const struct cancel *cancel)
{
	return clock->sleep_ms(clock->context, duration_ms, cancel);
}
