// SPDX-License-Identifier: MPL-2.0
// Which ids are new, and for how long.
#include "unit/engine/harness.h"

#include "ec2/patience.h"
#include "ec2/recent.h"
#include "resources/mirror_target.h"

#include <stdio.h>

static void ids_are_new_for_a_while(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	const struct clock *clock = &harness.clock;
	assert_false(recent_has(clock, T("tmt-a")));
	recent_add(clock, T("tmt-a"));
	recent_add(clock, T("tmt-b"));
	assert_true(recent_has(clock, T("tmt-a")));
	assert_false(recent_has(clock, T("tmt-")));
	recent_forget(T("tmt-a"));
	assert_false(recent_has(clock, T("tmt-a")));
	harness.now_ms += 119999;
	assert_true(recent_has(clock, T("tmt-b")));
	harness.now_ms += 1;
	assert_false(recent_has(clock, T("tmt-b")));
	recent_add(clock, T("tmt-first"));
	for (int i = 0; i < 3000; i++) { // more than it keeps: the oldest are believed to be old
		char id[32];
		(void)snprintf(id, sizeof id, "tmt-%d", i);
		recent_add(clock, text_of(id));
	}
	assert_false(recent_has(clock, T("tmt-first")));
	assert_true(recent_has(clock, T("tmt-2999")));
	recent_add(clock, T("an id that is longer than any id of EC2"));
	recent_add(clock, T(""));
	assert_false(recent_has(clock, T("")));
	harness_close(&harness);
}

// By the wall clock, which may have moved, and may be another machine's.
static void what_an_earlier_run_created_is_new_for_a_while_too(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	const struct clock *clock = &harness.clock;
	const int64_t now_s = clock_realtime_us(clock) / 1000000;
	recent_recall(clock, T("tmt-now"), now_s);
	recent_recall(clock, T("tmt-minute"), now_s - 60);
	recent_recall(clock, T("tmt-old"), now_s - 120);
	recent_recall(clock, T("tmt-ahead"), now_s + 119);
	recent_recall(clock, T("tmt-far"), now_s + 120);
	recent_recall(clock, T("tmt-least"), INT64_MIN);
	recent_recall(clock, T("tmt-most"), INT64_MAX);
	static const struct {
		const char *id;
		int64_t until_s;
	} each[] = { { "tmt-now", 120 }, { "tmt-minute", 60 }, { "tmt-old", 0 }, { "tmt-ahead", 120 },
		     { "tmt-far", 0 },   { "tmt-least", 0 },   { "tmt-most", 0 } };
	for (int64_t second = 0; second < 200; second++) {
		for (size_t i = 0; i < sizeof each / sizeof each[0]; i++)
			assert_int_equal(recent_has(clock, text_of(each[i].id)), second < each[i].until_s);
		// Told again and again, by each request, it does not get younger.
		recent_recall(clock, T("tmt-ahead"), now_s + 119);
		harness.now_ms += 1000;
	}
	harness_close(&harness);
}

static void what_was_new_once_can_be_doubted_again(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	const struct clock *clock = &harness.clock;
	recent_add(clock, T("tmt-c"));
	harness.now_ms += RECENT_MS;
	recent_doubt(clock, T("tmt-c"));
	harness.now_ms += PATIENCE_UNSEEN_MS - 1;
	assert_true(recent_has(clock, T("tmt-c")));
	harness.now_ms += 1;
	assert_false(recent_has(clock, T("tmt-c")));
	recent_add(clock, T("tmt-c"));
	harness.now_ms += PATIENCE_UNSEEN_MS;
	recent_doubt(clock, T("tmt-c")); // says less than what is known
	harness.now_ms += PATIENCE_UNSEEN_MS;
	assert_true(recent_has(clock, T("tmt-c")));
	harness_close(&harness);
}

static void the_latest_thousands_are_remembered(void **unused)
{
	(void)unused;
	enum { MORE_THAN_FIT = 5000, FIT = 2048 };
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	struct arena *arena = &harness.arena;
	const struct clock *clock = &harness.clock;
	recent_doubt(clock, T("tms-4"));
	for (int i = 0; i < MORE_THAN_FIT; i++) {
		recent_add(clock, text_print(arena, "tmf-%017x", i));
		if (i % 3 == 0)
			recent_forget(text_print(arena, "tmf-%017x", i - FIT / 2));
	}
	assert_false(recent_has(clock, T("tms-4")));
	for (int i = 0; i < MORE_THAN_FIT; i++) {
		const bool is_forgotten = i < MORE_THAN_FIT - FIT / 2 && (i + FIT / 2) % 3 == 0;
		assert_int_equal(recent_has(clock, text_print(arena, "tmf-%017x", i)),
				 i >= MORE_THAN_FIT - FIT && !is_forgotten);
	}
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_new_for_a_while),
		cmocka_unit_test(what_an_earlier_run_created_is_new_for_a_while_too),
		cmocka_unit_test(what_was_new_once_can_be_doubted_again),
		cmocka_unit_test(the_latest_thousands_are_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
