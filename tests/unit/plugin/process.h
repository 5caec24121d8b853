// SPDX-License-Identifier: MPL-2.0
// The toy plugin as a process of its own, with an environment of its own.
#ifndef VNS_TESTS_PLUGIN_PROCESS_H
#define VNS_TESTS_PLUGIN_PROCESS_H

#include "base/text.h"
#include "protocol/scratch.h"

#include <stdbool.h>
#include <sys/types.h>

struct process {
	pid_t id;
	int out; // what it writes to standard output
	int error;
	char line[4096]; // the handshake line, without its line feed
	struct text fields[8];
	size_t field_count;
	char scratch[SCRATCH_SIZE]; // its TMPDIR, if it has one of its own
};

enum { PROCESS_MOST_VARIABLES = 8 };

// Without it the process takes who started it for a person.
#define PROCESS_COOKIE "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

// Starts it with `argument` (may be NULL), the NULL-terminated `variables` ("NAME=value"), a TMPDIR of its own unless
// they name one, and nothing else.
void process_start(struct process *process, const char *argument, const char *const *variables);
// Reads and splits the handshake line. False when the process ended without one.
bool process_read_line(struct process *process);
// Reads a stream to its end; the text is cut to `size`, and ends in a NUL.
void process_read_all(int fd, char *ret_text, size_t size);
// Waits for its end: the exit status, or minus the number of the signal that ended it.
int process_wait(const struct process *process);
// Closes the streams, and removes what it left.
void process_close(struct process *process);
// Both.
int process_end(struct process *process);

#endif
