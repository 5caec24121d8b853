// SPDX-License-Identifier: MPL-2.0
// Many calls at once, calls during Shutdown, and messages of every size up to the ceiling and past it.
#include "aws_stub.h"
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CALLS = 256, MORE_THAN_THREADS = 400 };

static const int64_t large_ms = 120000;
static const int64_t patience_ms = 20000;

static void wait_for_hanging(struct aws_stub *stub, int count)
{
	int64_t until_us = child_now_us() + patience_ms * 1000;
	while (atomic_load(&stub->hanging) < count && child_now_us() < until_us)
		(void)usleep(5000);
	assert_true(atomic_load(&stub->hanging) >= count);
}

// All of them answer, and each with the same bytes.
static void calls_at_once_do_not_disturb_each_other(void **state)
{
	(void)state;
	static struct exchange exchanges[CALLS];
	struct fixture fixture;
	fixture_start(&fixture, false, NULL);
	struct answer alone;
	plugin_host_call(&fixture.host, PROVIDER_RPC("GetProviderSchema"), T(""), patience_ms, &alone);
	struct channel *channel = &fixture.host.channel;
	for (size_t i = 0; i < CALLS; i++)
		channel_start(channel, &exchanges[i], PROVIDER_RPC("GetProviderSchema"), T(""), patience_ms);
	for (size_t i = 0; i < CALLS; i++) {
		assert_true(channel_wait(channel, &exchanges[i], patience_ms));
		struct answer answer;
		exchange_take_answer(&exchanges[i], &answer);
		assert_int_equal(answer.status, GRPC_STATUS_OK);
		assert_true(text_equal(answer.bytes, alone.bytes));
		answer_free(&answer);
		exchange_free(channel, &exchanges[i]);
	}
	answer_free(&alone);
	fixture_stop(&fixture);
}

static void start_reads(struct fixture *fixture, struct exchange *exchanges, size_t count)
{
	struct text request = fixture_read_request(fixture);
	for (size_t i = 0; i < count; i++)
		channel_start(&fixture->host.channel, &exchanges[i], PROVIDER_RPC("ReadResource"), request,
			      patience_ms);
}

// While 256 calls wait for AWS, everything else is served; StopProvider ends them all with an answer.
static void calls_that_wait_do_not_hold_up_others(void **state)
{
	(void)state;
	static struct exchange exchanges[CALLS];
	static struct aws_stub stub;
	struct fixture fixture;
	aws_stub_start(&stub);
	fixture_start(&fixture, false, NULL);
	fixture_read_schema(&fixture);
	fixture_configure(&fixture, stub.endpoint);
	start_reads(&fixture, exchanges, CALLS);
	wait_for_hanging(&stub, 1);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	assert_int_equal(fixture_status(&fixture, PLUGIN_HOST_HEALTH, T("")), GRPC_STATUS_OK);
	int64_t start_us = child_now_us();
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("StopProvider"), T("")), GRPC_STATUS_OK);
	for (size_t i = 0; i < CALLS; i++) {
		assert_true(channel_wait(&fixture.host.channel, &exchanges[i], patience_ms));
		assert_int_equal(exchanges[i].status, GRPC_STATUS_OK);
		exchange_free(&fixture.host.channel, &exchanges[i]);
	}
	assert_true(child_now_us() - start_us < 30000000);
	// A stop is for the calls of its time.
	(void)fixture_plan_target(&fixture);
	fixture_stop(&fixture);
	aws_stub_stop(&stub);
}

// Even where every thread that may be had is waiting, the wish to stop gets through.
static void a_stop_is_served_when_no_thread_is_left(void **state)
{
	(void)state;
	static struct exchange exchanges[MORE_THAN_THREADS];
	static struct aws_stub stub;
	struct fixture fixture;
	aws_stub_start(&stub);
	fixture_start(&fixture, false, NULL);
	fixture_read_schema(&fixture);
	fixture_configure(&fixture, stub.endpoint);
	start_reads(&fixture, exchanges, MORE_THAN_THREADS);
	wait_for_hanging(&stub, 1);
	int64_t start_us = child_now_us();
	while (child_now_us() - start_us < 10000000) {
		assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("StopProvider"), T("")), GRPC_STATUS_OK);
		if (channel_wait(&fixture.host.channel, &exchanges[MORE_THAN_THREADS - 1], 200))
			break;
	}
	for (size_t i = 0; i < MORE_THAN_THREADS; i++) {
		assert_true(channel_wait(&fixture.host.channel, &exchanges[i], patience_ms));
		assert_int_equal(exchanges[i].status, GRPC_STATUS_OK);
		exchange_free(&fixture.host.channel, &exchanges[i]);
	}
	fixture_stop(&fixture);
	aws_stub_stop(&stub);
}

// The host has given up on them: it does not wait, and neither may the process.
static void shutdown_does_not_wait_for_calls(void **state)
{
	(void)state;
	static struct exchange exchanges[CALLS];
	static struct aws_stub stub;
	struct fixture fixture;
	aws_stub_start(&stub);
	fixture_start(&fixture, false, NULL);
	fixture_read_schema(&fixture);
	fixture_configure(&fixture, stub.endpoint);
	start_reads(&fixture, exchanges, CALLS);
	wait_for_hanging(&stub, 1);
	struct answer answer;
	plugin_host_call(&fixture.host, PLUGIN_HOST_SHUTDOWN, T(""), PLUGIN_HOST_PATIENCE_MS, &answer);
	answer_free(&answer);
	struct child_end end = child_wait(&fixture.host.child, PLUGIN_HOST_PATIENCE_MS);
	assert_true(end.ended);
	assert_int_equal(end.status, 0);
	for (size_t i = 0; i < CALLS; i++) {
		assert_true(channel_wait(&fixture.host.channel, &exchanges[i], patience_ms));
		exchange_free(&fixture.host.channel, &exchanges[i]);
	}
	fixture_free(&fixture);
	aws_stub_stop(&stub);
}

// A ValidateResourceConfig request of exactly `size` bytes, nearly all of which are the configuration's. To be given
// back with free().
static struct text make_large(size_t size)
{
	static const char head[] = "\x0A\x11vns_mirror_target\x12";
	size_t head_length = sizeof head - 1;
	char *bytes = calloc(1, size + 1);
	if (!bytes)
		abort();
	memcpy(bytes, head, head_length);
	// Two nested lengths in five bytes each, so that the sizes of the heads do not depend on them.
	size_t outer = size - head_length - 5;
	size_t inner = outer - 6;
	for (int i = 0; i < 5; i++) {
		char more = i < 4 ? (char)0x80 : 0;
		bytes[head_length + (size_t)i] = (char)((outer >> (7 * i)) & 0x7F) | more;
		bytes[head_length + 6 + (size_t)i] = (char)((inner >> (7 * i)) & 0x7F) | more;
	}
	bytes[head_length + 5] = 0x0A;
	return (struct text){ bytes, size };
}

// The configuration is zeros, no object: a diagnostic, whatever its size.
static void assert_diagnosed(struct fixture *fixture, size_t size)
{
	struct text request = make_large(size);
	struct answer answer;
	plugin_host_call(&fixture->host, PROVIDER_RPC("ValidateResourceConfig"), request, large_ms, &answer);
	if (answer.status != GRPC_STATUS_OK)
		fail_msg("%zu bytes: gRPC status %d, %s", size, (int)answer.status, answer.details);
	const Tfplugin6__ValidateResourceConfig__Response *response = message_unpack(
		&fixture->arena, &tfplugin6__validate_resource_config__response__descriptor, answer.bytes);
	assert_non_null(message_first_error(response->diagnostics, response->n_diagnostics));
	answer_free(&answer);
	free((char *)(uintptr_t)request.at);
}

static void assert_too_large(struct fixture *fixture, size_t size)
{
	struct text request = make_large(size);
	assert_int_equal(fixture_status(fixture, PROVIDER_RPC("ValidateResourceConfig"), request),
			 GRPC_STATUS_RESOURCE_EXHAUSTED);
	free((char *)(uintptr_t)request.at);
}

static void messages_of_every_size_end_in_an_answer(void **state)
{
	(void)state;
	static const size_t mib = 1024 * 1024;
	struct fixture fixture;
	fixture_start(&fixture, true, NULL);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("ValidateResourceConfig"), T("")), GRPC_STATUS_OK);
	assert_diagnosed(&fixture, 64);
	assert_diagnosed(&fixture, 4 * mib);
	assert_diagnosed(&fixture, 4 * mib + 1);
	assert_diagnosed(&fixture, 255 * mib);
	assert_too_large(&fixture, 257 * mib);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	fixture_stop(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_at_once_do_not_disturb_each_other),
		cmocka_unit_test(calls_that_wait_do_not_hold_up_others),
		cmocka_unit_test(a_stop_is_served_when_no_thread_is_left),
		cmocka_unit_test(shutdown_does_not_wait_for_calls),
		cmocka_unit_test(messages_of_every_size_end_in_an_answer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
