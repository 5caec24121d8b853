// SPDX-License-Identifier: MPL-2.0
#include "plugin/workers.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdatomic.h>

enum { JOBS = 8 };

static atomic_int done;

static void count(struct worker_job *job)
{
	(void)job;
	atomic_fetch_add(&done, 1);
}

// Whether its worker is new, at work or idle by then: what was submitted is done, and the threads end.
static void the_end_waits_for_what_was_submitted(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct worker_job jobs[JOBS];
		struct workers *workers = workers_new(1 + (size_t)round % 3);
		assert_non_null(workers);
		atomic_store(&done, 0);
		for (size_t i = 0; i < JOBS; i++) {
			jobs[i] = (struct worker_job){ .work = count };
			assert_true(workers_submit(workers, &jobs[i]));
		}
		workers_free(workers);
		assert_int_equal(atomic_load(&done), JOBS);
	}
}

static void nothing_was_submitted(void **state)
{
	(void)state;
	workers_free(workers_new(1));
	workers_free(NULL);
}

static void no_thread_is_no_promise(void **state)
{
	(void)state;
	struct worker_job job = { .work = count };
	struct workers *workers = workers_new(0);
	assert_non_null(workers);
	assert_false(workers_submit(workers, &job));
	workers_free(workers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_waits_for_what_was_submitted),
		cmocka_unit_test(nothing_was_submitted),
		cmocka_unit_test(no_thread_is_no_promise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
