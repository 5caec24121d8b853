// SPDX-License-Identifier: MPL-2.0
// A secret that the test itself knows only masked, and a search for it in all of the process's memory.
#ifndef VNS_TESTS_AWS_SECRET_H
#define VNS_TESTS_AWS_SECRET_H

#include "base/buffer.h"

#include <stddef.h>

#define SECRET_CHARS 40

// A new one, of capital letters.
void secret_make(void);
char secret_char(size_t i);
// A '%' in the template stands for the secret.
void secret_append(struct buffer *buffer, const char *template);
// How often it stands in the memory that is written to and belongs to no file: the heap, the stack, what was mapped.
size_t secret_count_in_memory(void);
// How often it stood in what went back to the heap, whether or not that was overwritten since. Such a test is linked
// with --wrap=free.
size_t secret_count_given_back(void);

#endif
