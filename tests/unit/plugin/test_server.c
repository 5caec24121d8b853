// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include "base/clock.h"
#include "base/limits.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <grpc/support/sync.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MANY = 256, MORE_THAN_WORKERS = LIMIT_WORKERS + 40 };

static void assert_reply(struct fixture *fixture, const char *path, struct text request, struct text expected)
{
	struct exchange call;
	channel_start(&fixture->client, &call, path, request, FIXTURE_CALL_MS);
	(void)channel_next(&fixture->client, FIXTURE_CALL_MS);
	assert_int_equal(call.status, GRPC_STATUS_OK);
	assert_true(fixture_reply_is(&call, expected));
	exchange_free(&fixture->client, &call);
}

static void wait_until_finished(struct fixture *fixture)
{
	for (int i = 0; i < 1000 && atomic_load(&fixture->finished) == 0; i++)
		(void)usleep(5000);
	assert_int_equal(atomic_load(&fixture->finished), 1);
}

static void a_request_reaches_its_handler(void **state)
{
	assert_reply(*state, "/toy.Toy/Echo", T("\x12\x05hello"), T("\x0a\x05hello"));
}

static void a_packed_answer_needs_no_handler(void **state)
{
	assert_reply(*state, "/toy.Toy/Packed", T("not even a message"), T("\x12\x04once"));
}

static void what_is_not_served_is_unimplemented(void **state)
{
	struct fixture *fixture = *state;
	static const char *const paths[] = {
		"/toy.Toy/Missing",
		"/toy.Toy/Echo2",
		"/toy.Toy/",
		"/toy.Toy",
		"/toy.Toyx/Echo",
		"/other.Toy/Echo",
		"/x",
		"/",
		"//",
		"/toy.Toy/Echo/",
	};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_int_equal(fixture_ask(&fixture->client, paths[i], T("")), GRPC_STATUS_UNIMPLEMENTED);
}

static void a_handler_without_memory_fails_alone(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(fixture_ask(&fixture->client, "/toy.Toy/Exhaust", T("")), GRPC_STATUS_RESOURCE_EXHAUSTED);
	assert_reply(fixture, "/toy.Toy/Echo", T("\x12\x02on"), T("\x0a\x02on"));
}

static void a_handler_that_does_not_answer_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(fixture_ask(&fixture->client, "/toy.Toy/Silent", T("")), GRPC_STATUS_INTERNAL);
}

static void a_broken_request_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(fixture_ask(&fixture->client, "/toy.Toy/Echo", T("\x12\x7fshort")), GRPC_STATUS_INTERNAL);
}

static void messages_may_be_larger_than_grpc_likes(void **state)
{
	struct fixture *fixture = *state;
	const size_t payload = (size_t)9 * 1024 * 1024;
	char *request = malloc(payload + 5);
	assert_non_null(request);
	memset(request, 'x', payload + 5);
	memcpy(request, "\x12\x80\x80\xC0\x04", 5); // field 2, 9 MiB as a varint
	struct exchange call;
	channel_start(&fixture->client, &call, "/toy.Toy/Echo", (struct text){ request, payload + 5 }, FIXTURE_CALL_MS);
	(void)channel_next(&fixture->client, FIXTURE_CALL_MS);
	assert_int_equal(call.status, GRPC_STATUS_OK);
	request[0] = '\x0a';
	assert_true(fixture_reply_is(&call, (struct text){ request, payload + 5 }));
	exchange_free(&fixture->client, &call);
	free(request);
}

static void assert_all_reply(struct fixture *fixture, struct exchange *calls, size_t count, struct text expected)
{
	for (size_t i = 0; i < count; i++)
		(void)channel_next(&fixture->client, FIXTURE_CALL_MS);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(calls[i].status, GRPC_STATUS_OK);
		assert_true(fixture_reply_is(&calls[i], expected));
		exchange_free(&fixture->client, &calls[i]);
	}
	free(calls);
}

static struct exchange *start_waiting(struct fixture *fixture, size_t count, struct text request)
{
	struct exchange *calls = calloc(count, sizeof *calls);
	assert_non_null(calls);
	for (size_t i = 0; i < count; i++)
		channel_start(&fixture->client, &calls[i], "/toy.Toy/Wait", request, FIXTURE_CALL_MS);
	return calls;
}

// Each call ends only when all are there.
static void hundreds_of_calls_work_at_once(void **state)
{
	struct exchange *calls = start_waiting(*state, MANY, T("\x18\x80\x02")); // number: 256
	assert_all_reply(*state, calls, MANY, T("\x12\x08together"));
}

static void wait_until_waiting(struct fixture *fixture, int64_t number)
{
	int64_t waiting = 0;
	for (int i = 0; i < 2000 && waiting < number; i++) {
		(void)usleep(5000);
		(void)pthread_mutex_lock(&fixture->toy.lock);
		waiting = fixture->toy.waiting;
		(void)pthread_mutex_unlock(&fixture->toy.lock);
	}
	assert_int_equal(waiting, number);
}

// A number that is never reached; every worker is taken, and calls wait for one.
static struct exchange *block_all_workers(struct fixture *fixture)
{
	struct exchange *calls = start_waiting(fixture, MORE_THAN_WORKERS, T("\x18\xFF\xFF\x7F"));
	wait_until_waiting(fixture, LIMIT_WORKERS);
	return calls;
}

// Calls that had arrived are stopped, those in the queue too: all belong to the time that was stopped.
static void stop_is_served_whatever_the_workers_do(void **state)
{
	struct fixture *fixture = *state;
	struct exchange *calls = block_all_workers(fixture);
	struct channel stopper;
	channel_open(&stopper, fixture->address, NULL);
	int64_t before_ms = clock_monotonic_ms(&clock_system);
	assert_int_equal(fixture_ask(&stopper, "/toy.Toy/Stop", T("")), GRPC_STATUS_OK);
	assert_true(clock_monotonic_ms(&clock_system) - before_ms < 30000);
	assert_all_reply(fixture, calls, MORE_THAN_WORKERS, T("\x12\x07stopped"));
	channel_close(&stopper);
}

// But a large request of one does wait: unpacking it takes time that Stop may need.
static void quick_methods_do_not_wait_for_work(void **state)
{
	struct fixture *fixture = *state;
	static char large[128 * 1024 + 4] = "\x12\x80\x80\x08"; // field 2, 128 KiB
	struct exchange *calls = block_all_workers(fixture);
	struct channel other;
	channel_open(&other, fixture->address, NULL);
	struct exchange slow, quick;
	channel_start(&other, &slow, "/toy.Toy/Echo", (struct text){ large, sizeof large }, FIXTURE_CALL_MS);
	(void)usleep(50 * 1000);
	channel_start(&other, &quick, "/toy.Toy/Echo", T("\x12\x05hello"), FIXTURE_CALL_MS);
	assert_ptr_equal(channel_next(&other, FIXTURE_CALL_MS), &quick);
	assert_true(fixture_reply_is(&quick, T("\x0a\x05hello")));
	struct channel stopper;
	channel_open(&stopper, fixture->address, NULL);
	assert_int_equal(fixture_ask(&stopper, "/toy.Toy/Stop", T("")), GRPC_STATUS_OK);
	channel_close(&stopper);
	(void)channel_next(&other, FIXTURE_CALL_MS);
	assert_int_equal(slow.status, GRPC_STATUS_OK);
	exchange_free(&other, &slow);
	exchange_free(&other, &quick);
	assert_all_reply(fixture, calls, MORE_THAN_WORKERS, T("\x12\x07stopped"));
	channel_close(&other);
}

static void shutdown_and_health_do_not_wait_for_work(void **state)
{
	struct fixture *fixture = *state;
	struct exchange *calls = block_all_workers(fixture);
	struct channel other;
	channel_open(&other, fixture->address, NULL);
	struct exchange health;
	channel_start(&other, &health, "/grpc.health.v1.Health/Check", T("\x0a\x06plugin"), FIXTURE_CALL_MS);
	(void)channel_next(&other, FIXTURE_CALL_MS);
	assert_int_equal(health.status, GRPC_STATUS_OK);
	assert_true(fixture_reply_is(&health, T("\x08\x01")));
	exchange_free(&other, &health);
	assert_int_equal(atomic_load(&fixture->finished), 0);
	assert_int_equal(fixture_ask(&other, "/plugin.GRPCController/Shutdown", T("")), GRPC_STATUS_OK);
	wait_until_finished(fixture);
	assert_int_equal(fixture_ask(&other, "/toy.Toy/Stop", T("")), GRPC_STATUS_OK);
	assert_all_reply(fixture, calls, MORE_THAN_WORKERS, T("\x12\x07stopped"));
	channel_close(&other);
}

static void a_stdio_stream_is_held_until_the_host_lets_go(void **state)
{
	struct fixture *fixture = *state;
	struct exchange call;
	channel_start(&fixture->client, &call, "/plugin.GRPCStdio/StreamStdio", T(""), FIXTURE_CALL_MS);
	assert_reply(fixture, "/toy.Toy/Packed", T(""), T("\x12\x04once")); // ends before the stream
	(void)usleep(50 * 1000);
	assert_int_equal(atomic_load(&fixture->finished), 0);
	(void)grpc_call_cancel(call.handle, NULL);
	(void)channel_next(&fixture->client, FIXTURE_CALL_MS);
	exchange_free(&fixture->client, &call);
	wait_until_finished(fixture);
}

// Nobody ever uses it, so that its end means nothing.
static void a_broker_stream_is_held_until_the_host_lets_go(void **state)
{
	struct fixture *fixture = *state;
	struct exchange call;
	channel_start_stream(&fixture->client, &call, "/plugin.GRPCBroker/StartStream");
	assert_reply(fixture, "/toy.Toy/Packed", T(""), T("\x12\x04once")); // ends before the stream
	exchange_free(&fixture->client, &call);
	assert_int_equal(call.status, GRPC_STATUS_CANCELLED);
	assert_reply(fixture, "/toy.Toy/Packed", T(""), T("\x12\x04once"));
	assert_int_equal(atomic_load(&fixture->finished), 0);
}

static void draining_stops_calls_and_waits_for_them(void **state)
{
	struct fixture *fixture = *state;
	struct exchange *calls = start_waiting(fixture, 3, T("\x18\x7F"));
	wait_until_waiting(fixture, 3);
	server_drain(fixture->server, 10 * 1000);
	assert_all_reply(fixture, calls, 3, T("\x12\x07stopped"));
}

// It hangs up without having said anything.
static void ask_nothing(struct fixture *fixture)
{
	const grpc_op nothing_more = { .op = GRPC_OP_SEND_CLOSE_FROM_CLIENT };
	struct exchange call;
	channel_start_stream(&fixture->client, &call, "/toy.Toy/Echo");
	assert_int_equal(grpc_call_start_batch(call.handle, &nothing_more, 1, &call, NULL), GRPC_CALL_OK);
	assert_ptr_equal(channel_next(&fixture->client, FIXTURE_CALL_MS), &call); // said so
	assert_ptr_equal(channel_next(&fixture->client, FIXTURE_CALL_MS), &call); // and was answered
	assert_int_equal(call.status, GRPC_STATUS_INTERNAL);
	exchange_free(&fixture->client, &call);
}

static void a_call_without_a_request_does_not_count_against_others(void **state)
{
	struct fixture *fixture = *state;
	for (int i = 0; i < 3; i++)
		ask_nothing(fixture);
	struct exchange *calls = start_waiting(fixture, 1, T("\x18\x7F"));
	wait_until_waiting(fixture, 1);
	server_drain(fixture->server, FIXTURE_CALL_MS);
	(void)pthread_mutex_lock(&fixture->toy.lock);
	const int64_t waited = fixture->toy.waited;
	(void)pthread_mutex_unlock(&fixture->toy.lock);
	assert_int_equal(waited, 1);
	assert_all_reply(fixture, calls, 1, T("\x12\x07stopped"));
}

// Two calls of Wait that wait for each other meet only where they come by the same connection, and nobody stops those
// of another.
static void connections_have_services_of_their_own(void **state)
{
	struct fixture *fixture = *state;
	struct channel other;
	struct exchange lonely;
	channel_open(&other, fixture->address, NULL);
	channel_start(&other, &lonely, "/toy.Toy/Wait", T("\x18\x02"), FIXTURE_CALL_MS);
	assert_int_equal(fixture_ask(&other, "/toy.Toy/Packed", T("")), GRPC_STATUS_OK);
	assert_all_reply(fixture, start_waiting(fixture, 2, T("\x18\x02")), 2, T("\x12\x08together"));
	assert_int_equal(fixture_ask(&fixture->client, "/toy.Toy/Stop", T("")), GRPC_STATUS_OK);
	assert_false(channel_wait(&other, &lonely, 200));
	server_drain(fixture->server, FIXTURE_CALL_MS);
	assert_true(channel_wait(&other, &lonely, FIXTURE_CALL_MS));
	assert_true(fixture_reply_is(&lonely, T("\x12\x07stopped")));
	exchange_free(&other, &lonely);
	channel_close(&other);
}

// The kernel gives its number to the next connection.
static void a_closed_connection_leaves_nothing_to_the_next(void **state)
{
	struct fixture *fixture = *state;
	for (int i = 0; i < 8; i++) {
		struct channel other;
		channel_open(&other, fixture->address, NULL);
		// Reached by a single call if a connection before had left its own.
		struct exchange lonely;
		channel_start(&other, &lonely, "/toy.Toy/Wait", T("\x18\x02"), FIXTURE_CALL_MS);
		assert_false(channel_wait(&other, &lonely, 50));
		exchange_free(&other, &lonely);
		channel_close(&other);
	}
	assert_reply(fixture, "/toy.Toy/Echo", T("\x12\x05hello"), T("\x0a\x05hello"));
}

static void what_is_turned_away_is_logged(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(fixture_ask(&fixture->client, "/toy.Toy/Missing", T("")), GRPC_STATUS_UNIMPLEMENTED);
	ask_nothing(fixture);
	char lines[4096];
	size_t length = 0;
	for (int count = 0; count < 2; count = lines[length - 1] == '\n' ? count + 1 : count) {
		ssize_t got = read(fixture->log_ends[0], lines + length, 1);
		assert_int_equal(got, 1);
		length++;
	}
	lines[length] = '\0';
	assert_non_null(strstr(lines, "this method is not served"));
	assert_non_null(strstr(lines, "\"grpc_method\":\"/toy.Toy/Missing\""));
	assert_non_null(strstr(lines, "no request was received"));
	assert_non_null(strstr(lines, "\"grpc_method\":\"/toy.Toy/Echo\""));
}

static void a_call_is_logged_with_its_resource_type(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(fixture_ask(&fixture->client, "/toy.Toy/Echo", T("\x0a\x08vns_toys")), GRPC_STATUS_OK);
	char line[2048];
	ssize_t length = read(fixture->log_ends[0], line, sizeof line - 1);
	assert_true(length > 0);
	line[length] = '\0';
	assert_non_null(strstr(line, "\"tf_rpc\":\"Echo\""));
	assert_non_null(strstr(line, "\"tf_resource_type\":\"vns_toys\""));
	assert_non_null(strstr(line, "\"tf_req_id\":\""));
	assert_non_null(strstr(line, "\"tf_req_duration_ms\":"));
	assert_int_equal(line[length - 1], '\n');
}

// Abseil's guard against deadlocks would end the process here, although nobody blocks.
static void locks_may_be_taken_in_any_order(void **state)
{
	(void)state;
	gpr_mu a, b;
	gpr_mu_init(&a);
	gpr_mu_init(&b);
	gpr_mu_lock(&a);
	gpr_mu_lock(&b);
	gpr_mu_unlock(&b);
	gpr_mu_unlock(&a);
	gpr_mu_lock(&b);
	gpr_mu_lock(&a);
	gpr_mu_unlock(&a);
	gpr_mu_unlock(&b);
	gpr_mu_destroy(&a);
	gpr_mu_destroy(&b);
}

int main(void)
{
#define SERVED(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
#define APART(test)  cmocka_unit_test_setup_teardown(test, fixture_setup_apart, fixture_teardown)
	const struct CMUnitTest tests[] = {
		SERVED(a_request_reaches_its_handler),
		SERVED(a_packed_answer_needs_no_handler),
		SERVED(what_is_not_served_is_unimplemented),
		SERVED(a_handler_without_memory_fails_alone),
		SERVED(a_handler_that_does_not_answer_is_an_error),
		SERVED(a_broken_request_is_an_error),
		SERVED(messages_may_be_larger_than_grpc_likes),
		SERVED(hundreds_of_calls_work_at_once),
		SERVED(stop_is_served_whatever_the_workers_do),
		SERVED(quick_methods_do_not_wait_for_work),
		SERVED(shutdown_and_health_do_not_wait_for_work),
		SERVED(a_stdio_stream_is_held_until_the_host_lets_go),
		SERVED(a_broker_stream_is_held_until_the_host_lets_go),
		SERVED(draining_stops_calls_and_waits_for_them),
		SERVED(a_call_without_a_request_does_not_count_against_others),
		SERVED(locks_may_be_taken_in_any_order),
		cmocka_unit_test_setup_teardown(a_call_is_logged_with_its_resource_type, fixture_setup_logged,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_turned_away_is_logged, fixture_setup_logged, fixture_teardown),
		APART(a_request_reaches_its_handler),
		APART(messages_may_be_larger_than_grpc_likes),
		APART(hundreds_of_calls_work_at_once),
		APART(connections_have_services_of_their_own),
		APART(a_closed_connection_leaves_nothing_to_the_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
