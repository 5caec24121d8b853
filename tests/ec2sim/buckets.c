// SPDX-License-Identifier: MPL-2.0
#include "buckets.h"

#include "actions.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct bucket {
	char *name; // account, region, action
	double tokens;
	int64_t filled_ms;
	struct bucket *next;
};

struct buckets {
	pthread_mutex_t lock;
	struct bucket *first;
};

// The first whose beginning fits; the last fits all that changes something.
static const struct rate {
	const char *action;
	double burst;
	double refill; // tokens per second
} rates[] = {
	{ "Describe", 100, 20 },   { "Get", 100, 20 }, { "CreateTags", 100, 10 },
	{ "DeleteTags", 100, 10 }, { "", 50, 5 },
};

struct buckets *buckets_new(void)
{
	struct buckets *buckets = calloc(1, sizeof *buckets);
	if (buckets)
		pthread_mutex_init(&buckets->lock, NULL);
	return buckets;
}

void buckets_free(struct buckets *buckets)
{
	if (!buckets)
		return;
	while (buckets->first) {
		struct bucket *bucket = buckets->first;
		buckets->first = bucket->next;
		free(bucket->name);
		free(bucket);
	}
	pthread_mutex_destroy(&buckets->lock);
	free(buckets);
}

static struct rate rate_of(const char *action, const struct fault *settings)
{
	size_t row = 0;
	while (strncmp(action, rates[row].action, strlen(rates[row].action)) != 0)
		row++;
	struct rate rate = rates[row];
	if (settings->burst > 0)
		rate.burst = settings->burst;
	if (settings->refill > 0)
		rate.refill = settings->refill;
	return rate;
}

// Under the lock; a new one is full. NULL without memory.
static struct bucket *find(struct buckets *buckets, const char *name, double burst)
{
	struct bucket *bucket = buckets->first;
	while (bucket && strcmp(bucket->name, name) != 0)
		bucket = bucket->next;
	if (bucket)
		return bucket;
	bucket = calloc(1, sizeof *bucket);
	if (!bucket)
		return NULL;
	bucket->name = strdup(name);
	bucket->tokens = burst;
	bucket->filled_ms = clock_monotonic_ms(&clock_system);
	bucket->next = buckets->first;
	buckets->first = bucket;
	return bucket;
}

bool buckets_take(struct buckets *buckets, struct exchange *exchange, const struct fault *settings)
{
	const char *action = exchange->action->name;
	const struct rate rate = rate_of(action, settings);
	const char *name =
		text_print(exchange->arena, "%s %s %s", exchange->account, exchange->region, exchange->action->name).at;
	pthread_mutex_lock(&buckets->lock);
	struct bucket *bucket = find(buckets, name, rate.burst);
	const int64_t now_ms = clock_monotonic_ms(&clock_system);
	bool taken = false;
	if (bucket) {
		bucket->tokens += (double)(now_ms - bucket->filled_ms) * rate.refill / 1000;
		bucket->tokens = bucket->tokens < rate.burst ? bucket->tokens : rate.burst;
		bucket->filled_ms = now_ms;
		taken = bucket->tokens >= 1;
		bucket->tokens -= taken ? 1 : 0;
	}
	pthread_mutex_unlock(&buckets->lock);
	return taken || exchange_refuse(exchange, "RequestLimitExceeded", "Request limit exceeded.");
}
