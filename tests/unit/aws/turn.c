// SPDX-License-Identifier: MPL-2.0
#include "aws/turn.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

enum { THREADS = 8, TIMES = 200 };

struct shared {
	struct turn turn;
	int inside; // no lock: the turn is one
	int crowds; // times that another was inside, or the turn was free
	int worked;
};

static void count(struct call *call, void *argument)
{
	struct shared *shared = argument;
	shared->crowds += shared->inside++ > 0 || !turn_is_taken(&shared->turn);
	shared->worked++;
	(void)arena_take(call->arena, 16);
	shared->inside--;
}

static void *take_turns(void *argument)
{
	struct shared *shared = argument;
	struct arena arena;
	arena_init(&arena, 0);
	struct call call = { .arena = &arena };
	bool well = true;
	for (int i = 0; i < TIMES; i++)
		well = turn_run(&call, &shared->turn, count, shared) && well;
	arena_free(&arena);
	return well ? argument : NULL;
}

static void one_works_at_a_time(void **state)
{
	(void)state;
	struct shared shared = { .worked = 0 };
	assert_true(turn_init(&shared.turn));
	assert_false(turn_is_taken(&shared.turn));
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_turns, &shared), 0);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, &shared);
	}
	assert_int_equal(shared.worked, THREADS * TIMES);
	assert_int_equal(shared.crowds, 0);
	assert_false(turn_is_taken(&shared.turn));
	turn_destroy(&shared.turn);
}

static void run_out(struct call *call, void *argument)
{
	(void)argument;
	(void)arena_take(call->arena, SIZE_MAX);
}

static void take_a_turn(struct call *call, void *argument)
{
	(void)turn_run(call, argument, run_out, NULL);
	fail_msg("the call goes on without memory");
}

static void who_runs_out_of_memory_gives_the_turn_back(void **state)
{
	(void)state;
	struct shared shared = { .worked = 0 };
	assert_true(turn_init(&shared.turn));
	struct arena arena;
	arena_init(&arena, 0);
	struct call call = { .arena = &arena };
	assert_false(call_run(&call, take_a_turn, &shared.turn));
	assert_false(turn_is_taken(&shared.turn));
	assert_true(turn_run(&call, &shared.turn, count, &shared));
	arena_free(&arena);
	turn_destroy(&shared.turn);
}

// Fires the cancel of a call that waits while this one has the turn.
struct waiting {
	struct shared *shared;
	struct cancel_source *source;
	struct cancel *cancel;
	bool had_turn;
};

static void *wait_for_a_turn(void *argument)
{
	struct waiting *waiting = argument;
	struct arena arena;
	arena_init(&arena, 0);
	struct call call = { .arena = &arena, .cancel = waiting->cancel };
	waiting->had_turn = turn_run(&call, &waiting->shared->turn, count, waiting->shared);
	arena_free(&arena);
	return NULL;
}

static void have_another_wait(struct call *call, void *argument)
{
	(void)call;
	struct waiting *waiting = argument;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, wait_for_a_turn, waiting), 0);
	cancel_source_fire(waiting->source);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void who_is_to_stop_waits_no_longer(void **state)
{
	(void)state;
	struct shared shared = { .worked = 0 };
	assert_true(turn_init(&shared.turn));
	struct waiting waiting = { .shared = &shared, .source = cancel_source_new(), .had_turn = true };
	waiting.cancel = cancel_acquire(waiting.source);
	struct arena arena;
	arena_init(&arena, 0);
	struct call call = { .arena = &arena };
	assert_true(turn_run(&call, &shared.turn, have_another_wait, &waiting));
	assert_false(waiting.had_turn);
	assert_int_equal(shared.worked, 0);
	call.cancel = waiting.cancel; // nor does it begin, though the turn is free
	assert_false(turn_run(&call, &shared.turn, count, &shared));
	assert_int_equal(shared.worked, 0);
	arena_free(&arena);
	cancel_release(waiting.cancel);
	cancel_source_free(waiting.source);
	turn_destroy(&shared.turn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_works_at_a_time),
		cmocka_unit_test(who_runs_out_of_memory_gives_the_turn_back),
		cmocka_unit_test(who_is_to_stop_waits_no_longer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
