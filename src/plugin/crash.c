// SPDX-License-Identifier: MPL-2.0
#include "plugin/crash.h"

#include "base/text.h"

#include <execinfo.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <unwind.h>

enum { MOST_FRAMES = 64 };

static const struct crash_signal {
	int number;
	struct text says;
} crash_signals[] = {
	{ SIGSEGV, TEXT("panic: SIGSEGV: memory that is not there was used") },
	{ SIGBUS, TEXT("panic: SIGBUS: memory could not be reached") },
	{ SIGILL, TEXT("panic: SIGILL: an instruction that this processor does not know") },
	{ SIGFPE, TEXT("panic: SIGFPE: an impossible division") },
	{ SIGABRT, TEXT("panic: SIGABRT: a check inside the program failed") },
};

struct frames {
	void *at[MOST_FRAMES];
	int count;
};

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument)
{
	struct frames *frames = argument;
	if (frames->count == MOST_FRAMES)
		return _URC_END_OF_STACK;
	frames->at[frames->count++] = (void *)_Unwind_GetIP(context);
	return _URC_NO_REASON;
}

static void say(struct text words)
{
	(void)!write(STDERR_FILENO, words.at, words.length);
}

// The signal was reset to its default action on entry, so raising it again ends the process with it.
static void report(int number)
{
	// Should the report itself get stuck, the process still ends.
	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm(2);
	for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++) {
		if (crash_signals[i].number == number)
			say(crash_signals[i].says);
	}
	say(T("\n\nterraform-provider-vns " VNS_VERSION " crashed. Please report this with the lines below.\n\n"));
	struct frames frames = { .count = 0 };
	(void)_Unwind_Backtrace(note_frame, &frames);
	backtrace_symbols_fd(frames.at, frames.count, STDERR_FILENO);
	(void)raise(number);
}

void crash_guard_thread(struct crash_stack *stack)
{
	const stack_t alternate = { .ss_sp = stack->bytes, .ss_size = sizeof stack->bytes };
	(void)sigaltstack(&alternate, &stack->before);
}

void crash_leave_thread(const struct crash_stack *stack)
{
	(void)sigaltstack(&stack->before, NULL);
}

void crash_install(struct crash_stack *stack, bool core_dump)
{
	crash_guard_thread(stack);
	struct sigaction action = { .sa_handler = report, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND) };
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++)
		(void)sigaction(crash_signals[i].number, &action, NULL);
	if (!core_dump)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
