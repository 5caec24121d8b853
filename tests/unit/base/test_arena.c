// SPDX-License-Identifier: MPL-2.0
#include "base/arena.h"
#include "base/call.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
	struct arena arena;
	struct diagnostics diagnostics;
	struct call call;
	int takes_left;     // how often the system gives memory
	size_t latest_take; // how much it gave
	int cleaned[4];     // the order of cleanups
	int cleaned_count;
};

// Memory that was used before, as malloc's often is.
static void *scarce_take(void *context, size_t size)
{
	struct fixture *fixture = context;
	if (fixture->takes_left == 0 || size > (size_t)1 << 40) // a sanitizer's malloc ends the process over such sizes
		return NULL;
	fixture->takes_left--;
	fixture->latest_take = size;
	void *memory = malloc(size);
	if (memory)
		memset(memory, 0xDD, size);
	return memory;
}

static void init(struct fixture *fixture, size_t ceiling)
{
	*fixture = (struct fixture){ .takes_left = -1 };
	arena_init(&fixture->arena, ceiling);
	fixture->arena.system_take = scarce_take;
	fixture->arena.system_context = fixture;
	fixture->call = (struct call){ .arena = &fixture->arena, .diagnostics = &fixture->diagnostics };
}

static void takes_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	for (size_t size = 0; size < 300; size++) {
		unsigned char *a = arena_take(&fixture.arena, size);
		unsigned char *b = arena_take(&fixture.arena, size);
		assert_int_equal((uintptr_t)a % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(a[i] | b[i], 0);
		memset(a, 0xAA, size);
		memset(b, 0xBB, size);
		assert_true(size == 0 || a[size - 1] == 0xAA);
	}
	arena_free(&fixture.arena);
	assert_int_equal(fixture.arena.taken_bytes, 0);
	assert_non_null(arena_take(&fixture.arena, 10)); // usable again
	arena_free(&fixture.arena);
}

static void a_large_take_gets_a_block_of_its_own(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	const size_t large = (size_t)5 * 1024 * 1024;
	unsigned char *small = arena_take(&fixture.arena, 1);
	const size_t before = fixture.arena.taken_bytes;
	assert_true(before < large);
	unsigned char *at = arena_take(&fixture.arena, large);
	assert_in_range(fixture.latest_take, large, large + 1024); // not doubled, nor rounded to blocks
	assert_int_equal(fixture.arena.taken_bytes - before, fixture.latest_take);
	assert_int_equal(at[0] | at[large - 1], 0);
	memset(at, 0xAA, large);
	assert_int_equal(*small, 0);
	arena_free(&fixture.arena);
}

static void the_ceiling_can_be_used_up_and_no_more(void **state)
{
	(void)state;
	struct fixture fixture;
	const size_t ceiling = (size_t)100 * 1000;
	init(&fixture, ceiling);
	size_t taken = 0;
	while (arena_try_take(&fixture.arena, 1000))
		taken += 1000;
	assert_true(fixture.arena.taken_bytes <= ceiling);
	assert_true(taken > ceiling * 9 / 10);
	arena_free(&fixture.arena);
}

static void a_ceiling_below_the_first_block_still_serves(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 1024);
	assert_non_null(arena_try_take(&fixture.arena, 500));
	assert_null(arena_try_take(&fixture.arena, 1024));
	arena_free(&fixture.arena);
}

static void overflowing_sizes_are_refused(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	assert_null(arena_try_take(&fixture.arena, SIZE_MAX));
	assert_null(arena_try_take(&fixture.arena, SIZE_MAX - 64));
	arena_free(&fixture.arena);
}

static void take_overflowing_array(struct call *call, void *argument)
{
	(void)argument;
	(void)arena_take_array(call->arena, SIZE_MAX / 8 + 2, 8);
}

static void an_overflowing_product_runs_out(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	assert_false(call_run(&fixture.call, take_overflowing_array, NULL));
	arena_free(&fixture.arena);
}

static void take_much(struct call *call, void *argument)
{
	int *steps = argument;
	for (int i = 0; i < 10; i++) {
		(void)arena_take(call->arena, (size_t)1024 * 1024);
		(*steps)++;
	}
}

static void running_out_leaves_by_the_one_door(void **state)
{
	(void)state;
	for (int given = 0; given <= 10; given++) {
		struct fixture fixture;
		init(&fixture, 0);
		fixture.takes_left = given;
		int steps = 0;
		assert_int_equal(call_run(&fixture.call, take_much, &steps), given == 10);
		assert_int_equal(steps, given);
		assert_null(fixture.arena.exit);
		arena_free(&fixture.arena);
	}
}

static void run_inner(struct call *call, void *argument)
{
	int *steps = argument;
	if (!call_run(call, take_much, steps))
		*steps += 100;
	(void)arena_take(call->arena, (size_t)1024 * 1024);
	*steps += 1000;
}

static void the_innermost_of_nested_runs_is_left(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, (size_t)3 * 1024 * 1024);
	int steps = 0;
	assert_false(call_run(&fixture.call, run_inner, &steps));
	assert_int_equal(steps, 102);
	arena_free(&fixture.arena);
}

static void take_reserved(struct call *call, void *argument)
{
	struct fixture *fixture = argument;
	arena_reserve(call->arena, (size_t)40 * 1000);
	fixture->takes_left = 0;
	for (int i = 0; i < 4; i++)
		(void)arena_take(call->arena, (size_t)9 * 1000);
}

static void what_is_reserved_is_there(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	(void)arena_take(&fixture.arena, 100);
	assert_true(call_run(&fixture.call, take_reserved, &fixture));
	arena_free(&fixture.arena);
	fixture.takes_left = 0;
	assert_false(call_run(&fixture.call, take_reserved, &fixture));
	arena_free(&fixture.arena);
}

struct object {
	struct fixture *fixture;
	int number;
};

static void clean(void *argument)
{
	const struct object *object = argument;
	object->fixture->cleaned[object->fixture->cleaned_count++] = object->number;
}

static void cleanups_run_once_newest_first(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	struct object objects[3] = { { &fixture, 1 }, { &fixture, 2 }, { &fixture, 3 } };
	for (size_t i = 0; i < 3; i++)
		arena_on_free(&fixture.arena, clean, &objects[i]);
	assert_int_equal(fixture.cleaned_count, 0);
	arena_free(&fixture.arena);
	arena_free(&fixture.arena);
	assert_int_equal(fixture.cleaned_count, 3);
	assert_int_equal(fixture.cleaned[0], 3);
	assert_int_equal(fixture.cleaned[2], 1);
}

static void register_cleanup(struct call *call, void *argument)
{
	arena_on_free(call->arena, clean, argument);
}

static void a_cleanup_that_cannot_be_noted_runs_at_once(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	fixture.takes_left = 0;
	struct object object = { &fixture, 7 };
	assert_false(call_run(&fixture.call, register_cleanup, &object));
	assert_int_equal(fixture.cleaned_count, 1);
	arena_free(&fixture.arena);
	assert_int_equal(fixture.cleaned_count, 1);
}

static void printing_measures_itself(void **state)
{
	(void)state;
	struct fixture fixture;
	init(&fixture, 0);
	struct text printed = text_print(&fixture.arena, "%s-%0*d", "a", 5000, 7);
	assert_int_equal(printed.length, 5002);
	assert_int_equal(printed.at[5001], '7');
	assert_int_equal(printed.at[5002], '\0');
	arena_free(&fixture.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_are_zeroed_aligned_and_apart),
		cmocka_unit_test(a_large_take_gets_a_block_of_its_own),
		cmocka_unit_test(the_ceiling_can_be_used_up_and_no_more),
		cmocka_unit_test(a_ceiling_below_the_first_block_still_serves),
		cmocka_unit_test(overflowing_sizes_are_refused),
		cmocka_unit_test(an_overflowing_product_runs_out),
		cmocka_unit_test(running_out_leaves_by_the_one_door),
		cmocka_unit_test(the_innermost_of_nested_runs_is_left),
		cmocka_unit_test(what_is_reserved_is_there),
		cmocka_unit_test(cleanups_run_once_newest_first),
		cmocka_unit_test(a_cleanup_that_cannot_be_noted_runs_at_once),
		cmocka_unit_test(printing_measures_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
