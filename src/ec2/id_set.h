// SPDX-License-Identifier: MPL-2.0
// Ids, each kept once however often it is added, on the heap, for calls to share: each function takes the set's lock.
#ifndef VNS_EC2_ID_SET_H
#define VNS_EC2_ID_SET_H

#include "base/text.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct id_set {
	pthread_mutex_t lock; // of what follows
	void *root;           // tsearch(3)'s
	size_t bytes;
	bool is_full; // an id was not kept: past LIMIT_KNOWN_BYTES, or there was no memory
};

// Empty.
void id_set_init(struct id_set *set);
void id_set_free(struct id_set *set);
// Whether it is new: false when the set may have it already.
bool id_set_add(struct id_set *set, struct text id);
// Whether the id may have been added: yes to all when the set is full.
bool id_set_may_have(struct id_set *set, struct text id);

#endif
