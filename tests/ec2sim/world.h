// SPDX-License-Identifier: MPL-2.0
// Everything that the simulator knows: who may call, which regions there are, what exists in each. One lock guards what
// changes; the rest is fixed once the simulator listens.
#ifndef EC2SIM_WORLD_H
#define EC2SIM_WORLD_H

#include "place.h"

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

// EC2's quotas (facts: ec2, 2.2); 0 means that there is none.
struct quotas {
	int64_t filters;
	int64_t targets;
	int64_t sessions;
	int64_t rules_per_filter;
	int64_t sessions_per_network_interface;
	int64_t sessions_per_target;
	int64_t sources_per_interface_target;       // the target's instance has any size but the largest
	int64_t sources_per_large_interface_target; // the largest
};

struct buckets;
struct faults;

struct credential {
	const char *access_key;
	const char *secret_key;
	const char *token; // NULL: the request must carry none
	const char *account;
	bool expired; // it was issued, and its time is over
};

struct world {
	// Fixed.
	json_t *seed;
	const char *state_path;     // NULL: nothing is kept
	char *state_temporary_path; // written first, then renamed
	int64_t latency_ms;
	struct quotas quotas;

	pthread_mutex_t lock;
	struct place *places;
	uint64_t random;  // state of the generator of ids
	uint64_t changes; // counts them
	json_t *calls;    // the log of calls
	json_t *veils;    // what not every call sees; see veil.h
	json_t *issued;   // credentials that were handed out, by access key; none ever goes
	json_t *identity; // how sources of credentials behave, by source; see issuer.h

	// Each has a lock of its own.
	struct faults *faults;
	struct buckets *buckets;

	pthread_mutex_t state_lock; // the state file's; taken before `lock`
	uint64_t saved_changes;     // those that are in the file
};

// Takes the checked seed over. Loads the state file when it exists. False, with a message on standard error, when that
// cannot be read.
bool world_init(struct world *world, json_t *seed, const char *state_path, int64_t latency_ms);
void world_free(struct world *world);

void world_lock(struct world *world);
void world_unlock(struct world *world);

bool world_find_credential(const struct world *world, const char *access_key, struct credential *ret_credential);
bool world_has_region(const struct world *world, const char *region);

// The rest is called under the lock.
// The place, filled from the seed when it is entered for the first time.
struct place *world_place(struct world *world, const char *account, const char *region);
void world_changed(struct world *world);
uint64_t world_random(struct world *world);
// A new id: the prefix and 17 hexadecimal digits.
#define WORLD_ID_SIZE 32
void world_new_id(struct world *world, const char *prefix, char ret_id[WORLD_ID_SIZE]);

#endif
