// SPDX-License-Identifier: MPL-2.0
// How fast a client may ask, and how often again: the token bucket of retries and, in adaptive mode, the rate that the
// service seems to bear (CUBIC, as in AWS's SDKs). Pure: time comes in; the caller locks.
#ifndef VNS_AWS_PACE_H
#define VNS_AWS_PACE_H

#include <stdbool.h>
#include <stdint.h>

enum pace_mode { PACE_STANDARD, PACE_ADAPTIVE };

struct pace {
	enum pace_mode mode;
	int capacity; // of the bucket of retries; 0: there is none
	int left;

	bool limits; // the rate is limited since the first throttle
	bool started;
	double fill_rate; // requests per second
	double room;      // requests that may go out at once, at most
	double tokens;
	double filled_at_s;
	double measured_rate;
	double window_s; // of the latest measurement, which is made twice a second
	int in_window;
	double last_max_rate;
	double throttled_at_s;
	double recovery_s;
};

void pace_init(struct pace *pace, enum pace_mode mode, int capacity);

// 0: a request may go out and is counted. Else how many milliseconds to wait before asking anew.
int64_t pace_ask(struct pace *pace, int64_t now_ms);
// A request was answered, or was not.
void pace_learn(struct pace *pace, int64_t now_ms, bool throttled);

// What a retry costs; -1 when the bucket has too little left and the request is given up.
int pace_take_retry(struct pace *pace, bool after_timeout);
// A request went well: what its last retry cost comes back, or a little when it had none.
void pace_give_back(struct pace *pace, int last_cost);

#endif
