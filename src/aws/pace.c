// SPDX-License-Identifier: MPL-2.0
#include "aws/pace.h"

#include <math.h>

// The constants of the SDKs.
static const double slow_down_to = 0.7; // of the rate that was too much
static const double growth = 0.4;
static const double newest_weight = 0.8; // of a measured rate against those before
static const double least_fill_rate = 0.5;
static const double least_room = 1;
static const int retry_cost = 5;
static const int timeout_cost = 10;
static const int plain_success = 1;

void pace_init(struct pace *pace, enum pace_mode mode, int capacity)
{
	*pace = (struct pace){ .mode = mode, .capacity = capacity, .left = capacity };
}

static double smaller(double a, double b)
{
	return a < b ? a : b;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static void fill(struct pace *pace, double now_s)
{
	if (now_s > pace->filled_at_s) {
		pace->tokens = smaller(pace->room, pace->tokens + (now_s - pace->filled_at_s) * pace->fill_rate);
		pace->filled_at_s = now_s;
	}
}

static double seconds(int64_t ms)
{
	return (double)ms / 1000;
}

int64_t pace_ask(struct pace *pace, int64_t now_ms)
{
	if (pace->mode != PACE_ADAPTIVE || !pace->limits)
		return 0;
	fill(pace, seconds(now_ms));
	if (pace->tokens >= 1) {
		pace->tokens -= 1;
		return 0;
	}
	return (int64_t)((1 - pace->tokens) / pace->fill_rate * 1000) + 1;
}

static void measure(struct pace *pace, double now_s)
{
	const double half_second = floor(now_s * 2) / 2;
	if (!pace->started) {
		pace->started = true;
		pace->window_s = half_second;
		pace->filled_at_s = now_s;
	}
	pace->in_window++;
	if (half_second <= pace->window_s)
		return;
	const double rate = pace->in_window / (half_second - pace->window_s);
	pace->measured_rate = rate * newest_weight + pace->measured_rate * (1 - newest_weight);
	pace->in_window = 0;
	pace->window_s = half_second;
}

static double rate_after_throttle(struct pace *pace, double now_s)
{
	const double rate = pace->limits ? smaller(pace->measured_rate, pace->fill_rate) : pace->measured_rate;
	pace->last_max_rate = rate;
	pace->recovery_s = cbrt(rate * (1 - slow_down_to) / growth);
	pace->throttled_at_s = now_s;
	pace->limits = true;
	return rate * slow_down_to;
}

// Back to the rate that was too much, slowly around it and faster beyond.
static double rate_after_success(const struct pace *pace, double now_s)
{
	const double since_s = now_s - pace->throttled_at_s - pace->recovery_s;
	return growth * since_s * since_s * since_s + pace->last_max_rate;
}

void pace_learn(struct pace *pace, int64_t now_ms, bool throttled)
{
	if (pace->mode != PACE_ADAPTIVE)
		return;
	const double now_s = seconds(now_ms);
	measure(pace, now_s);
	if (!throttled && !pace->limits)
		return;
	const double wanted = throttled ? rate_after_throttle(pace, now_s) : rate_after_success(pace, now_s);
	const double rate = smaller(wanted, 2 * pace->measured_rate);
	fill(pace, now_s);
	pace->fill_rate = larger(rate, least_fill_rate);
	pace->room = larger(rate, least_room);
	pace->tokens = smaller(pace->tokens, pace->room);
}

int pace_take_retry(struct pace *pace, bool after_timeout)
{
	const int cost = after_timeout ? timeout_cost : retry_cost;
	if (pace->capacity == 0)
		return 0;
	if (pace->left < cost)
		return -1;
	pace->left -= cost;
	return cost;
}

void pace_give_back(struct pace *pace, int last_cost)
{
	const int back = last_cost > 0 ? last_cost : plain_success;
	pace->left = pace->capacity - pace->left < back ? pace->capacity : pace->left + back;
}
