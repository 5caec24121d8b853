// SPDX-License-Identifier: MPL-2.0
// What refusals mean for people, which ids are new, and how long is waited.
#include "unit/engine/harness.h"

#include "ec2/error.h"
#include "ec2/patience.h"
#include "ec2/recent.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

#include <stdio.h>
#include <string.h>

struct meaning_case {
	const struct resource *resource;
	const char *code;
	const char *expected; // the beginning of the diagnostic
	bool is_plain;
};

static void codes_have_meanings(void **unused)
{
	(void)unused;
	static const struct meaning_case cases[] = {
		{ &mirror_session, "RequestLimitExceeded", "[-] EC2 throttled all attempts", true },
		{ &mirror_session, "TrafficMirrorSessionsPerInterfaceLimitExceeded",
		  "[network_interface_id] EC2 quota exceeded", true },
		{ &mirror_session, "TrafficMirrorSourcesPerTargetLimitExceeded",
		  "[traffic_mirror_target_id] EC2 quota exceeded", true },
		{ &mirror_session, "TrafficMirrorSessionLimitExceeded", "[-] EC2 quota exceeded", true },
		{ &mirror_session, "NetworkInterfaceNotSupported",
		  "[network_interface_id] The network interface cannot be mirrored", true },
		{ &mirror_session, "InvalidNetworkInterfaceID.NotFound",
		  "[network_interface_id] The object does not exist", true },
		{ &mirror_session, "InvalidTrafficMirrorFilterId.NotFound",
		  "[traffic_mirror_filter_id] The object does not exist", true },
		{ &mirror_session, "InvalidTrafficMirrorTargetId.NotFound",
		  "[traffic_mirror_target_id] The object does not exist", true },
		{ &mirror_target, "InvalidTrafficMirrorTarget",
		  "[network_load_balancer_arn] EC2 cannot send packets there", true },
		{ &mirror_target, "ExpiredTokenException", "[-] AWS did not accept the credentials", true },
		{ &mirror_target, "NeverHeardOf", "[-] EC2 refused the request", false },
		{ &mirror_target, "UnsupportedOperation", "[-] EC2 does not support this", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct harness harness;
		harness_open(&harness, cases[i].resource, NULL);
		struct value object = harness_value(
			&harness,
			cases[i].resource == &mirror_target
				? "{\"network_load_balancer_arn\":\"arn\"}"
				: "{\"network_interface_id\":\"eni-1\",\"traffic_mirror_target_id\":\"tmt-1\","
				  "\"traffic_mirror_filter_id\":\"tmf-1\"}");
		const struct error_place place = {
			.action = T("DoThing"),
			.doing = T("do a thing"),
			.rows = cases[i].resource->set.rows,
			.object = &object,
		};
		const struct action_answer refusal = {
			.http_status = 400,
			.request_id = T("r-1"),
			.error_code = text_of(cases[i].code),
			.error_message = T("Words of EC2"),
			.outcome_unknown = i % 2 == 1,
		};
		error_add(&harness.call, &place, &refusal);
		assert_int_equal(error_is_plain(refusal.error_code), cases[i].is_plain);
		const char *told = harness_told(&harness);
		assert_contains(told, cases[i].expected);
		assert_contains(told, "EC2 refused to do a thing. ");
		assert_contains(told, "Words of EC2 (HTTP status 400, request id r-1)");
		assert_contains(told, cases[i].code);
		assert_int_equal(strstr(told, "its outcome is unknown") != NULL, i % 2 == 1);
		harness_close(&harness);
	}
}

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

static void patience_ends(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	int64_t start_ms = harness.now_ms;
	struct patience patience = patience_of(PATIENCE_IN_USE_MS);
	while (patience_wait(&harness.call, &patience))
		continue;
	assert_int_equal(harness.now_ms - start_ms, PATIENCE_IN_USE_MS);

	struct cancel_source *source = cancel_source_new();
	struct cancel *cancel = cancel_acquire(source);
	cancel_source_fire(source);
	harness.call.cancel = cancel;
	patience = patience_of(PATIENCE_IN_USE_MS);
	assert_false(patience_wait(&harness.call, &patience));
	cancel_release(cancel);
	cancel_source_free(source);
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_have_meanings),
		cmocka_unit_test(ids_are_new_for_a_while),
		cmocka_unit_test(what_an_earlier_run_created_is_new_for_a_while_too),
		cmocka_unit_test(patience_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
