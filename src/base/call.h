// SPDX-License-Identifier: MPL-2.0
// What one call may use; the first parameter of whatever can fail for the user.
#ifndef VNS_BASE_CALL_H
#define VNS_BASE_CALL_H

#include "base/arena.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/log.h"

#include <stdbool.h>

struct call {
	struct arena *arena;             // everything made for this call; freed after the answer is sent
	struct diagnostics *diagnostics; // what the user will be told
	const struct log *log;           // carries the call's fields: method, request id
	const struct clock *clock;
	const struct cancel *cancel;         // fired when the host wants this call to end; may be NULL
	struct cancel_source *cancel_source; // for StopProvider, which fires it; may be NULL
};

// Runs work(call, argument) and returns true, or false when memory ran out on the way: the work is then left where it
// stood, and everything it took stays in the arena. May be nested: the innermost is left.
bool call_run(struct call *call, void (*work)(struct call *call, void *argument), void *argument);

#endif
