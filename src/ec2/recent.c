// SPDX-License-Identifier: MPL-2.0
#include "ec2/recent.h"

#include "ec2/patience.h"

#include <pthread.h>
#include <string.h>

enum {
	RING_LENGTH = 2048, // EC2 lets an account create five a second: more than six minutes of them
	CHAINS = 1024,
	ID_BYTES = 32, // "tmfr-" and 17 digits are 22
};

static struct {
	pthread_mutex_t lock;
	size_t next;
	struct recent {
		char id[ID_BYTES];
		size_t length; // 0: nobody
		int64_t created_ms;
		size_t chained; // the next one of its chain; like all here, a place in the ring counted from 1
	} ring[RING_LENGTH];
	size_t chains[CHAINS]; // by the id's hash: every call asks, and few of the ids are of the same chain
} recent = { .lock = PTHREAD_MUTEX_INITIALIZER };

// All below: with the lock held.

// The chain of that id (FNV-1a).
static size_t *chain_of(struct text id)
{
	uint32_t hash = 2166136261U;
	for (size_t i = 0; i < id.length; i++)
		hash = (hash ^ (unsigned char)id.at[i]) * 16777619U;
	return &recent.chains[hash % CHAINS];
}

static struct text id_of(const struct recent *entry)
{
	return (struct text){ entry->id, entry->length };
}

static struct recent *find(struct text id)
{
	for (size_t place = *chain_of(id); place > 0; place = recent.ring[place - 1].chained) {
		if (text_equal(id, id_of(&recent.ring[place - 1])))
			return &recent.ring[place - 1];
	}
	return NULL;
}

static void drop(struct recent *entry)
{
	size_t *link = chain_of(id_of(entry));
	while (&recent.ring[*link - 1] != entry)
		link = &recent.ring[*link - 1].chained;
	*link = entry->chained;
	entry->length = 0;
}

static bool is_new(const struct recent *entry, int64_t now_ms)
{
	return now_ms - entry->created_ms < RECENT_MS;
}

static void put(struct text id, int64_t created_ms)
{
	struct recent *entry = &recent.ring[recent.next];
	recent.next = (recent.next + 1) % RING_LENGTH;
	if (entry->length > 0)
		drop(entry);
	memcpy(entry->id, id.at, id.length);
	entry->length = id.length;
	entry->created_ms = created_ms;
	size_t *chain = chain_of(id);
	entry->chained = *chain;
	*chain = (size_t)(entry - recent.ring) + 1;
}

// What is remembered stays as it is as long as it is new; after that it can be so `again`.
static void add(const struct clock *clock, struct text id, int64_t age_ms, bool again)
{
	if (id.length == 0 || id.length > ID_BYTES)
		return;
	const int64_t now_ms = clock_monotonic_ms(clock);
	pthread_mutex_lock(&recent.lock);
	struct recent *entry = find(id);
	const bool was_new = again && entry && !is_new(entry, now_ms);
	if (was_new)
		drop(entry);
	if (!entry || was_new)
		put(id, now_ms - age_ms);
	pthread_mutex_unlock(&recent.lock);
}

// --- for all ---

void recent_add(const struct clock *clock, struct text id)
{
	add(clock, id, 0, true);
}

void recent_recall(const struct clock *clock, struct text id, int64_t created_s)
{
	const int64_t now_s = clock_realtime_us(clock) / 1000000;
	int64_t age_s;
	if (__builtin_sub_overflow(now_s, created_s, &age_s) || age_s >= RECENT_MS / 1000 || age_s <= -RECENT_MS / 1000)
		return;
	add(clock, id, age_s > 0 ? age_s * 1000 : 0, false);
}

void recent_doubt(const struct clock *clock, struct text id)
{
	add(clock, id, RECENT_MS - PATIENCE_UNSEEN_MS, true);
}

void recent_forget(struct text id)
{
	pthread_mutex_lock(&recent.lock);
	struct recent *entry = find(id);
	if (entry)
		drop(entry);
	pthread_mutex_unlock(&recent.lock);
}

bool recent_has(const struct clock *clock, struct text id)
{
	const int64_t now_ms = clock_monotonic_ms(clock);
	pthread_mutex_lock(&recent.lock);
	const struct recent *entry = find(id);
	const bool has = entry && is_new(entry, now_ms);
	pthread_mutex_unlock(&recent.lock);
	return has;
}
