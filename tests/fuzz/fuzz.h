// SPDX-License-Identifier: MPL-2.0
// What fuzz targets share. A target is one file with LLVMFuzzerTestOneInput; it is linked with libFuzzer, which makes
// inputs, or with replay.c, which reads those that are kept in corpus/.
#ifndef VNS_TESTS_FUZZ_H
#define VNS_TESTS_FUZZ_H

#include "base/call.h"
#include "value/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

// Input as a sequence of choices. At its end every choice is 0, so targets make 0 the simplest.
struct choices {
	const uint8_t *at;
	size_t left;
};

unsigned choices_below(struct choices *choices, unsigned count); // 0 to count - 1; count is 256 at most
bool choices_one_in(struct choices *choices, unsigned count);    // false at the end
struct text choices_text(struct choices *choices, size_t most);  // a view of the input
struct text choices_rest(struct choices *choices);

// A call of its own, within a ceiling: running out of memory is an outcome like others.
struct fuzz {
	struct arena arena;
	struct diagnostics diagnostics;
	struct call call;
};

// Runs work(call, argument), then checks what holds for every call: texts of diagnostics are there and are UTF-8, and
// the memory taken stays within what so much input may cost.
void fuzz_run(void (*work)(struct call *call, void *argument), void *argument, size_t input_size);
// The number of the random input that replay.c plays, for findings; 0: none.
extern int fuzz_random_input;
// Prints what does not hold and aborts: that is a finding.
void fuzz_check(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

// A type to read values of, chosen from every kind there is, the resources' own among them.
const struct type *fuzz_type(struct arena *arena, struct choices *choices);
// Sound by itself: of its type at every level, keys in order and only once, texts in UTF-8.
void fuzz_check_value(const struct value *value, const struct type *type);
// Written as MessagePack and read again it is the same, and so are its bytes.
void fuzz_check_msgpack(struct arena *arena, const struct value *value, const struct type *type);

#endif
