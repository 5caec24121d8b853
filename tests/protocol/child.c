// SPDX-License-Identifier: MPL-2.0
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_VARIABLES = 512, MOST_ARGUMENTS = 80 };

// What of this process's own environment would make a test mean something else.
static const char *const foreign[] = { "PLUGIN_", "TF_", "AWS_", "VNS_", "TMPDIR=", "OPENSSL_CONF=" };

struct variables {
	const char *list[MOST_VARIABLES + 1];
	size_t count;
};

int64_t child_now_us(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool is_foreign(const char *variable)
{
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
		if (strncmp(variable, foreign[i], strlen(foreign[i])) == 0)
			return true;
	}
	return false;
}

static void put(struct variables *variables, const char *variable)
{
	size_t name_length = strcspn(variable, "=");
	size_t kept = 0;
	for (size_t i = 0; i < variables->count; i++) {
		const char *other = variables->list[i];
		if (strcspn(other, "=") != name_length || strncmp(other, variable, name_length) != 0)
			variables->list[kept++] = other;
	}
	variables->count = kept;
	if (variable[name_length] == '=' && variables->count < MOST_VARIABLES)
		variables->list[variables->count++] = variable;
	variables->list[variables->count] = NULL;
}

static void make_environment(struct variables *ret_variables, const char *const *changes)
{
	ret_variables->count = 0;
	ret_variables->list[0] = NULL;
	for (char **variable = environ; *variable; variable++) {
		if (!is_foreign(*variable) && ret_variables->count < MOST_VARIABLES)
			ret_variables->list[ret_variables->count++] = *variable;
	}
	ret_variables->list[ret_variables->count] = NULL;
	for (; changes && *changes; changes++)
		put(ret_variables, *changes);
}

static bool names_folder(const char *const *changes)
{
	for (; changes && *changes; changes++) {
		if (strncmp(*changes, "TMPDIR", strlen("TMPDIR")) == 0)
			return true;
	}
	return false;
}

static bool spawn(struct child *child, int out, const char *binary, const char *const *arguments,
		  const struct variables *variables)
{
	const char *all[MOST_ARGUMENTS + 2] = { binary };
	for (size_t i = 0; arguments && arguments[i] && i < MOST_ARGUMENTS; i++)
		all[i + 1] = arguments[i];
	posix_spawn_file_actions_t files;
	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	(void)posix_spawn_file_actions_adddup2(&files, child->errors, STDERR_FILENO);
	child->started_us = child_now_us();
	int error = posix_spawn(&child->id, binary, &files, NULL, (char **)(uintptr_t)all,
				(char **)(uintptr_t)variables->list);
	(void)posix_spawn_file_actions_destroy(&files);
	if (error != 0)
		child->id = -1;
	errno = error;
	return error == 0;
}

bool child_start(struct child *child, const char *binary, const char *const *arguments, const char *const *variables)
{
	*child = (struct child){ .id = -1, .out = -1, .errors = -1 };
	struct variables environment;
	make_environment(&environment, variables);
	if (!names_folder(variables)) {
		scratch_make(child->scratch);
		put(&environment, child->scratch);
	}
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child->out = ends[0];
	child->errors = memfd_create("standard error", MFD_CLOEXEC);
	bool started = child->errors >= 0 && spawn(child, ends[1], binary, arguments, &environment);
	(void)close(ends[1]);
	if (!started)
		child_free(child);
	return started;
}

// Waits until there is something to read. False when the time is over.
static bool readable(int fd, int64_t until_us)
{
	for (;;) {
		int64_t left_ms = (until_us - child_now_us() + 999) / 1000;
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		int count = poll(&poll_fd, 1, left_ms > 0 ? (int)left_ms : 0);
		if (count > 0)
			return true;
		if (count == 0 || errno != EINTR)
			return false;
	}
}

bool child_read_line(struct child *child, int64_t timeout_ms, struct text *ret_line)
{
	int64_t until_us = child_now_us() + timeout_ms * 1000;
	size_t length = 0;
	bool complete = false;
	// Byte by byte: what follows the line belongs to others.
	while (!complete && length < sizeof child->line && readable(child->out, until_us) &&
	       read(child->out, child->line + length, 1) == 1)
		complete = child->line[length++] == '\n';
	*ret_line = (struct text){ child->line, length };
	return complete;
}

bool child_drain(struct child *child, int64_t timeout_ms, size_t *ret_bytes)
{
	int64_t until_us = child_now_us() + timeout_ms * 1000;
	*ret_bytes = 0;
	while (readable(child->out, until_us)) {
		char bytes[4096];
		ssize_t got = read(child->out, bytes, sizeof bytes);
		if (got <= 0)
			return true;
		*ret_bytes += (size_t)got;
	}
	return false;
}

char *child_errors(const struct child *child)
{
	struct stat file = { .st_size = 0 };
	(void)fstat(child->errors, &file);
	size_t size = (size_t)file.st_size;
	char *said = calloc(1, size + 1);
	if (!said || pread(child->errors, said, size, 0) != (ssize_t)size)
		abort();
	return said;
}

struct child_end child_wait(const struct child *child, int64_t timeout_ms)
{
	struct child_end end = { .ended = false };
	int64_t start_us = child_now_us();
	int watched = pidfd_open(child->id, 0);
	if (watched < 0)
		return end;
	end.ended = readable(watched, start_us + timeout_ms * 1000);
	end.took_us = child_now_us() - start_us;
	(void)close(watched);
	int status = 0;
	if (end.ended && wait4(child->id, &status, 0, &end.used) != child->id)
		end.ended = false;
	end.status = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
	return end;
}

void child_free(struct child *child)
{
	// Fails when it was waited for already: then there is nobody to kill.
	if (child->id > 0 && waitpid(child->id, NULL, WNOHANG) == 0) {
		(void)kill(child->id, SIGKILL);
		(void)waitpid(child->id, NULL, 0);
	}
	if (child->out >= 0)
		(void)close(child->out);
	if (child->errors >= 0)
		(void)close(child->errors);
	scratch_remove(child->scratch);
	*child = (struct child){ .id = -1, .out = -1, .errors = -1 };
}
