// SPDX-License-Identifier: MPL-2.0
#include "aws/gate.h"

#include "aws/bucket.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ACTION_CHARS = 64 };
// How often those who wait look whether the rate has changed.
static const int64_t longest_nap_ms = 500;

// One call in line, on its stack.
struct waiter {
	struct waiter *next;
};

struct door {
	char action[ACTION_CHARS];
	size_t length;
	struct bucket bucket;
	struct waiter *first;
	struct door *next;
};

struct gate {
	pthread_mutex_t lock; // guards the doors and the lines at them
	struct door *doors;
};

struct gate *gate_new(void)
{
	struct gate *gate = calloc(1, sizeof *gate);
	if (gate)
		(void)pthread_mutex_init(&gate->lock, NULL);
	return gate;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	while (gate->doors) {
		struct door *next = gate->doors->next;
		free(gate->doors);
		gate->doors = next;
	}
	(void)pthread_mutex_destroy(&gate->lock);
	free(gate);
}

// With the lock held. NULL: there is no memory, or the name is longer than any.
static struct door *find_door(struct gate *gate, struct text action)
{
	struct door *door = gate->doors;
	while (door && !text_equal((struct text){ door->action, door->length }, action))
		door = door->next;
	if (door || action.length > ACTION_CHARS)
		return door;
	door = calloc(1, sizeof *door);
	if (!door)
		return NULL;
	memcpy(door->action, action.at, action.length);
	door->length = action.length;
	bucket_init(&door->bucket, action);
	door->next = gate->doors;
	gate->doors = door;
	return door;
}

// The link that points to the waiter; how many stand before it.
static struct waiter **find_waiter(struct door *door, const struct waiter *waiter, size_t *ret_before)
{
	struct waiter **link = &door->first;
	for (*ret_before = 0; *link && *link != waiter; link = &(*link)->next)
		(*ret_before)++;
	return link;
}

// With the lock held, which is let go of while it sleeps. Returns when it was let through.
static int64_t stand(const struct call *call, struct gate *gate, struct door *door)
{
	struct waiter self = { NULL };
	size_t before;
	*find_waiter(door, &self, &before) = &self;
	int64_t now_ms = 0;
	for (bool goes_on = true; goes_on;) {
		now_ms = clock_monotonic_ms(call->clock);
		(void)find_waiter(door, &self, &before);
		const int64_t nap_ms = bucket_due_ms(&door->bucket, now_ms, before) - now_ms;
		if (nap_ms <= 0) {
			bucket_go(&door->bucket, now_ms);
			break;
		}
		(void)pthread_mutex_unlock(&gate->lock);
		goes_on = clock_sleep_ms(call->clock, nap_ms < longest_nap_ms ? nap_ms : longest_nap_ms, call->cancel);
		(void)pthread_mutex_lock(&gate->lock);
	}
	struct waiter **link = find_waiter(door, &self, &before);
	*link = self.next;
	return now_ms;
}

int64_t gate_pass(const struct call *call, struct gate *gate, struct text action)
{
	if (!gate)
		return clock_monotonic_ms(call->clock);
	(void)pthread_mutex_lock(&gate->lock);
	struct door *door = find_door(gate, action);
	const int64_t passed_ms = door ? stand(call, gate, door) : clock_monotonic_ms(call->clock);
	(void)pthread_mutex_unlock(&gate->lock);
	return passed_ms;
}

void gate_learn(const struct call *call, struct gate *gate, struct text action, int64_t passed_ms, bool refused)
{
	if (!gate)
		return;
	const int64_t now_ms = clock_monotonic_ms(call->clock);
	(void)pthread_mutex_lock(&gate->lock);
	struct door *door = find_door(gate, action);
	if (door)
		bucket_learn(&door->bucket, passed_ms, now_ms, refused);
	const double rate = door ? door->bucket.rate : 0;
	(void)pthread_mutex_unlock(&gate->lock);
	if (refused)
		LOG(call->log, LOG_DEBUG, "EC2 throttles; calls of this action are paced", LOG_TEXT("action", action),
		    LOG_NUMBER("calls_in_100_s", rate * 100));
}
