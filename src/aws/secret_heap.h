// SPDX-License-Identifier: MPL-2.0
// Memory for libraries that read secrets: malloc and its like, but what is given back is wiped.
#ifndef VNS_AWS_SECRET_HEAP_H
#define VNS_AWS_SECRET_HEAP_H

#include <stddef.h>

void *secret_heap_take(size_t size);
void *secret_heap_take_zeroed(size_t count, size_t size);
char *secret_heap_copy(const char *c_string);
void *secret_heap_resize(void *bytes, size_t size);
void secret_heap_give_back(void *bytes); // NULL is fine

#endif
