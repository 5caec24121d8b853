// SPDX-License-Identifier: MPL-2.0
// Memory by lifetime: everything that one call needs is taken from one arena and goes with it.
// There are three lifetimes: the process, the configured provider, the call (src/README.md).
//
// Running out of memory does not return: `arena_take` leaves through the arena's exit, which call_run() (base/call.h)
// sets. So no caller checks, and no caller may hold a lock or stand in a foreign library's callback while taking.
// Where a callback must take memory, it uses arena_try_take and hands the failure on.
#ifndef VNS_BASE_ARENA_H
#define VNS_BASE_ARENA_H

#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena_cleanup;

struct arena {
	struct arena_block *blocks;     // newest first
	struct arena_cleanup *cleanups; // newest first
	size_t taken_bytes;             // asked of the system so far
	size_t ceiling_bytes;           // 0: none
	bool secret;                    // wiped before it is given back
	void (*exit)(void *context);    // does not return; NULL: the process ends with a message
	void *exit_context;
	// Test seam: asks the system for memory; NULL stands for malloc. What it returns is given back with free().
	void *(*system_take)(void *context, size_t size);
	void *system_context;
};

// An arena that may take up to `ceiling_bytes` from the system (0: no limit). Takes nothing yet.
void arena_init(struct arena *arena, size_t ceiling_bytes);
// Runs the cleanups, newest first, and gives everything back. The arena may be used again.
void arena_free(struct arena *arena);

// Zeroed memory, aligned for any type, valid until arena_free. Never NULL; see above.
void *arena_take(struct arena *arena, size_t size);
// The same for an array; an overflowing product counts as running out.
void *arena_take_array(struct arena *arena, size_t count, size_t size);
// NULL when there is no memory.
void *arena_try_take(struct arena *arena, size_t size);
#define ARENA_NEW(arena, type)          ((type *)arena_take((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_take_array((arena), (count), sizeof(type)))

// Leaves as a take does that finds no memory: for whoever caught that to tidy up first.
_Noreturn void arena_leave(const struct arena *arena);

// Makes sure that the next takes, `size` bytes in sum, each rounded up to the alignment, succeed without asking the
// system (it may run out here instead). To be called before an effect on AWS whose answer must not be lost.
void arena_reserve(struct arena *arena, size_t size);

// Has `cleanup(object)` called by arena_free, also when the call was left by running out of memory; when memory runs
// out in here, at once.
void arena_on_free(struct arena *arena, void (*cleanup)(void *object), void *object);

// printf into the arena.
struct text arena_print(struct arena *arena, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

#endif
