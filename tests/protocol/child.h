// SPDX-License-Identifier: MPL-2.0
// A program started as Terraform starts a plugin: its standard output is a pipe, standard error is kept, and it
// inherits the environment with what a host adds (facts: protocol, 1.1).
#ifndef VNS_TESTS_PROTOCOL_CHILD_H
#define VNS_TESTS_PROTOCOL_CHILD_H

#include "base/text.h"
#include "scratch.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { CHILD_LINE_SIZE = 8192 };

struct child {
	pid_t id;
	int out;            // its standard output, to be read
	int errors;         // a file in memory with all that it wrote to standard error
	int64_t started_us; // monotonic, just before it was started
	char line[CHILD_LINE_SIZE];
	char scratch[SCRATCH_SIZE]; // its TMPDIR, if it has one of its own: what it leaves there goes with it
};

// How it ended.
struct child_end {
	bool ended;         // false: it still ran when the time was over
	int status;         // exit status, or minus the number of the signal
	int64_t took_us;    // from the start of the wait
	struct rusage used; // by it alone
};

int64_t child_now_us(void); // monotonic

// Starts `binary` with `arguments` (behind argv[0]; NULL-terminated, or NULL). The environment is that of this process
// without anything that concerns plugins, Terraform or AWS, changed by `variables`: "NAME=value" sets, "NAME" removes;
// later ones win. Without a TMPDIR among them it gets one of its own. False when it cannot be started.
bool child_start(struct child *child, const char *binary, const char *const *arguments, const char *const *variables);
// Reads one line of its standard output, with its line feed; the view lives in the child. False when the output ends,
// the time is over or the line is too long: *ret_line is then what came.
bool child_read_line(struct child *child, int64_t timeout_ms, struct text *ret_line);
// Reads its standard output until it ends or the time is over, and counts the bytes. False when time was over.
bool child_drain(struct child *child, int64_t timeout_ms, size_t *ret_bytes);
// What it wrote to standard error until now, NUL-terminated; to be given back with free().
char *child_errors(const struct child *child);
// Waits for its end.
struct child_end child_wait(const struct child *child, int64_t timeout_ms);
// Kills it if it still runs, waits for it, closes the files and removes what it left. The end that was seen, if any.
void child_free(struct child *child);

#endif
