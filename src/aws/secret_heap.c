// SPDX-License-Identifier: MPL-2.0
#include "aws/secret_heap.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void *secret_heap_take(size_t size)
{
	return malloc(size);
}

void *secret_heap_take_zeroed(size_t count, size_t size)
{
	return calloc(count, size);
}

char *secret_heap_copy(const char *c_string)
{
	return strdup(c_string);
}

// Always moves: realloc could leave an unwiped copy behind.
void *secret_heap_resize(void *bytes, size_t size)
{
	void *moved = malloc(size);
	if (!moved)
		return NULL;
	if (bytes) {
		const size_t had = malloc_usable_size(bytes);
		memcpy(moved, bytes, had < size ? had : size);
	}
	secret_heap_give_back(bytes);
	return moved;
}

void secret_heap_give_back(void *bytes)
{
	if (bytes)
		explicit_bzero(bytes, malloc_usable_size(bytes));
	free(bytes);
}
