// SPDX-License-Identifier: MPL-2.0
#include "aws/turn.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool turn_init(struct turn *turn)
{
	turn->fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	return turn->fd >= 0;
}

void turn_destroy(struct turn *turn)
{
	if (turn->fd >= 0)
		(void)close(turn->fd);
	turn->fd = -1;
}

// False when `cancel` (may be NULL) fired first.
static bool enter(struct turn *turn, const struct cancel *cancel)
{
	for (;;) {
		uint64_t one = 0;
		if (cancel_fired(cancel))
			return false;
		if (read(turn->fd, &one, sizeof one) == (ssize_t)sizeof one)
			return true;
		struct pollfd events[2] = {
			{ .fd = turn->fd, .events = POLLIN },
			{ .fd = cancel_fd(cancel), .events = POLLIN },
		};
		if (poll(events, 2, -1) < 0 && errno != EINTR)
			return false;
	}
}

bool turn_run(struct call *call, struct turn *turn, void (*work)(struct call *call, void *argument), void *argument)
{
	if (!enter(turn, call->cancel))
		return false;
	const bool came_back = call_run(call, work, argument);
	const uint64_t one = 1;
	(void)!write(turn->fd, &one, sizeof one);
	if (!came_back)
		arena_leave(call->arena);
	return true;
}

bool turn_is_taken(const struct turn *turn)
{
	struct pollfd event = { .fd = turn->fd, .events = POLLIN };
	return poll(&event, 1, 0) == 0;
}
