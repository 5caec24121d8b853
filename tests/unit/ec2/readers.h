// SPDX-License-Identifier: MPL-2.0
// Reads as a host sends them, of the sessions of a describer: many at the same time, each with an arena of its own.
#ifndef VNS_TESTS_EC2_READERS_H
#define VNS_TESTS_EC2_READERS_H

#include "describer.h"
#include "unit/engine/harness.h"

#include "ec2/reads.h"

enum { MOST_READERS = 64 };

struct world {
	struct harness harness;
	struct describer ec2;
	struct clock clock; // the system's, which counts
	atomic_int pauses;
	struct cancel_source *source;
	atomic_int begun; // calls that a wish to stop would reach
};

void open_world(struct world *world, int sessions);
void close_world(struct world *world);

// One call with an arena of its own that reads one session.
struct reader {
	struct world *world;
	const char *id;
	int number;
	enum reads_result result;
	int version;
	bool is_wrong; // what it was given is another session, or a failure without its one error
	char told[512];
};

void read_one(struct reader *reader);
void *read_in_thread(void *reader); // read_one, for pthread_create
// So many at the same time.
void read_many(struct world *world, struct reader *readers, int first, int count);
// As a host does: so many at a time until all are read.
void walk(struct world *world, int sessions, int parallelism);
// Changes one session.
void change(struct world *world);

#endif
