// SPDX-License-Identifier: MPL-2.0
// The executable's own malloc comes before the C library's, for libraries too; glibc's works behind it.
#include "allocations.h"

#include <openssl/crypto.h>

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static _Thread_local struct {
	bool active;
	enum allocations_mode mode;
	size_t refuse;
	size_t asked;
	size_t refused;
} torture;

static atomic_long alive;

void allocations_begin(enum allocations_mode mode, size_t n)
{
	torture.mode = mode;
	torture.refuse = n;
	torture.asked = 0;
	torture.refused = 0;
	torture.active = true;
}

void allocations_pause(void)
{
	torture.active = false;
}

void allocations_go_on(void)
{
	torture.active = true;
}

size_t allocations_end(void)
{
	torture.active = false;
	return torture.asked;
}

size_t allocations_refused(void)
{
	return torture.refused;
}

long allocations_alive(void)
{
	return atomic_load(&alive);
}

static bool refuse(void)
{
	if (!torture.active)
		return false;
	const size_t number = torture.asked++;
	const bool is_refused =
		torture.mode == ALLOCATIONS_REFUSE_ONE ? number == torture.refuse : number >= torture.refuse;
	if (!is_refused)
		return false;
	torture.refused++;
	errno = ENOMEM;
	return true;
}

static void *count(void *block)
{
	if (block)
		atomic_fetch_add(&alive, 1);
	return block;
}

void *malloc(size_t size)
{
	return refuse() ? NULL : count(__libc_malloc(size));
}

void *calloc(size_t number, size_t size)
{
	return refuse() ? NULL : count(__libc_calloc(number, size));
}

void *realloc(void *block, size_t size)
{
	if (refuse())
		return NULL;
	if (!block)
		return count(__libc_realloc(NULL, size));
	void *moved = __libc_realloc(block, size);
	if (!moved && size == 0)
		atomic_fetch_sub(&alive, 1);
	return moved;
}

void *reallocarray(void *block, size_t number, size_t size)
{
	if (size && number > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, number * size);
}

void *memalign(size_t alignment, size_t size)
{
	return refuse() ? NULL : count(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **ret_block, size_t alignment, size_t size)
{
	void *block = memalign(alignment, size);
	if (!block)
		return ENOMEM;
	*ret_block = block;
	return 0;
}

void free(void *block)
{
	if (!block)
		return;
	atomic_fetch_sub(&alive, 1);
	__libc_free(block);
}

// --- OpenSSL's hooks ---

static void *crypto_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return refuse() ? NULL : __libc_malloc(size);
}

static void *crypto_realloc(void *block, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return refuse() ? NULL : __libc_realloc(block, size);
}

static void crypto_free(void *block, const char *file, int line)
{
	(void)file;
	(void)line;
	__libc_free(block);
}

bool allocations_hook_openssl(void)
{
	return CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) == 1;
}
