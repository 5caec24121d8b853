// SPDX-License-Identifier: MPL-2.0
// The one place where control jumps: running out of memory leaves a call by one door, so that hundreds of callers need
// no check that no test would ever see fail. The frames that are jumped over are ours alone (base/arena.h says why).
#include "base/call.h"

#include <setjmp.h>
#include <stddef.h>

static _Noreturn void leave(void *context)
{
	longjmp(*(jmp_buf *)context, 1);
}

bool call_run(struct call *call, void (*work)(struct call *call, void *argument), void *argument)
{
	struct arena *arena = call->arena;
	void (*const outer_exit)(void *) = arena->exit;
	void *const outer_context = arena->exit_context;
	jmp_buf door;
	if (setjmp(door) != 0) {
		arena->exit = outer_exit;
		arena->exit_context = outer_context;
		return false;
	}
	arena->exit = leave;
	arena->exit_context = &door;
	work(call, argument);
	arena->exit = outer_exit;
	arena->exit_context = outer_context;
	return true;
}
