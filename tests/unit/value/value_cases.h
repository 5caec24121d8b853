// SPDX-License-Identifier: MPL-2.0
// The case files of tests/cases/value (generate.py says what the columns mean), and values in their notation.
#ifndef VNS_TESTS_VALUE_CASES_H
#define VNS_TESTS_VALUE_CASES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "value/value.h"

#include <stddef.h>

struct value_case {
	struct text name;
	struct text type;
	struct text input;
	struct text notation;
	struct text output;
};

// Calls `check` for every line of the file, each with an arena of its own, and fails when there are fewer than `least`.
void value_cases_each(const char *file, size_t least, void (*check)(struct arena *arena, const struct value_case *one));
struct text value_cases_unhex(struct arena *arena, struct text hex);
struct text value_cases_unescape(struct arena *arena, struct text cell); // \\, \t and \n
void value_cases_dump(const struct value *value, const struct type *declared, struct buffer *out);
// Fails the test with the case's name when the texts differ.
void value_cases_expect(const struct value_case *one, const char *what, struct text got, struct text wanted);

#endif
