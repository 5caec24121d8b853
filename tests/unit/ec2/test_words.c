// SPDX-License-Identifier: MPL-2.0
// What refusals mean for people, and how long is waited.
#include "unit/engine/harness.h"

#include "ec2/error.h"
#include "ec2/patience.h"
#include "ec2/sessions.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

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

// Ten of them; of the others, how many.
static void users_of_an_object_are_named(void **unused)
{
	(void)unused;
	for (int count = 10; count < 13; count++) {
		struct harness harness;
		harness_open(&harness, &mirror_target, NULL);
		struct text list = T("<trafficMirrorSessionSet>");
		for (int i = 1; i <= count; i++)
			list = text_print(&harness.arena,
					  "%.*s<item><trafficMirrorSessionId>tms-%d</trafficMirrorSessionId>"
					  "<networkInterfaceId>eni-%d</networkInterfaceId></item>",
					  TEXT_ARG(list), i, i);
		list = text_print(&harness.arena, "%.*s</trafficMirrorSessionSet>", TEXT_ARG(list));
		const struct reply reply = { .action = "DescribeTrafficMirrorSessions", .body = list.at };
		harness_set_script(&harness, &reply, 1);
		const struct value target = harness_value(&harness, "{\"id\":\"tmt-1\"}");
		const struct action_answer refusal = { .error_code = T("InUse"), .error_message = T("Words of EC2") };
		sessions_explain_in_use(&harness.operation, &target, &refusal);
		assert_contains(harness_form(&harness, 0),
				"Filter.1.Name=traffic-mirror-target-id&Filter.1.Value.1=tmt-1");
		const char *told = harness_told(&harness);
		assert_contains(told, "[-] Still used by traffic mirror sessions");
		assert_contains(told, "\n  - tms-1 (no name, on eni-1)\n  - tms-2 (no name, on eni-2)\n");
		assert_contains(told, "\n  - tms-10 (no name, on eni-10)");
		assert_lacks(told, "tms-11");
		assert_int_equal(strstr(told, "and 1 more") != NULL, count == 11);
		assert_int_equal(strstr(told, "and 2 more") != NULL, count == 12);
		assert_int_equal(strstr(told, " more") != NULL, count > 10);
		harness_end_script(&harness);
		harness_close(&harness);
	}
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
		cmocka_unit_test(users_of_an_object_are_named),
		cmocka_unit_test(patience_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
