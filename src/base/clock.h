// SPDX-License-Identifier: MPL-2.0
// Time as a seam: the system's clock in the program, a scripted one in tests.
#ifndef VNS_BASE_CLOCK_H
#define VNS_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct cancel;

struct clock {
	int64_t (*realtime_us)(void *context);  // microseconds since 1970, UTC
	int64_t (*monotonic_ms)(void *context); // never goes back; no defined zero
	// Waits; false when `cancel` (may be NULL) was fired before the time was over.
	bool (*sleep_ms)(void *context, int64_t duration_ms, const struct cancel *cancel);
	void *context;
};

extern const struct clock clock_system;

int64_t clock_realtime_us(const struct clock *clock);
int64_t clock_monotonic_ms(const struct clock *clock);
bool clock_sleep_ms(const struct clock *clock, int64_t duration_ms, const struct cancel *cancel);

#endif
