// SPDX-License-Identifier: MPL-2.0
#include "process.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void process_start(struct process *process, const char *argument, const char *const *variables)
{
	*process = (struct process){ .id = -1 };
	const char *environment[PROCESS_MOST_VARIABLES + 2] = { NULL };
	size_t count = 0;
	bool has_folder = false;
	for (; count < PROCESS_MOST_VARIABLES && variables[count]; count++) {
		environment[count] = variables[count];
		has_folder = has_folder || strncmp(variables[count], "TMPDIR=", strlen("TMPDIR=")) == 0;
	}
	if (!has_folder) {
		scratch_make(process->scratch);
		environment[count] = process->scratch;
	}
	const char *arguments[] = { TOY_PLUGIN, argument, NULL };
	int out[2];
	int error[2];
	if (pipe2(out, O_CLOEXEC) != 0 || pipe2(error, O_CLOEXEC) != 0)
		abort();
	process->id = fork();
	if (process->id == 0) {
		(void)dup2(out[1], STDOUT_FILENO);
		(void)dup2(error[1], STDERR_FILENO);
		(void)execve(TOY_PLUGIN, (char **)(uintptr_t)arguments, (char **)(uintptr_t)environment);
		_exit(127);
	}
	(void)close(out[1]);
	(void)close(error[1]);
	process->out = out[0];
	process->error = error[0];
}

static bool read_line(struct process *process)
{
	size_t length = 0;
	while (length + 1 < sizeof process->line && read(process->out, process->line + length, 1) == 1) {
		if (process->line[length] == '\n') {
			process->line[length] = '\0';
			return true;
		}
		length++;
	}
	return false;
}

bool process_read_line(struct process *process)
{
	if (!read_line(process))
		return false;
	char *at = process->line;
	process->field_count = 0;
	while (process->field_count < sizeof process->fields / sizeof process->fields[0]) {
		size_t length = strcspn(at, "|");
		process->fields[process->field_count++] = (struct text){ at, length };
		if (at[length] == '\0')
			break;
		at += length + 1;
	}
	return true;
}

void process_read_all(int fd, char *ret_text, size_t size)
{
	size_t length = 0;
	ssize_t got = 0;
	while (length + 1 < size && (got = read(fd, ret_text + length, size - length - 1)) > 0)
		length += (size_t)got;
	ret_text[length] = '\0';
}

int process_wait(const struct process *process)
{
	int status = 0;
	if (waitpid(process->id, &status, 0) != process->id)
		abort();
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

void process_close(struct process *process)
{
	(void)close(process->out);
	(void)close(process->error);
	scratch_remove(process->scratch);
}

int process_end(struct process *process)
{
	const int status = process_wait(process);
	process_close(process);
	return status;
}
