// SPDX-License-Identifier: MPL-2.0
#include "base/cancel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct cancel {
	atomic_bool fired;
	atomic_int holders;
	int fd;
};

struct cancel_source {
	pthread_mutex_t lock; // guards `current`
	struct cancel *current;
};

static struct cancel *cancel_new(void)
{
	struct cancel *cancel = calloc(1, sizeof *cancel);
	if (!cancel)
		return NULL;
	cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (cancel->fd < 0) {
		free(cancel);
		return NULL;
	}
	atomic_init(&cancel->holders, 1);
	return cancel;
}

struct cancel_source *cancel_source_new(void)
{
	struct cancel_source *source = calloc(1, sizeof *source);
	if (!source)
		return NULL;
	source->current = cancel_new();
	if (!source->current || pthread_mutex_init(&source->lock, NULL) != 0) {
		cancel_release(source->current);
		free(source);
		return NULL;
	}
	return source;
}

void cancel_source_free(struct cancel_source *source)
{
	if (!source)
		return;
	cancel_release(source->current);
	(void)pthread_mutex_destroy(&source->lock);
	free(source);
}

struct cancel *cancel_acquire(struct cancel_source *source)
{
	(void)pthread_mutex_lock(&source->lock);
	struct cancel *cancel = source->current;
	atomic_fetch_add(&cancel->holders, 1);
	(void)pthread_mutex_unlock(&source->lock);
	return cancel;
}

void cancel_release(struct cancel *cancel)
{
	if (!cancel || atomic_fetch_sub(&cancel->holders, 1) != 1)
		return;
	(void)close(cancel->fd);
	free(cancel);
}

void cancel_source_fire(struct cancel_source *source)
{
	struct cancel *fresh = cancel_new();
	(void)pthread_mutex_lock(&source->lock);
	struct cancel *old = source->current;
	atomic_store(&old->fired, true);
	const uint64_t one = 1;
	(void)!write(old->fd, &one, sizeof one);
	if (fresh)
		source->current = fresh;
	(void)pthread_mutex_unlock(&source->lock);
	if (fresh)
		cancel_release(old);
}

bool cancel_fired(const struct cancel *cancel)
{
	return cancel && atomic_load(&cancel->fired);
}

int cancel_fd(const struct cancel *cancel)
{
	return cancel ? cancel->fd : -1;
}
