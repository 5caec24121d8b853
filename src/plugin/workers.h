// SPDX-License-Identifier: MPL-2.0
// Threads for work that blocks. They are made when work finds none idle, up to a ceiling; beyond it work waits its
// turn.
#ifndef VNS_PLUGIN_WORKERS_H
#define VNS_PLUGIN_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct workers;

// To be embedded in what the work is about.
struct worker_job {
	void (*work)(struct worker_job *job);
	struct worker_job *next;
};

// Starts no thread yet. NULL without memory.
struct workers *workers_new(size_t most_threads);
// Finishes what was submitted, then ends the threads. NULL is fine.
void workers_free(struct workers *workers);
// Has job->work(job) called on a worker. False, and the job is not taken, when not a single thread can be had.
bool workers_submit(struct workers *workers, struct worker_job *job);

#endif
