// SPDX-License-Identifier: MPL-2.0
#include "plugin/connections.h"

#include "base/cancel.h"
#include "base/text.h"
#include "plugin/crash.h"

#include <grpc/grpc_posix.h>
#include <grpc/grpc_security.h>

#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static const useconds_t pause_us = 100 * 1000;

struct connections {
	struct arena arena; // it holds this too
	int listening;
	ProtobufCService *(*service_new)(void);
	void (*service_free)(ProtobufCService *service);
	grpc_server *server;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;     // of what follows, and of all holders
	struct connection *first; // each is held once by this list
};

struct connections *connections_new(int listening, ProtobufCService *(*service_new)(void),
				    void (*service_free)(ProtobufCService *service))
{
	struct arena arena;
	arena_init(&arena, 0);
	struct connections *connections = arena_try_take(&arena, sizeof *connections);
	if (!connections)
		return NULL;
	connections->arena = arena;
	connections->listening = listening;
	connections->service_new = service_new;
	connections->service_free = service_free;
	(void)pthread_mutex_init(&connections->lock, NULL);
	return connections;
}

// Under the lock. The place in the list where the connection of this number is, or the list's end.
static struct connection **place_of(struct connections *connections, int64_t fd)
{
	struct connection **place = &connections->first;
	while (*place && (*place)->fd != fd)
		place = &(*place)->next;
	return place;
}

static void forget(struct connections *connections, struct connection *connection)
{
	struct arena arena = connection->arena;
	if (connection->service)
		connections->service_free(connection->service);
	cancel_source_free(connection->cancel_source);
	arena_free(&arena);
}

void connections_release(struct connections *connections, struct connection *connection)
{
	if (!connection)
		return;
	(void)pthread_mutex_lock(&connections->lock);
	const bool is_last = --connection->holders == 0;
	(void)pthread_mutex_unlock(&connections->lock);
	if (is_last)
		forget(connections, connection);
}

// The kernel gives the number of a closed connection to a new one: this is when the old one is forgotten.
static bool add(struct connections *connections, int fd)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct connection *connection = arena_try_take(&arena, sizeof *connection);
	if (!connection)
		return false;
	*connection = (struct connection){ .arena = arena, .fd = fd, .holders = 1 };
	connection->service = connections->service_new();
	connection->cancel_source = cancel_source_new();
	if (!connection->service || !connection->cancel_source) {
		forget(connections, connection);
		return false;
	}
	(void)pthread_mutex_lock(&connections->lock);
	struct connection **place = place_of(connections, fd);
	struct connection *before = *place;
	connection->next = before ? before->next : NULL;
	*place = connection;
	(void)pthread_mutex_unlock(&connections->lock);
	connections_release(connections, before);
	return true;
}

struct connection *connections_acquire(struct connections *connections, const char *peer)
{
	struct text name = text_of(peer);
	int64_t fd;
	if (!text_starts_with(name, T("fd:")) || !text_to_int64(text_part(name, 3, name.length), &fd))
		return NULL;
	(void)pthread_mutex_lock(&connections->lock);
	struct connection *found = *place_of(connections, fd);
	if (found)
		found->holders++;
	(void)pthread_mutex_unlock(&connections->lock);
	return found;
}

// Until the socket is shut down. Where files or memory are short, others give some back after a while.
static void accept_all(struct connections *connections)
{
	grpc_server_credentials *plain = grpc_insecure_server_credentials_create();
	for (;;) {
		const int fd = accept4(connections->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0 && add(connections, fd))
			grpc_server_add_channel_from_fd(connections->server, fd, plain);
		else if (fd >= 0)
			(void)close(fd);
		else if (errno == EINVAL)
			break;
		else
			(void)usleep(pause_us);
	}
	grpc_server_credentials_release(plain);
}

static void *run(void *argument)
{
	struct crash_stack stack;
	crash_guard_thread(&stack);
	accept_all(argument);
	crash_leave_thread(&stack);
	return NULL;
}

bool connections_start(struct connections *connections, grpc_server *server)
{
	connections->server = server;
	connections->started = pthread_create(&connections->thread, NULL, run, connections) == 0;
	return connections->started;
}

void connections_stop(struct connections *connections)
{
	if (!connections || !connections->started)
		return;
	(void)shutdown(connections->listening, SHUT_RDWR);
	(void)pthread_join(connections->thread, NULL);
	connections->started = false;
}

void connections_cancel_all(struct connections *connections)
{
	if (!connections)
		return;
	(void)pthread_mutex_lock(&connections->lock);
	for (struct connection *connection = connections->first; connection; connection = connection->next)
		cancel_source_fire(connection->cancel_source);
	(void)pthread_mutex_unlock(&connections->lock);
}

void connections_free(struct connections *connections)
{
	if (!connections)
		return;
	while (connections->first) {
		struct connection *first = connections->first;
		connections->first = first->next;
		connections_release(connections, first);
	}
	(void)close(connections->listening);
	(void)pthread_mutex_destroy(&connections->lock);
	struct arena arena = connections->arena;
	arena_free(&arena);
}
