// SPDX-License-Identifier: MPL-2.0
#include "aws/whole_file.h"

#include "base/limits.h"
#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *reason_of(struct arena *arena, int error)
{
	char words[256] = "";
	return text_to_c_string(arena, text_of(strerror_r(error, words, sizeof words)));
}

// Until the pipe has bytes, or whoever wrote to it has closed it. NULL, or why it is no longer waited for.
static const char *await_pipe(const struct call *call, int fd, int64_t end_ms)
{
	for (;;) {
		struct pollfd events[2] = {
			{ .fd = fd, .events = POLLIN },
			{ .fd = cancel_fd(call->cancel), .events = POLLIN },
		};
		const int64_t left_ms = end_ms - clock_monotonic_ms(call->clock);
		if (cancel_fired(call->cancel))
			return "Terraform asked to stop";
		if (left_ms <= 0)
			return "it is a pipe to which nobody wrote all of it within a minute";
		const int ready = poll(events, 2, (int)left_ms);
		if (ready < 0 && errno != EINTR)
			return "waiting for the pipe failed";
		if (ready > 0 && events[0].revents)
			return NULL;
	}
}

struct source {
	int fd;
	bool is_pipe;
	size_t ceiling;
};

// Grows by doubling; what is left behind goes with the arena. Never leaves the call: the file is still open.
static const char *read_all(const struct call *call, struct arena *arena, const struct source *source,
			    struct text *ret_content)
{
	const int64_t end_ms = clock_monotonic_ms(call->clock) + LIMIT_PIPE_MS;
	size_t room = 4096;
	size_t length = 0;
	char *bytes = arena_try_take(arena, room);
	while (bytes) {
		const char *problem = source->is_pipe ? await_pipe(call, source->fd, end_ms) : NULL;
		if (problem)
			return problem;
		const ssize_t got = read(source->fd, bytes + length, room - length);
		if (got < 0 && (errno == EINTR || (errno == EAGAIN && source->is_pipe)))
			continue;
		if (got < 0)
			return "reading it failed";
		if (got == 0) {
			*ret_content = (struct text){ bytes, length };
			return NULL;
		}
		length += (size_t)got;
		if (length > source->ceiling)
			return "it is larger than any such file should be";
		if (length < room)
			continue;
		char *larger = arena_try_take(arena, room * 2);
		if (larger)
			memcpy(larger, bytes, length);
		bytes = larger;
		room *= 2;
	}
	return "there is no memory for it";
}

const char *whole_file_read(const struct call *call, struct arena *arena, struct text path, size_t ceiling,
			    struct text *ret_content)
{
	*ret_content = T("");
	const char *name = text_to_c_string(arena, path);
	// Not blocking: opening a pipe that nobody writes to would wait for ever.
	const int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return reason_of(arena, errno);
	struct stat about;
	const char *problem = NULL;
	if (fstat(fd, &about) != 0 || (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode))) {
		problem = "it is not a file";
	} else {
		const struct source source = { fd, S_ISFIFO(about.st_mode), ceiling };
		problem = read_all(call, arena, &source, ret_content);
	}
	(void)close(fd);
	return problem;
}

static bool write_all(int fd, struct text content)
{
	while (content.length) {
		const ssize_t put = write(fd, content.at, content.length);
		if (put < 0 && errno != EINTR)
			return false;
		if (put > 0)
			content = text_part(content, (size_t)put, content.length);
	}
	return true;
}

bool whole_file_is_there(struct arena *arena, struct text path)
{
	return access(text_to_c_string(arena, path), F_OK) == 0;
}

bool whole_file_is_open(struct arena *arena, struct text path)
{
	struct stat about;
	return stat(text_to_c_string(arena, path), &about) == 0 && S_ISREG(about.st_mode) &&
	       (about.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

const char *whole_file_replace(struct arena *arena, struct text path, struct text content)
{
	const char *name = text_to_c_string(arena, path);
	const struct text token = random_token(arena);
	const struct text beside = text_print(arena, "%.*s.%.*s.tmp", TEXT_ARG(path), TEXT_ARG(token));
	const char *new_name = text_to_c_string(arena, beside);
	const int fd = open(new_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return reason_of(arena, errno);
	const bool written = write_all(fd, content) && fsync(fd) == 0;
	int error = written ? 0 : errno;
	if (close(fd) != 0 && !error)
		error = errno;
	if (!error && rename(new_name, name) != 0)
		error = errno;
	if (!error)
		return NULL;
	(void)unlink(new_name);
	return reason_of(arena, error);
}
