// SPDX-License-Identifier: MPL-2.0
#include "plugin/workers.h"

#include "plugin/crash.h"

#include <pthread.h>
#include <stdlib.h>

// Enough for the deepest recursion that limits.h allows, TLS included; only what is touched costs memory.
static const size_t stack_bytes = (size_t)512 * 1024;

struct worker {
	pthread_t thread;
	struct worker *next;
};

struct workers {
	pthread_mutex_t lock; // guards all below
	pthread_cond_t changed;
	struct worker_job *first;
	struct worker_job *last;
	size_t waiting; // jobs
	size_t idle;    // threads
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
	if (pthread_cond_init(&workers->changed, NULL) != 0) {
		(void)pthread_mutex_destroy(&workers->lock);
		free(workers);
		return NULL;
	}
	return workers;
}

// The next job, or NULL when there will be none. Called and left with the lock held.
static struct worker_job *next_job(struct workers *workers)
{
	workers->idle++;
	while (!workers->first && !workers->closing)
		(void)pthread_cond_wait(&workers->changed, &workers->lock);
	workers->idle--;
	struct worker_job *job = workers->first;
	if (job) {
		workers->first = job->next;
		if (!workers->first)
			workers->last = NULL;
		workers->waiting--;
	}
	return job;
}

static void *run(void *argument)
{
	struct workers *workers = argument;
	struct crash_stack stack;
	crash_guard_thread(&stack);
	(void)pthread_mutex_lock(&workers->lock);
	struct worker_job *job;
	while ((job = next_job(workers)) != NULL) {
		(void)pthread_mutex_unlock(&workers->lock);
		job->work(job);
		(void)pthread_mutex_lock(&workers->lock);
	}
	(void)pthread_mutex_unlock(&workers->lock);
	crash_leave_thread(&stack);
	return NULL;
}

static bool start_thread(struct workers *workers, struct worker *worker)
{
	pthread_attr_t attributes;
	if (pthread_attr_init(&attributes) != 0)
		return false;
	(void)pthread_attr_setstacksize(&attributes, stack_bytes);
	bool started = pthread_create(&worker->thread, &attributes, run, workers) == 0;
	(void)pthread_attr_destroy(&attributes);
	return started;
}

static void add_worker(struct workers *workers)
{
	struct worker *worker = calloc(1, sizeof *worker);
	if (!worker)
		return;
	if (!start_thread(workers, worker)) {
		free(worker);
		return;
	}
	worker->next = workers->all;
	workers->all = worker;
	workers->threads++;
}

bool workers_submit(struct workers *workers, struct worker_job *job)
{
	job->next = NULL;
	(void)pthread_mutex_lock(&workers->lock);
	if (workers->waiting >= workers->idle && workers->threads < workers->most_threads)
		add_worker(workers);
	bool taken = workers->threads > 0;
	if (taken) {
		if (workers->last)
			workers->last->next = job;
		else
			workers->first = job;
		workers->last = job;
		workers->waiting++;
		(void)pthread_cond_signal(&workers->changed);
	}
	(void)pthread_mutex_unlock(&workers->lock);
	return taken;
}

void workers_free(struct workers *workers)
{
	if (!workers)
		return;
	(void)pthread_mutex_lock(&workers->lock);
	workers->closing = true;
	(void)pthread_cond_broadcast(&workers->changed);
	(void)pthread_mutex_unlock(&workers->lock);
	for (struct worker *worker = workers->all; worker;) {
		struct worker *next = worker->next;
		(void)pthread_join(worker->thread, NULL);
		free(worker);
		worker = next;
	}
	(void)pthread_cond_destroy(&workers->changed);
	(void)pthread_mutex_destroy(&workers->lock);
	free(workers);
}
