// SPDX-License-Identifier: MPL-2.0
// Reads that share requests: how many are made, what each read is told, and what none may be told.
#include "readers.h"

#include "base/limits.h"

#include <pthread.h>
#include <stdio.h>

static void few_are_asked_for_by_id(void **state)
{
	(void)state;
	for (int sessions = 1; sessions < 10; sessions += 4) {
		struct world world;
		open_world(&world, 5000);
		walk(&world, sessions, 10);
		assert_int_equal(world.ec2.pages, 0);
		assert_in_range(world.ec2.by_id, 1, 4);
		walk(&world, sessions, 1); // the same ones again, one after the other
		assert_int_equal(world.ec2.pages, 0);
		close_world(&world);
	}
}

static void many_are_listed(void **state)
{
	(void)state;
	static const int sizes[] = { 100, 1000, 2500 };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct world world;
		open_world(&world, sizes[i]);
		world.ec2.latency_ms = 20;
		walk(&world, sizes[i], 10);
		print_message("%d sessions: %d by id, %d pages\n", sizes[i], world.ec2.by_id, world.ec2.pages);
		assert_true(world.ec2.by_id + world.ec2.pages <= (sizes[i] + 999) / 1000 + 3);
		close_world(&world);
	}
}

static void a_crowd_fits_into_few_requests(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 100);
	world.ec2.latency_ms = 50;
	struct reader readers[MOST_READERS];
	read_many(&world, readers, 0, MOST_READERS);
	for (int i = 0; i < MOST_READERS; i++)
		assert_int_equal(readers[i].result, READS_FOUND);
	assert_in_range(world.ec2.by_id + world.ec2.pages, 1, 4);
	close_world(&world);
}

// As many as the flight before had come again, if not all at once.
static void who_leads_waits_for_as_many_as_last_time(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 5);
	struct reader readers[2] = { { .world = &world } };
	read_one(&readers[0]);
	const int alone = world.pauses;
	while (world.ec2.largest < 2)
		read_many(&world, readers, 0, 2);
	world.pauses = 0;
	read_one(&readers[0]);
	assert_true(world.pauses > alone);
	world.pauses = 0;
	read_one(&readers[0]);
	assert_int_equal(world.pauses, alone);
	close_world(&world);
}

static void no_read_sees_what_is_older_than_a_change(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 100);
	walk(&world, 60, 20); // has a listing now
	assert_true(world.ec2.pages > 0);
	const int before = world.ec2.by_id + world.ec2.pages;
	struct reader reader = { .world = &world, .number = 99 };
	read_one(&reader);
	assert_int_equal(world.ec2.by_id + world.ec2.pages, before); // from the listing
	change(&world);
	read_one(&reader);
	assert_int_equal(reader.version, 1);
	// Changes and reads in turn do not begin a listing each time.
	const int pages = world.ec2.pages;
	walk(&world, 3, 1);
	assert_int_equal(world.ec2.pages, pages);
	walk(&world, 60, 20); // many do
	assert_true(world.ec2.pages > pages);
	close_world(&world);
}

// The listing is under way, and has looked, when the change is made and answered.
static void a_listing_that_a_change_overtakes_is_not_kept(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 100);
	walk(&world, 9, 9); // the next is the tenth
	world.ec2.is_held = true;
	struct reader early = { .world = &world, .number = 50 };
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, read_in_thread, &early), 0);
	while (world.ec2.held == 0)
		(void)clock_sleep_ms(&clock_system, 1, NULL);
	assert_int_equal(world.ec2.pages, 1);
	change(&world);
	struct reader late = { .world = &world, .number = 51 };
	pthread_t later;
	assert_int_equal(pthread_create(&later, NULL, read_in_thread, &late), 0);
	(void)clock_sleep_ms(&clock_system, 20, NULL); // it waits behind the listing
	world.ec2.is_held = false;
	pthread_join(thread, NULL);
	pthread_join(later, NULL);
	assert_int_equal(early.version, 0);
	assert_int_equal(late.version, 1);
	close_world(&world);
}

static void without_permission_to_list_ids_do(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 100);
	world.ec2.list_refusal = "UnauthorizedOperation";
	walk(&world, 100, 20);
	assert_int_equal(world.ec2.pages, 1); // tried once
	close_world(&world);
}

static void a_listing_without_an_end_is_left(void **state)
{
	(void)state;
	for (int circle = 0; circle < 3; circle++) {
		struct world world;
		open_world(&world, 2500);
		world.ec2.circle = circle;
		world.ec2.is_endless = circle == 0;
		world.ec2.latency_ms = 0;
		walk(&world, 2500, 20);
		assert_int_equal(world.ec2.pages, 3);
		struct reader readers[MOST_READERS];
		read_many(&world, readers, 2500, 2); // on no page
		assert_int_equal(readers[0].result, READS_GONE);
		assert_int_equal(readers[1].result, READS_GONE);
		assert_int_equal(world.ec2.pages, circle == 0 ? LIMIT_LISTING_PAGES : 3);
		close_world(&world);
	}
}

static void a_refusal_is_told_to_each(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	world.ec2.id_refusal = "UnauthorizedOperation";
	struct reader readers[MOST_READERS];
	read_many(&world, readers, 0, 5);
	for (int i = 0; i < 5; i++) {
		char own[64];
		(void)snprintf(own, sizeof own, "tms-%05d", i);
		assert_int_equal(readers[i].result, READS_FAILED);
		assert_contains(readers[i].told, own);
	}
	// One id that is no id is not the others' fault, and is told of with its own.
	world.ec2.id_refusal = "InvalidTrafficMirrorSessionId.Malformed";
	world.ec2.by_id = 0;
	read_many(&world, readers, 0, 5);
	assert_true(world.ec2.by_id >= 5);
	assert_contains(readers[4].told, "tms-00004");
	close_world(&world);
}

static void a_wish_to_stop_ends_the_wait(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	world.ec2.is_held = true;
	struct reader readers[5];
	pthread_t threads[5];
	for (int i = 0; i < 5; i++) {
		readers[i] = (struct reader){ .world = &world, .number = i };
		assert_int_equal(pthread_create(&threads[i], NULL, read_in_thread, &readers[i]), 0);
		while (i == 0 && world.ec2.held == 0)
			(void)clock_sleep_ms(&clock_system, 1, NULL);
	}
	while (world.begun < 5)
		(void)clock_sleep_ms(&clock_system, 1, NULL);
	(void)clock_sleep_ms(&clock_system, 20, NULL); // they stand in line, or come too late for it
	cancel_source_fire(world.source);
	for (int i = 0; i < 5; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(readers[i].result, READS_FAILED);
		assert_contains(readers[i].told, "Stopped");
	}
	// Later calls work.
	world.ec2.is_held = false;
	walk(&world, 5, 5);
	close_world(&world);
}

// The leader is to stop, another call, of a later time, is not.
static void who_waits_takes_over(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	world.ec2.is_held = true;
	struct reader first = { .world = &world, .number = 1 }, second = { .world = &world, .number = 2 };
	pthread_t threads[2];
	assert_int_equal(pthread_create(&threads[0], NULL, read_in_thread, &first), 0);
	while (world.ec2.held == 0)
		(void)clock_sleep_ms(&clock_system, 1, NULL);
	struct world later = world;
	later.source = cancel_source_new();
	second.world = &later;
	assert_int_equal(pthread_create(&threads[1], NULL, read_in_thread, &second), 0);
	(void)clock_sleep_ms(&clock_system, 20, NULL);
	cancel_source_fire(world.source);
	pthread_join(threads[0], NULL);
	assert_int_equal(first.result, READS_FAILED);
	world.ec2.is_held = false;
	pthread_join(threads[1], NULL);
	assert_int_equal(second.result, READS_FOUND);
	cancel_source_free(later.source);
	close_world(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_are_asked_for_by_id),
		cmocka_unit_test(many_are_listed),
		cmocka_unit_test(a_crowd_fits_into_few_requests),
		cmocka_unit_test(who_leads_waits_for_as_many_as_last_time),
		cmocka_unit_test(no_read_sees_what_is_older_than_a_change),
		cmocka_unit_test(a_listing_that_a_change_overtakes_is_not_kept),
		cmocka_unit_test(without_permission_to_list_ids_do),
		cmocka_unit_test(a_listing_without_an_end_is_left),
		cmocka_unit_test(a_refusal_is_told_to_each),
		cmocka_unit_test(a_wish_to_stop_ends_the_wait),
		cmocka_unit_test(who_waits_takes_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
