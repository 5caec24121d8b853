// SPDX-License-Identifier: MPL-2.0
#include "plugin/crash.h"

#include "base/text.h"
#include "plugin/socket_file.h"

#include <link.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <unwind.h>

enum { MOST_FRAMES = 64, LINE_BYTES = 512 };

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

// Printed in one write, so that lines of other threads stay apart. What does not fit is left out.
struct line {
	char bytes[LINE_BYTES];
	size_t length;
};

static void add(struct line *line, struct text words)
{
	const size_t room = sizeof line->bytes - line->length;
	const size_t length = words.length < room ? words.length : room;
	if (length > 0)
		memcpy(line->bytes + line->length, words.at, length);
	line->length += length;
}

static void add_hex(struct line *line, uintptr_t number, int digits)
{
	for (int i = digits - 1; i >= 0; i--)
		add(line, text_part(T("0123456789abcdef"), number >> (4 * i) & 15, 1));
}

static void add_address(struct line *line, uintptr_t address)
{
	int digits = 1;
	while (digits < (int)sizeof address * 2 && address >> (4 * digits) != 0)
		digits++;
	add(line, T("0x"));
	add_hex(line, address, digits);
}

static void say(struct line *line)
{
	add(line, T("\n"));
	(void)!write(STDERR_FILENO, line->bytes, line->length);
}

static void say_words(struct text words)
{
	struct line line = { .length = 0 };
	add(&line, words);
	say(&line);
}

// Where a frame is: the address, and the program or shared object that it belongs to.
struct place {
	uintptr_t address;
	uintptr_t start; // what the addresses inside of the file are counted from; the loader chose it
	const char *file;
	bool found;
};

static int find_object(struct dl_phdr_info *object, size_t size, void *argument)
{
	(void)size;
	struct place *place = argument;
	for (size_t i = 0; i < object->dlpi_phnum && !place->found; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		place->found =
			part->p_type == PT_LOAD && place->address - object->dlpi_addr - part->p_vaddr < part->p_memsz;
	}
	if (!place->found)
		return 0;
	place->start = object->dlpi_addr;
	place->file = object->dlpi_name;
	return 1;
}

// "+0x1234" for the program itself, "libc.so.6+0x1234" with its path for a shared object, and a mere address for what
// belongs to neither.
static void say_place(uintptr_t address)
{
	struct line line = { .length = 0 };
	struct place place = { .address = address };
	(void)dl_iterate_phdr(find_object, &place);
	add(&line, T("  "));
	add(&line, text_of(place.file));
	if (place.found)
		add(&line, T("+"));
	add_address(&line, address - place.start);
	say(&line);
}

struct frames {
	uintptr_t at[MOST_FRAMES];
	int count;
};

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *argument)
{
	struct frames *frames = argument;
	if (frames->count == MOST_FRAMES)
		return _URC_END_OF_STACK;
	// A return address may belong to what follows the call, even to another function.
	int before_instruction = 0;
	const uintptr_t address = _Unwind_GetIPInfo(context, &before_instruction);
	if (address == 0)
		return _URC_END_OF_STACK;
	frames->at[frames->count++] = before_instruction ? address : address - 1;
	return _URC_NO_REASON;
}

// The linker's name for exactly this program, as a note of the file has it.
static void say_build(struct text notes)
{
	ElfW(Nhdr) head;
	while (notes.length >= sizeof head) {
		memcpy(&head, notes.at, sizeof head);
		const size_t name_end = sizeof head + ((head.n_namesz + 3U) & ~3U);
		const struct text name = text_part(notes, sizeof head, head.n_namesz);
		const struct text id = text_part(notes, name_end, head.n_descsz);
		if (head.n_type == NT_GNU_BUILD_ID && text_equal(name, T(ELF_NOTE_GNU "\0"))) {
			struct line line = { .length = 0 };
			add(&line, T("build "));
			for (size_t i = 0; i < id.length; i++)
				add_hex(&line, (unsigned char)id.at[i], 2);
			say(&line);
			return;
		}
		notes = text_part(notes, name_end + ((head.n_descsz + 3U) & ~3U), notes.length);
	}
}

// The first object is the program itself.
static int say_program(struct dl_phdr_info *object, size_t size, void *argument)
{
	(void)size;
	(void)argument;
	for (size_t i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		if (part->p_type == PT_NOTE) {
			const void *notes = (const void *)(object->dlpi_addr + part->p_vaddr);
			say_build((struct text){ notes, part->p_memsz });
		}
	}
	return 1;
}

// The signal was reset to its default action on entry, so raising it again ends the process with it.
static void report(int number)
{
	// Should the report itself get stuck, the process still ends.
	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm(2);
	for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++) {
		if (crash_signals[i].number == number)
			say_words(crash_signals[i].says);
	}
	say_words(T("\nterraform-provider-vns " VNS_VERSION " crashed. Please report this with the lines below.\n"));
	(void)dl_iterate_phdr(say_program, NULL);
	struct frames frames = { .count = 0 };
	(void)_Unwind_Backtrace(note_frame, &frames);
	for (int i = 0; i < frames.count; i++)
		say_place(frames.at[i]);
	socket_file_remove_all();
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

// A process that is not dumpable cannot be looked at by a debugger either, so debug mode has a limit instead: too small
// for a file, and a limit of one byte, unlike none at all, is what the kernel takes for "no core" also where a program
// gets them.
static void forbid_core(bool debug)
{
	const struct rlimit least = { .rlim_cur = 1, .rlim_max = 1 };
	if (!debug || setrlimit(RLIMIT_CORE, &least) != 0)
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void crash_install(struct crash_stack *stack, bool core_dump, bool debug)
{
	crash_guard_thread(stack);
	struct sigaction action = { .sa_handler = report, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND) };
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++)
		(void)sigaction(crash_signals[i].number, &action, NULL);
	if (!core_dump)
		forbid_core(debug);
}
