// SPDX-License-Identifier: MPL-2.0
// Whatever goes back to the heap passes here first, by a seam of the linker.
#include "aws/secret_heap.h"

#include "base/text.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static const char secret[] = "a secret of more than one heap cell, so that a part of it would be seen";

static size_t frees;
static size_t unwiped; // of them

void __real_free(void *bytes);
void __wrap_free(void *bytes);
void __wrap_free(void *bytes)
{
	const char *at = bytes;
	const size_t size = bytes ? malloc_usable_size(bytes) : 0;
	size_t zeros = 0;
	while (zeros < size && at[zeros] == '\0')
		zeros++;
	frees += bytes != NULL;
	unwiped += zeros < size;
	__real_free(bytes);
}

static void assert_wiped(size_t count)
{
	assert_int_equal(frees, count);
	assert_int_equal(unwiped, 0);
	frees = 0;
}

static void what_is_given_back_is_wiped(void **state)
{
	(void)state;
	frees = unwiped = 0;
	char *taken = secret_heap_take(sizeof secret);
	memcpy(taken, secret, sizeof secret);
	char *copied = secret_heap_copy(secret);
	assert_string_equal(copied, secret);
	secret_heap_give_back(taken);
	secret_heap_give_back(copied);
	secret_heap_give_back(NULL);
	assert_wiped(2);
	// The whole of it, beyond what was asked for too.
	char *more = secret_heap_take(1);
	memset(more, 'x', malloc_usable_size(more));
	secret_heap_give_back(more);
	assert_wiped(1);
}

static void what_is_resized_moves_and_leaves_nothing(void **state)
{
	(void)state;
	frees = unwiped = 0;
	char *bytes = secret_heap_resize(NULL, sizeof secret);
	memcpy(bytes, secret, sizeof secret);
	char *larger = secret_heap_resize(bytes, 64 * sizeof secret);
	assert_wiped(1);
	assert_string_equal(larger, secret);
	char *smaller = secret_heap_resize(larger, 8);
	assert_wiped(1);
	assert_memory_equal(smaller, secret, 8);
	assert_null(secret_heap_resize(smaller, PTRDIFF_MAX)); // and keeps what it cannot move
	assert_memory_equal(smaller, secret, 8);
	assert_wiped(0);
	secret_heap_give_back(smaller);
	assert_wiped(1);
}

static void zeros_are_zeros(void **state)
{
	(void)state;
	frees = unwiped = 0;
	char *zeros = secret_heap_take_zeroed(4, sizeof secret);
	for (size_t i = 0; i < 4 * sizeof secret; i++)
		assert_int_equal(zeros[i], 0);
	assert_null(secret_heap_take_zeroed(SIZE_MAX / 2, 4));
	secret_heap_give_back(zeros);
	assert_wiped(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_given_back_is_wiped),
		cmocka_unit_test(what_is_resized_moves_and_leaves_nothing),
		cmocka_unit_test(zeros_are_zeros),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
