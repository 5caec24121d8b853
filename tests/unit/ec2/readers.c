// SPDX-License-Identifier: MPL-2.0
#include "readers.h"

#include "ec2/send.h"
#include "resources/mirror_session.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int64_t realtime_us(void *context)
{
	(void)context;
	return clock_realtime_us(&clock_system);
}

static int64_t monotonic_ms(void *context)
{
	(void)context;
	return clock_monotonic_ms(&clock_system);
}

static bool sleep_and_count(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	((struct world *)context)->pauses++;
	return clock_sleep_ms(&clock_system, duration_ms, cancel);
}

void open_world(struct world *world, int sessions)
{
	memset(world, 0, sizeof *world);
	harness_open(&world->harness, &mirror_session, NULL);
	world->harness.clock = clock_system;
	world->clock = (struct clock){ realtime_us, monotonic_ms, sleep_and_count, world };
	describer_init(&world->ec2, sessions);
	world->harness.wire.real = &world->ec2.http;
	world->harness.aws->seams.http = &world->ec2.http;
	world->source = cancel_source_new();
	assert_non_null(world->source);
}

void close_world(struct world *world)
{
	world->harness.wire.real = NULL;
	cancel_source_free(world->source);
	harness_close(&world->harness);
}

void read_one(struct reader *reader)
{
	struct world *world = reader->world;
	struct arena arena;
	arena_init(&arena, 0);
	struct diagnostics told = { 0 };
	struct cancel *cancel = cancel_acquire(world->source);
	world->begun++;
	struct call call = { &arena, &told, &log_none, &world->clock, cancel, NULL };
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

void *read_in_thread(void *reader)
{
	read_one(reader);
	return NULL;
}

void read_many(struct world *world, struct reader *readers, int first, int count)
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

void walk(struct world *world, int sessions, int parallelism)
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

void change(struct world *world)
{
	struct query query;
	query_init(&query, &world->harness.arena);
	query_add(&query, T("TrafficMirrorSessionId"), T("tms-00000"));
	struct action_answer answer;
	assert_true(send_action(&world->harness.operation, T("ModifyTrafficMirrorSession"), &query, true, &answer));
}
