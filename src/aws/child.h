// SPDX-License-Identifier: MPL-2.0
// Runs a shell command for what it prints, cut off from everything else: it reads nothing, its errors go nowhere, no
// file descriptor of ours is open in it (our standard output is the channel to the host), and it is a process group of
// its own, which is killed when its time is over or the call is to stop.
#ifndef VNS_AWS_CHILD_H
#define VNS_AWS_CHILD_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/cancel.h"

#include <stdbool.h>
#include <stdint.h>

enum child_end {
	CHILD_EXITED,     // by itself; ret_status is its exit status
	CHILD_KILLED,     // by a signal of others; ret_status is its number
	CHILD_TIMED_OUT,  // and was killed
	CHILD_CANCELLED,  // and was killed
	CHILD_TOO_LARGE,  // the output did not fit, and it was killed
	CHILD_UNREADABLE, // its output could not be waited for or read, and it was killed
	CHILD_NOT_STARTED,
};

// Our environment, but for what a host and its plugin say to each other there: the program might take itself for the
// plugin. Ends with NULL; the variables themselves are not copied.
char **child_environment(struct arena *arena);
// Blocks. The output is initialised (and marked secret) by the caller. `cancel` may be NULL.
enum child_end child_run(char *command, char *const *environment, int64_t timeout_ms, const struct cancel *cancel,
			 struct buffer *output, int *ret_status);

#endif
