// SPDX-License-Identifier: MPL-2.0
#include "weather.h"

#include "world.h"

#include "base/clock.h"

bool weather_pass(struct exchange *exchange, enum weather_stage stage)
{
	// The way there and the way back take half of the time each.
	const int64_t latency_ms = exchange->world->latency_ms;
	const int64_t there_ms = latency_ms / 2;
	const int64_t duration_ms = stage == WEATHER_BEFORE_EFFECT ? there_ms : latency_ms - there_ms;
	return duration_ms == 0 || clock_sleep_ms(&clock_system, duration_ms, NULL);
}
