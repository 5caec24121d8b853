// SPDX-License-Identifier: MPL-2.0
// What EC2's token bucket of one action lets through, as far as its refusals tell. EC2 has a bucket per action, account
// and region: so many calls at once, then so many a second (facts: ec2, 2.7). Pure: time comes in, the caller locks.
//
// Before the first refusal nothing is slowed down. A refusal says that the bucket is empty now. What was let through
// between two refusals, over the time between them, is the rate at which it fills: that is measured. Until there is
// something to measure, the rate is the documented one. It grows while calls wait for it and none is refused, slowly
// at first, so that a few in a hundred are refused at most.
#ifndef VNS_AWS_BUCKET_H
#define VNS_AWS_BUCKET_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bucket {
	double most_saved;  // calls that may go at once after a time without any
	double rate;        // a second
	bool limits;        // a call was refused once
	double next_ms;     // when the next may go; lies in the past when some may go at once
	int64_t refused_ms; // the latest refusal
	int granted;        // since then, of the calls that were sent after it
};

// As documented for that action.
void bucket_init(struct bucket *bucket, struct text action);
// When a call may go that has so many before it: not after now_ms means at once.
int64_t bucket_due_ms(const struct bucket *bucket, int64_t now_ms, size_t before_it);
// One goes.
void bucket_go(struct bucket *bucket, int64_t now_ms);
// One that went at sent_ms was answered.
void bucket_learn(struct bucket *bucket, int64_t sent_ms, int64_t now_ms, bool refused);

#endif
