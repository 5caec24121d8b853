// SPDX-License-Identifier: MPL-2.0
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(at, size)   __asan_poison_memory_region((at), (size))
#define UNPOISON(at, size) __asan_unpoison_memory_region((at), (size))
#define RED_ZONE           ((size_t)16) // bytes between two takes that nobody may touch
#else
#define POISON(at, size)   ((void)0)
#define UNPOISON(at, size) ((void)0)
#define RED_ZONE           ((size_t)0)
#endif

// The first block covers most calls; later ones double up to the largest.
static const size_t first_block_bytes = (size_t)16 * 1024;
static const size_t largest_block_bytes = (size_t)1024 * 1024;

struct arena_block {
	struct arena_block *older;
	size_t size; // of the bytes below
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena_cleanup {
	struct arena_cleanup *older;
	void (*cleanup)(void *object);
	void *object;
};

void arena_init(struct arena *arena, size_t ceiling_bytes)
{
	*arena = (struct arena){ .ceiling_bytes = ceiling_bytes };
}

void arena_free(struct arena *arena)
{
	for (struct arena_cleanup *c = arena->cleanups; c; c = c->older)
		c->cleanup(c->object);
	struct arena_block *block = arena->blocks;
	while (block) {
		struct arena_block *older = block->older;
		UNPOISON(block->bytes, block->size);
		if (arena->secret)
			explicit_bzero(block->bytes, block->used);
		free(block);
		block = older;
	}
	arena->blocks = NULL;
	arena->cleanups = NULL;
	arena->taken_bytes = 0;
}

// How large the next block's bytes become so that `size` fits; 0 when the ceiling forbids it.
static size_t next_block_bytes(const struct arena *arena, size_t size)
{
	size_t ceiling = arena->ceiling_bytes ? arena->ceiling_bytes : SIZE_MAX;
	size_t left = ceiling - arena->taken_bytes;
	if (left < sizeof(struct arena_block) || size > left - sizeof(struct arena_block))
		return 0;
	left -= sizeof(struct arena_block);
	size_t wanted = arena->blocks ? arena->blocks->size * 2 : first_block_bytes;
	if (wanted > largest_block_bytes)
		wanted = largest_block_bytes;
	if (wanted > left)
		wanted = left;
	return wanted < size ? size : wanted;
}

// Adds a block with room for `size` bytes; false when there is none to be had.
static bool grow(struct arena *arena, size_t size)
{
	size_t wanted = next_block_bytes(arena, size);
	if (wanted == 0)
		return false;
	size_t total = wanted + sizeof(struct arena_block);
	struct arena_block *block =
		arena->system_take ? arena->system_take(arena->system_context, total) : malloc(total);
	if (!block)
		return false;
	block->older = arena->blocks;
	block->size = wanted;
	block->used = 0;
	POISON(block->bytes, wanted);
	arena->blocks = block;
	arena->taken_bytes += total;
	return true;
}

// What a take really occupies; SIZE_MAX when that overflows.
static size_t footprint(size_t size)
{
	size_t step = alignof(max_align_t);
	if (size > SIZE_MAX - RED_ZONE - step)
		return SIZE_MAX;
	return (size + RED_ZONE + step - 1) / step * step;
}

static bool has_room(const struct arena *arena, size_t bytes)
{
	return arena->blocks && arena->blocks->size - arena->blocks->used >= bytes;
}

void *arena_try_take(struct arena *arena, size_t size)
{
	size_t bytes = footprint(size);
	if (bytes == SIZE_MAX || (!has_room(arena, bytes) && !grow(arena, bytes)))
		return NULL;
	unsigned char *at = arena->blocks->bytes + arena->blocks->used;
	arena->blocks->used += bytes;
	UNPOISON(at, size);
	memset(at, 0, size);
	return at;
}

_Noreturn void arena_leave(const struct arena *arena)
{
	if (arena->exit)
		arena->exit(arena->exit_context);
	(void)fputs("terraform-provider-vns: out of memory\n", stderr);
	abort();
}

void *arena_take(struct arena *arena, size_t size)
{
	void *at = arena_try_take(arena, size);
	if (!at)
		arena_leave(arena);
	return at;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		arena_leave(arena);
	return arena_take(arena, count * size);
}

void arena_reserve(struct arena *arena, size_t size)
{
	size_t bytes = footprint(size);
	if (bytes == SIZE_MAX || (!has_room(arena, bytes) && !grow(arena, bytes)))
		arena_leave(arena);
}

void arena_on_free(struct arena *arena, void (*cleanup)(void *object), void *object)
{
	struct arena_cleanup *entry = arena_try_take(arena, sizeof *entry);
	if (!entry) {
		cleanup(object);
		arena_leave(arena);
	}
	entry->cleanup = cleanup;
	entry->object = object;
	entry->older = arena->cleanups;
	arena->cleanups = entry;
}

struct text arena_print(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	size_t size = length < 0 ? 0 : (size_t)length;
	char *at = arena_take(arena, size + 1);
	if (length >= 0)
		(void)vsnprintf(at, size + 1, format, again);
	va_end(again);
	return (struct text){ at, size };
}
