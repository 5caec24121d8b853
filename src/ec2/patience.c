// SPDX-License-Identifier: MPL-2.0
#include "ec2/patience.h"

static const int64_t first_pause_ms = 250;
static const int64_t longest_pause_ms = 5000;

struct patience patience_of(int64_t sum_ms)
{
	return (struct patience){ .left_ms = sum_ms, .pause_ms = first_pause_ms };
}

bool patience_is_over(const struct patience *patience)
{
	return patience->left_ms <= 0;
}

bool patience_wait(const struct call *call, struct patience *patience)
{
	if (patience_is_over(patience))
		return false;
	int64_t pause_ms = patience->pause_ms < patience->left_ms ? patience->pause_ms : patience->left_ms;
	patience->left_ms -= pause_ms;
	patience->pause_ms = 2 * pause_ms < longest_pause_ms ? 2 * pause_ms : longest_pause_ms;
	return clock_sleep_ms(call->clock, pause_ms, call->cancel);
}
