// SPDX-License-Identifier: MPL-2.0
// Answers that come late, or say "not found" and "in use" too early: what is waited for, and what is believed. The ids
// differ from test to test, since which ones are new is known to the whole process.
#include "answers.h"
#include "harness.h"

#include "engine/create.h"
#include "engine/read.h"
#include "engine/remove.h"
#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

static void not_found_is_doubted_for_what_is_new(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = {
		{ .action = "CreateTrafficMirrorTarget",
		  .body = "<trafficMirrorTarget>" TARGET("tmt-00000000000000301") "</trafficMirrorTarget>" },
		{ .action = "DescribeTrafficMirrorTargets", REFUSAL("InvalidTrafficMirrorTargetId.NotFound", "no") },
		{ .action = "DescribeTrafficMirrorTargets", .body = "<trafficMirrorTargetSet/>" },
		{ .action = "DescribeTrafficMirrorTargets",
		  .body = "<trafficMirrorTargetSet><item>" TARGET(
			  "tmt-00000000000000301") "</item></trafficMirrorTargetSet>" },
		{ .action = "CreateTrafficMirrorSession", REFUSAL("InvalidTrafficMirrorTargetId.NotFound", "no") },
		{ .action = "CreateTrafficMirrorSession", REFUSAL("InvalidTrafficMirrorTargetId.NotFound", "no") },
		{ .action = "CreateTrafficMirrorSession", REFUSAL("NetworkInterfaceNotSupported", "not that one") },
	};
	harness_script(&harness, replies);
	struct plan_result plan = harness_plan(&harness, NULL, TARGET_CONFIG, T(""));
	struct value state, seen;
	assert_true(create_object(&harness.operation, &plan.planned, &state));
	assert_true(read_object(&harness.operation, &state, &seen));
	assert_true(value_is_known(&seen));
	harness_use(&harness, &mirror_session);
	plan = harness_plan(&harness, NULL, SESSION_CONFIG("tmt-00000000000000301"), T(""));
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	assert_true(value_is_null(&state));
	assert_contains(harness_told(&harness), "[network_interface_id] The network interface cannot be mirrored");
	harness_end_script(&harness);

	// An old id is believed at once, and what is deleted is old.
	static const struct reply later[] = {
		{ .action = "DeleteTrafficMirrorTarget",
		  .body = "<trafficMirrorTargetId>tmt-00000000000000301</trafficMirrorTargetId>" },
		{ .action = "DescribeTrafficMirrorTargets", REFUSAL("InvalidTrafficMirrorTargetId.NotFound", "no") },
		{ .action = "CreateTrafficMirrorSession", REFUSAL("InvalidTrafficMirrorTargetId.NotFound", "no") },
	};
	harness_script(&harness, later);
	harness_use(&harness, &mirror_target);
	assert_true(remove_object(&harness.operation, &seen));
	assert_true(read_object(&harness.operation, &seen, &state));
	assert_true(value_is_null(&state));
	harness_use(&harness, &mirror_session);
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	assert_contains(harness_told(&harness), "[traffic_mirror_target_id] The object does not exist");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void gone_has_three_faces(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = {
		{ .action = "DescribeTrafficMirrorTargets", REFUSAL("InvalidTrafficMirrorTargetId.NotFound", "no") },
		{ .action = "DescribeTrafficMirrorTargets", .body = "<trafficMirrorTargetSet/>" },
		{ .action = "DescribeTrafficMirrorTargets",
		  .body = "<trafficMirrorTargetSet><item>" TARGET(
			  "tmt-00000000000000402") "</item></trafficMirrorTargetSet>" },
		{ .action = "DescribeTrafficMirrorTargets", REFUSAL("UnauthorizedOperation", "You shall not. abcDEF") },
	};
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness, "{\"id\":\"tmt-00000000000000401\"}"), seen;
	for (int i = 0; i < 3; i++) {
		assert_true(read_object(&harness.operation, &prior, &seen));
		assert_true(value_is_null(&seen));
	}
	assert_false(read_object(&harness.operation, &prior, &seen));
	const char *told = harness_told(&harness);
	assert_contains(told, "lack the permission ec2:DescribeTrafficMirrorTargets.");
	assert_contains(told, "UnauthorizedOperation: You shall not. abcDEF (HTTP status 400, request id req-4)");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void removing_waits_and_then_names_the_sessions(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply busy = { .action = "DeleteTrafficMirrorFilter",
					   REFUSAL("TrafficMirrorFilterInUse", "in use by tms-1") };
	const struct reply patient[] = { busy, busy, { .action = "DeleteTrafficMirrorFilter", .body = "" } };
	struct value prior = answers_filter_state(&harness, "tmf-00000000000000501", "{}");
	harness_script(&harness, patient);
	assert_true(remove_object(&harness.operation, &prior));
	harness_end_script(&harness);

	static struct reply stubborn[16];
	size_t count = 0;
	while (count < 9)
		stubborn[count++] = busy;
	stubborn[count++] = (struct reply){
		.action = "DescribeTrafficMirrorSessions",
		.body = "<trafficMirrorSessionSet><item><trafficMirrorSessionId>tms-1</trafficMirrorSessionId>"
			"<networkInterfaceId>eni-1</networkInterfaceId><tagSet><item><key>Name</key><value>web</value>"
			"</item></tagSet></item><item><trafficMirrorSessionId>tms-2</trafficMirrorSessionId>"
			"<networkInterfaceId>eni-2</networkInterfaceId></item></trafficMirrorSessionSet>",
	};
	harness_set_script(&harness, stubborn, count);
	int64_t start_ms = harness.now_ms;
	assert_false(remove_object(&harness.operation, &prior));
	assert_int_equal(harness.now_ms - start_ms, 20000);
	assert_contains(harness_form(&harness, 9), "Filter.1.Name=traffic-mirror-filter-id&");
	const char *told = harness_told(&harness);
	assert_contains(told, "- tms-1 (\"web\", on eni-1)");
	assert_contains(told, "- tms-2 (without a name, on eni-2)");
	assert_contains(told, "TrafficMirrorFilterInUse: in use by tms-1 (HTTP status 400, request id req-9)");
	harness_end_script(&harness);
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_found_is_doubted_for_what_is_new),
		cmocka_unit_test(gone_has_three_faces),
		cmocka_unit_test(removing_waits_and_then_names_the_sessions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
