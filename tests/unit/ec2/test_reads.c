// SPDX-License-Identifier: MPL-2.0
// Reads that share requests: how many are made, what each read is told, and what none may be told.
#include "describer.h"
#include "unit/engine/harness.h"

#include "base/limits.h"
#include "ec2/reads.h"
#include "ec2/send.h"
#include "resources/mirror_session.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { MOST_READERS = 64 };

struct world {
	struct harness harness;
	struct describer ec2;
	struct cancel_source *source;
	atomic_int begun; // calls that a wish to stop would reach
};

static void open_world(struct world *world, int sessions)
{
	memset(world, 0, sizeof *world);
	harness_open(&world->harness, &mirror_session, NULL);
	world->harness.clock = clock_system;
	describer_init(&world->ec2, sessions);
	world->harness.wire.real = &world->ec2.http;
	world->harness.aws->seams.http = &world->ec2.http;
	world->source = cancel_source_new();
	assert_non_null(world->source);
}

static void close_world(struct world *world)
{
	world->harness.wire.real = NULL;
	cancel_source_free(world->source);
	harness_close(&world->harness);
}

// One call with an arena of its own that reads one session.
struct reader {
	struct world *world;
	const char *id;
	int number;
	enum reads_result result;
	int version;
	bool is_wrong; // what it was given is another session, or a failure without its one error
	char told[512];
};

static void read_one(struct reader *reader)
{
	struct world *world = reader->world;
	struct arena arena;
	arena_init(&arena, 0);
	struct diagnostics told = { 0 };
	struct cancel *cancel = cancel_acquire(world->source);
	world->begun++;
	struct call call = { &arena, &told, &log_none, &clock_system, cancel, NULL };
	struct operation operation = world->harness.operation;
	operation.call = &call;
	char id[16];
	(void)snprintf(id, sizeof id, "tms-%05d", reader->number);
	const struct xml_node *item = NULL;
	reader->result = reads_describe(&operation, text_of(reader->id ? reader->id : id), &item);
	int64_t version = -1;
	if (reader->result == READS_FOUND) {
		reader->is_wrong = !text_equal(xml_text(item, T("trafficMirrorSessionId")), text_of(id)) ||
				   !text_to_int64(xml_text(item, T("description")), &version);
	}
	reader->version = (int)version;
	if (told.first)
		(void)snprintf(reader->told, sizeof reader->told, "%.*s: %.*s", TEXT_ARG(told.first->summary),
			       TEXT_ARG(told.first->detail));
	reader->is_wrong |= told.errors != (reader->result == READS_FAILED);
	cancel_release(cancel);
	arena_free(&arena);
}

static void *read_in_thread(void *argument)
{
	read_one(argument);
	return NULL;
}

// So many at the same time.
static void read_many(struct world *world, struct reader *readers, int first, int count)
{
	pthread_t threads[MOST_READERS];
	for (int i = 0; i < count; i++) {
		readers[i] = (struct reader){ .world = world, .number = first + i };
		assert_int_equal(pthread_create(&threads[i], NULL, read_in_thread, &readers[i]), 0);
	}
	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		assert_false(readers[i].is_wrong);
	}
}

// As a host does: so many at a time until all are read.
static void walk(struct world *world, int sessions, int parallelism)
{
	struct reader readers[MOST_READERS];
	for (int first = 0; first < sessions; first += parallelism) {
		const int count = sessions - first < parallelism ? sessions - first : parallelism;
		read_many(world, readers, first, count);
		for (int i = 0; i < count; i++) {
			if (readers[i].result != READS_FOUND)
				print_error("%s\n", readers[i].told);
			assert_int_equal(readers[i].result, READS_FOUND);
		}
	}
}

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

static void change(struct world *world)
{
	struct query query;
	query_init(&query, &world->harness.arena);
	query_add(&query, T("TrafficMirrorSessionId"), T("tms-00000"));
	struct action_answer answer;
	assert_true(send_action(&world->harness.operation, T("ModifyTrafficMirrorSession"), &query, true, &answer));
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

static void the_missing_are_gone_and_the_others_found(void **state)
{
	(void)state;
	for (int blames_nobody = 0; blames_nobody < 2; blames_nobody++) {
		struct world world;
		open_world(&world, 5);
		world.ec2.blames_nobody = blames_nobody;
		struct reader readers[MOST_READERS];
		read_many(&world, readers, 0, 9);
		for (int i = 0; i < 9; i++)
			assert_int_equal(readers[i].result, i < 5 ? READS_FOUND : READS_GONE);
		assert_in_range(world.ec2.by_id, 1, blames_nobody ? 12 : 8);
		close_world(&world);
	}
}

// A listing does not have them; EC2 is asked for their very ids.
static void a_listing_says_of_nobody_that_it_is_gone(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 40);
	walk(&world, 40, 10);
	assert_int_equal(world.ec2.pages, 1);
	world.ec2.sessions = 60; // by somebody else's hand
	const int by_id = world.ec2.by_id;
	struct reader readers[MOST_READERS];
	read_many(&world, readers, 50, 12);
	for (int i = 0; i < 12; i++)
		assert_int_equal(readers[i].result, i < 10 ? READS_FOUND : READS_GONE);
	assert_true(world.ec2.by_id > by_id);
	assert_int_equal(world.ec2.pages, 1);
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

static void an_id_longer_than_any_goes_alone(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	world.ec2.id_refusal = "InvalidTrafficMirrorSessionId.NotFound";
	struct reader reader = { .world = &world, .id = "tms-00001-and-whatever-somebody-wrote-into-a-state-by-hand" };
	read_one(&reader);
	assert_int_equal(reader.result, READS_GONE);
	close_world(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_are_asked_for_by_id),
		cmocka_unit_test(many_are_listed),
		cmocka_unit_test(a_crowd_fits_into_few_requests),
		cmocka_unit_test(no_read_sees_what_is_older_than_a_change),
		cmocka_unit_test(a_listing_that_a_change_overtakes_is_not_kept),
		cmocka_unit_test(the_missing_are_gone_and_the_others_found),
		cmocka_unit_test(a_listing_says_of_nobody_that_it_is_gone),
		cmocka_unit_test(without_permission_to_list_ids_do),
		cmocka_unit_test(a_listing_without_an_end_is_left),
		cmocka_unit_test(a_refusal_is_told_to_each),
		cmocka_unit_test(a_wish_to_stop_ends_the_wait),
		cmocka_unit_test(who_waits_takes_over),
		cmocka_unit_test(an_id_longer_than_any_goes_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
