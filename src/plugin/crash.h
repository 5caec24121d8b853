// SPDX-License-Identifier: MPL-2.0
// What is left behind by a crash: a "panic: " line, which makes a go-plugin host show the lines after it to the user,
// the build id of the program, and a backtrace. Its addresses count from the start of the program's file, as the
// symbols of the same build do: addr2line resolves them. Nothing from memory is printed, and no core file is written,
// since both hold secrets. Socket files of this process are removed.
#ifndef VNS_PLUGIN_CRASH_H
#define VNS_PLUGIN_CRASH_H

#include <signal.h>
#include <stdbool.h>

enum { CRASH_STACK_BYTES = 32 * 1024 };

// Where a signal handler runs when the thread's own stack is used up. Lives in the thread's first frame.
struct crash_stack {
	_Alignas(16) unsigned char bytes[CRASH_STACK_BYTES];
	stack_t before; // what the thread had
};

// For the process, once, on its first thread; `stack` must live as long as that thread.
// Unless `core_dump`, no core file is written, and unless `debug`, no other process of the user may look into this one.
void crash_install(struct crash_stack *stack, bool core_dump, bool debug);
// For every further thread of ours: gives it `stack`, and takes it away again.
void crash_guard_thread(struct crash_stack *stack);
void crash_leave_thread(const struct crash_stack *stack);

#endif
