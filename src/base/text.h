// SPDX-License-Identifier: MPL-2.0
// Text is a pointer and a length; NUL-terminated strings exist only at the border to libc and libraries.
#ifndef VNS_BASE_TEXT_H
#define VNS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

// A view: it owns nothing. `at` may be NULL only when length is 0.
struct text {
	const char *at;
	size_t length;
};

// A view of a string literal, usable in static tables.
#define TEXT(literal)                                                                                                  \
	{                                                                                                              \
		"" literal, sizeof(literal) - 1                                                                        \
	}
// The same as an expression.
#define T(literal) ((struct text)TEXT(literal))
// For printf: "%.*s", TEXT_ARG(view). Longer views than INT_MAX are cut. Evaluates its argument twice.
#define TEXT_ARG(view) text_print_length(view), (view).at

// A view of a NUL-terminated string; NULL gives the empty text.
struct text text_of(const char *c_string);
int text_print_length(struct text view);

bool text_equal(struct text a, struct text b);
bool text_equal_ignore_case(struct text a, struct text b); // ASCII only
int text_compare(struct text a, struct text b);            // byte order, as cty sorts keys
bool text_starts_with(struct text whole, struct text prefix);
bool text_ends_with(struct text whole, struct text suffix);
// Offset of the first occurrence, or SIZE_MAX.
size_t text_find(struct text whole, struct text part);
size_t text_find_char(struct text whole, char wanted);

// The part from `start`, `length` bytes at most; out of range gives less, never a fault.
struct text text_part(struct text whole, size_t start, size_t length);
struct text text_trim(struct text whole); // ASCII blanks and line ends on both sides

// Only visible ASCII, no blanks: it can stand in a header or a log without ending a line there.
bool text_is_visible(struct text view);

// A label of a host name, as regions are: lower-case letters, digits and hyphens, 63 at most, no hyphen at an end.
bool text_is_label(struct text view);

// Takes the part up to the first `separator` off the front of *rest (the separator goes too).
// Returns false when *rest is exhausted; "a,,b" gives "a", "", "b"; "a," gives "a"; "" gives nothing.
bool text_take_until(struct text *rest, char separator, struct text *ret_part);

// The whole text as a decimal number: an optional '-', digits, nothing else. False if not, or out of range.
bool text_to_int64(struct text digits, int64_t *ret_number);

// Copies into the arena.
struct text text_copy(struct arena *arena, struct text view);
char *text_to_c_string(struct arena *arena, struct text view); // stops nowhere: an inner NUL is copied too
struct text text_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct text text_lower(struct arena *arena, struct text view); // ASCII only

// Length of the longest prefix that is well-formed UTF-8 (no surrogates, no overlong forms).
size_t text_utf8_prefix(struct text view);
// The view itself when it is well-formed, else a copy with U+FFFD for every bad byte: protobuf strings must be UTF-8.
struct text text_utf8_repair(struct arena *arena, struct text view);

#endif
