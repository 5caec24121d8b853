// SPDX-License-Identifier: MPL-2.0
#include "ec2/recent.h"

#include <pthread.h>
#include <string.h>

enum {
	RING_LENGTH = 2048, // EC2 lets an account create five a second: more than six minutes of them
	ID_BYTES = 32,      // "tmfr-" and 17 digits are 22
};

static struct {
	pthread_mutex_t lock;
	size_t next;
	struct recent {
		char id[ID_BYTES];
		size_t length; // 0: nobody
		int64_t created_ms;
	} ring[RING_LENGTH];
} recent = { .lock = PTHREAD_MUTEX_INITIALIZER };

// With the lock held.
static struct recent *find(struct text id)
{
	for (size_t i = 0; i < RING_LENGTH; i++) {
		struct recent *entry = &recent.ring[i];
		if (entry->length > 0 && text_equal(id, (struct text){ entry->id, entry->length }))
			return entry;
	}
	return NULL;
}

// Once: what is remembered already stays as it is.
static void add(struct text id, int64_t created_ms)
{
	if (id.length == 0 || id.length > ID_BYTES)
		return;
	pthread_mutex_lock(&recent.lock);
	if (!find(id)) {
		struct recent *entry = &recent.ring[recent.next];
		recent.next = (recent.next + 1) % RING_LENGTH;
		memcpy(entry->id, id.at, id.length);
		entry->length = id.length;
		entry->created_ms = created_ms;
	}
	pthread_mutex_unlock(&recent.lock);
}

void recent_add(const struct clock *clock, struct text id)
{
	add(id, clock_monotonic_ms(clock));
}

void recent_recall(const struct clock *clock, struct text id, int64_t created_s)
{
	const int64_t now_s = clock_realtime_us(clock) / 1000000;
	int64_t age_s;
	if (__builtin_sub_overflow(now_s, created_s, &age_s) || age_s >= RECENT_MS / 1000 || age_s <= -RECENT_MS / 1000)
		return;
	add(id, clock_monotonic_ms(clock) - (age_s > 0 ? age_s * 1000 : 0));
}

void recent_forget(struct text id)
{
	pthread_mutex_lock(&recent.lock);
	struct recent *entry = find(id);
	if (entry)
		entry->length = 0;
	pthread_mutex_unlock(&recent.lock);
}

bool recent_has(const struct clock *clock, struct text id)
{
	int64_t now_ms = clock_monotonic_ms(clock);
	pthread_mutex_lock(&recent.lock);
	const struct recent *entry = find(id);
	bool is_recent = entry && now_ms - entry->created_ms < RECENT_MS;
	pthread_mutex_unlock(&recent.lock);
	return is_recent;
}
