// SPDX-License-Identifier: MPL-2.0
#include "aws/child.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static bool set_files(posix_spawn_file_actions_t *actions, int output)
{
	return posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
	       posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO) == 0 &&
	       posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
	       // What a library opened without O_CLOEXEC.
	       posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1) == 0;
}

// Signals as a shell finds them: none blocked, and SIGPIPE, which we ignore, at its default.
static bool set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none;
	sigset_t all;
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	const short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
	return posix_spawnattr_setflags(attributes, flags) == 0 && posix_spawnattr_setpgroup(attributes, 0) == 0 &&
	       posix_spawnattr_setsigmask(attributes, &none) == 0 &&
	       posix_spawnattr_setsigdefault(attributes, &all) == 0;
}

char **child_environment(struct arena *arena)
{
	static const struct text handshake[] = { TEXT("PLUGIN_"), TEXT("TF_PLUGIN_MAGIC_COOKIE=") };
	size_t count = 0;
	while (environ[count])
		count++;
	char **kept = ARENA_ARRAY(arena, char *, count + 1);
	size_t length = 0;
	for (size_t i = 0; i < count; i++) {
		const struct text variable = text_of(environ[i]);
		if (!text_starts_with(variable, handshake[0]) && !text_starts_with(variable, handshake[1]))
			kept[length++] = environ[i];
	}
	kept[length] = NULL;
	return kept;
}

// The process id, or -1.
static pid_t start(char *command, char *const *environment, int output)
{
	char shell[] = "/bin/sh";
	char flag[] = "-c";
	char *const arguments[] = { shell, flag, command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t child = -1;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (posix_spawnattr_init(&attributes) == 0) {
		if (!set_files(&actions, output) || !set_attributes(&attributes) ||
		    posix_spawn(&child, shell, &actions, &attributes, arguments, environment) != 0)
			child = -1;
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return child;
}

// Reads until the child's end of the pipe is closed; CHILD_EXITED then.
static enum child_end read_output(int fd, int64_t end_ms, const struct cancel *cancel, struct buffer *output)
{
	static const size_t part_bytes = 4096;
	enum child_end end = CHILD_EXITED;
	for (;;) {
		const int64_t left_ms = end_ms - clock_monotonic_ms(&clock_system);
		struct pollfd events[2] = {
			{ .fd = fd, .events = POLLIN },
			{ .fd = cancel_fd(cancel), .events = POLLIN },
		};
		end = cancel_fired(cancel) ? CHILD_CANCELLED : left_ms <= 0 ? CHILD_TIMED_OUT : CHILD_EXITED;
		if (end != CHILD_EXITED)
			break;
		const int ready = poll(events, 2, (int)left_ms);
		if (ready < 0 && errno != EINTR) {
			end = CHILD_UNREADABLE;
			break;
		}
		if (ready <= 0 || !events[0].revents)
			continue;
		// Into the buffer itself, which is wiped: nothing of it is ever on the stack.
		const size_t room = output->ceiling - output->length;
		const size_t wanted = room < part_bytes ? room : part_bytes;
		buffer_reserve(output, wanted);
		if (output->failed || wanted == 0) {
			end = CHILD_TOO_LARGE;
			break;
		}
		const ssize_t got = read(fd, output->bytes + output->length, wanted);
		if (got < 0 && errno != EINTR && errno != EAGAIN)
			end = CHILD_UNREADABLE;
		if (got == 0 || end != CHILD_EXITED)
			break;
		if (got > 0)
			output->length += (size_t)got;
	}
	return end;
}

// Waits for the process, which may go on after it has closed its output.
static enum child_end await(pid_t child, enum child_end end, int64_t end_ms, const struct cancel *cancel,
			    int *ret_status)
{
	for (;;) {
		int status = 0;
		if (end != CHILD_EXITED)
			(void)kill(-child, SIGKILL);
		const pid_t ended = waitpid(child, &status, end == CHILD_EXITED ? WNOHANG : 0);
		if (ended == child && end == CHILD_EXITED && WIFSIGNALED(status)) {
			*ret_status = WTERMSIG(status);
			return CHILD_KILLED;
		}
		if (ended == child) {
			*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
			return end;
		}
		if (ended < 0 && errno != EINTR)
			return end; // somebody else has waited for it
		if (cancel_fired(cancel))
			end = CHILD_CANCELLED;
		else if (clock_monotonic_ms(&clock_system) >= end_ms)
			end = CHILD_TIMED_OUT;
		else
			(void)clock_sleep_ms(&clock_system, 2, cancel);
	}
}

enum child_end child_run(char *command, char *const *environment, int64_t timeout_ms, const struct cancel *cancel,
			 struct buffer *output, int *ret_status)
{
	int pipe_fds[2];
	const int64_t end_ms = clock_monotonic_ms(&clock_system) + timeout_ms;
	*ret_status = 0;
	if (pipe2(pipe_fds, O_CLOEXEC) != 0)
		return CHILD_NOT_STARTED;
	const pid_t child = start(command, environment, pipe_fds[1]);
	(void)close(pipe_fds[1]);
	enum child_end end = CHILD_NOT_STARTED;
	if (child > 0) {
		end = read_output(pipe_fds[0], end_ms, cancel, output);
		end = await(child, end, end_ms, cancel, ret_status);
	}
	(void)close(pipe_fds[0]);
	return end;
}
