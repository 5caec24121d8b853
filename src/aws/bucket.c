// SPDX-License-Identifier: MPL-2.0
#include "aws/bucket.h"

#include <math.h>

static const double least_rate = 0.2;
// After a refusal so many calls' time passes before the next goes: it is one more than needed, so that calls which
// overtake each other on their way are not refused for it.
static const double pause_after_refusal = 2;
static const double growth = 0.0005; // of the rate, with each call let through ...
static const int growth_step = 50;   // ... as much again after each so many
static const int least_measured = 20;
static const double slow_down_to = 0.75; // when there is nothing to measure
static const double least_of_before = 0.5;
static const double most_of_before = 0.98;

// The first whose beginning fits.
static const struct documented {
	struct text beginning;
	double burst;
	double rate;
} documented[] = {
	{ TEXT("Describe"), 100, 20 },
	{ TEXT("CreateTags"), 100, 10 },
	{ TEXT("DeleteTags"), 100, 10 },
	{ TEXT(""), 50, 5 },
};

void bucket_init(struct bucket *bucket, struct text action)
{
	const struct documented *about = documented;
	while (!text_starts_with(action, about->beginning))
		about++;
	*bucket = (struct bucket){ .most_saved = about->burst / 2, .rate = about->rate };
}

static double interval_ms(const struct bucket *bucket)
{
	return 1000 / bucket->rate;
}

static double next_ms(const struct bucket *bucket, int64_t now_ms)
{
	return fmax(bucket->next_ms, (double)now_ms - (bucket->most_saved - 1) * interval_ms(bucket));
}

int64_t bucket_due_ms(const struct bucket *bucket, int64_t now_ms, size_t before_it)
{
	if (!bucket->limits)
		return now_ms;
	return (int64_t)ceil(next_ms(bucket, now_ms) + (double)before_it * interval_ms(bucket));
}

void bucket_go(struct bucket *bucket, int64_t now_ms)
{
	if (bucket->limits)
		bucket->next_ms = next_ms(bucket, now_ms) + interval_ms(bucket);
}

// From one refusal to the next.
static double measured_rate(const struct bucket *bucket, int64_t now_ms)
{
	const double since_s = (double)(now_ms - bucket->refused_ms) / 1000;
	if (bucket->granted < least_measured || since_s <= 0)
		return bucket->rate * slow_down_to;
	const double measured = bucket->granted / since_s;
	return fmin(fmax(measured, bucket->rate * least_of_before), bucket->rate * most_of_before);
}

static void learn_refusal(struct bucket *bucket, int64_t sent_ms, int64_t now_ms)
{
	// One that was on its way at the refusal before says nothing new of the rate.
	if (bucket->limits && sent_ms > bucket->refused_ms)
		bucket->rate = fmax(measured_rate(bucket, now_ms), least_rate);
	bucket->limits = true;
	bucket->refused_ms = now_ms;
	bucket->granted = 0;
	bucket->next_ms = fmax(bucket->next_ms, (double)now_ms + pause_after_refusal * interval_ms(bucket));
}

void bucket_learn(struct bucket *bucket, int64_t sent_ms, int64_t now_ms, bool refused)
{
	if (refused) {
		learn_refusal(bucket, sent_ms, now_ms);
		return;
	}
	if (!bucket->limits || sent_ms <= bucket->refused_ms)
		return;
	bucket->granted++;
	const int steps = bucket->granted / growth_step;
	if (bucket->next_ms > (double)now_ms) // else nobody waits, and the rate is not put to the test
		bucket->rate *= 1 + growth * (1 + steps);
}
