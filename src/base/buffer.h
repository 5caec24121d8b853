// SPDX-License-Identifier: MPL-2.0
// A growing byte buffer with a ceiling. It is sticky: after the first append that fails, appends do nothing, and one
// check at the end tells. It lives on the heap, so that foreign callbacks may append to it.
#ifndef VNS_BASE_BUFFER_H
#define VNS_BASE_BUFFER_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *bytes;
	size_t length;
	size_t room;
	size_t ceiling; // bytes it may hold at most
	bool failed;    // an append did not fit or found no memory; the content is not to be used
	bool secret;    // wiped before it is given back, also when it grows
};

void buffer_init(struct buffer *buffer, size_t ceiling);
void buffer_free(struct buffer *buffer); // usable again afterwards, with the same ceiling

// Makes room for `more` bytes, so that appending them does not ask the system.
void buffer_reserve(struct buffer *buffer, size_t more);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, struct text view);
void buffer_append_char(struct buffer *buffer, char c);
void buffer_append_int64(struct buffer *buffer, int64_t number); // decimal
void buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

// A view of the content, valid until the next append. Empty after a failure.
struct text buffer_text(const struct buffer *buffer);

#endif
