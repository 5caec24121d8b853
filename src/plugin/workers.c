// SPDX-License-Identifier: MPL-2.0
#include "plugin/workers.h"

#include "plugin/crash.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

// Enough for the deepest recursion that limits.h allows, TLS included; only what is touched costs memory.
static const size_t stack_bytes = (size_t)512 * 1024;

struct worker {
	struct workers *workers;
	sem_t wake;             // posted once per job handed over, and once for the end
	struct worker_job *job; // what was handed over; NULL: the end
	struct worker *next_idle;
	pthread_t thread;
	struct worker *next;
};

struct workers {
	pthread_mutex_t lock;     // guards all below
	struct worker_job *first; // jobs that found no worker, and wait for one
	struct worker_job *last;
	struct worker *idle; // the one that worked last comes first: its stack is still in the cache
	size_t threads;
	size_t most_threads;
	struct worker *all;
	bool closing;
};

struct workers *workers_new(size_t most_threads)
{
	struct workers *workers = calloc(1, sizeof *workers);
	if (!workers)
		return NULL;
	workers->most_threads = most_threads;
	if (pthread_mutex_init(&workers->lock, NULL) != 0) {
		free(workers);
		return NULL;
	}
	return workers;
}

// The next job, or NULL when there will be none. Whoever hands a job over wakes this thread alone, and without holding
// a lock that it would want at once.
static struct worker_job *next_job(struct worker *worker)
{
	struct workers *workers = worker->workers;
	(void)pthread_mutex_lock(&workers->lock);
	struct worker_job *job = workers->first;
	const bool waits = !job && !workers->closing;
	if (job) {
		workers->first = job->next;
		if (!workers->first)
			workers->last = NULL;
	} else if (waits) {
		worker->next_idle = workers->idle;
		workers->idle = worker;
	}
	(void)pthread_mutex_unlock(&workers->lock);
	if (!waits)
		return job;
	while (sem_wait(&worker->wake) != 0)
		; // interrupted by a signal
	job = worker->job;
	worker->job = NULL;
	return job;
}

static void *run(void *argument)
{
	struct worker *worker = argument;
	struct crash_stack stack;
	crash_guard_thread(&stack);
	struct worker_job *job = worker->job;
	worker->job = NULL;
	for (; job; job = next_job(worker))
		job->work(job);
	crash_leave_thread(&stack);
	return NULL;
}

static bool start_thread(struct worker *worker)
{
	pthread_attr_t attributes;
	if (pthread_attr_init(&attributes) != 0)
		return false;
	(void)pthread_attr_setstacksize(&attributes, stack_bytes);
	bool started = pthread_create(&worker->thread, &attributes, run, worker) == 0;
	(void)pthread_attr_destroy(&attributes);
	return started;
}

// With the lock held. A new thread that begins with the job; false when there is none to be had.
static bool add_worker(struct workers *workers, struct worker_job *job)
{
	if (workers->threads == workers->most_threads)
		return false;
	struct worker *worker = calloc(1, sizeof *worker);
	if (!worker)
		return false;
	worker->workers = workers;
	worker->job = job;
	(void)sem_init(&worker->wake, 0, 0);
	if (!start_thread(worker)) {
		(void)sem_destroy(&worker->wake);
		free(worker);
		return false;
	}
	worker->next = workers->all;
	workers->all = worker;
	workers->threads++;
	return true;
}

static void enqueue(struct workers *workers, struct worker_job *job)
{
	if (workers->last)
		workers->last->next = job;
	else
		workers->first = job;
	workers->last = job;
}

bool workers_submit(struct workers *workers, struct worker_job *job)
{
	job->next = NULL;
	(void)pthread_mutex_lock(&workers->lock);
	struct worker *idle = workers->idle;
	bool taken = true;
	if (idle) {
		workers->idle = idle->next_idle;
		idle->job = job;
	} else if (!add_worker(workers, job)) {
		taken = workers->threads > 0;
		if (taken)
			enqueue(workers, job);
	}
	(void)pthread_mutex_unlock(&workers->lock);
	if (idle)
		(void)sem_post(&idle->wake);
	return taken;
}

void workers_free(struct workers *workers)
{
	if (!workers)
		return;
	(void)pthread_mutex_lock(&workers->lock);
	workers->closing = true;
	struct worker *idle = workers->idle;
	workers->idle = NULL;
	(void)pthread_mutex_unlock(&workers->lock);
	while (idle) {
		struct worker *next = idle->next_idle;
		(void)sem_post(&idle->wake);
		idle = next;
	}
	for (struct worker *worker = workers->all; worker;) {
		struct worker *next = worker->next;
		(void)pthread_join(worker->thread, NULL);
		(void)sem_destroy(&worker->wake);
		free(worker);
		worker = next;
	}
	(void)pthread_mutex_destroy(&workers->lock);
	free(workers);
}
