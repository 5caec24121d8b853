// SPDX-License-Identifier: MPL-2.0
// Answers that come late, or say "not found" and "in use" too early: what is waited for, and what is believed. The ids
// differ from test to test, since which ones are new is known to the whole process.
#include "answers.h"
#include "harness.h"

#include "ec2/patience.h"
#include "ec2/recent.h"
#include "engine/create.h"
#include "engine/read.h"
#include "engine/remove.h"
#include "engine/update.h"
#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

static bool stop_instead(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	(void)context, (void)duration_ms, (void)cancel;
	return false;
}

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
		ACCOUNT,
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

#define IS_GONE(action_name)                                                                                           \
	{                                                                                                              \
		.action = action_name, REFUSAL("InvalidTrafficMirrorTargetId.NotFound", "no")                          \
	}

// Seconds since 1970.
static int64_t now_s(const struct harness *harness)
{
	return clock_realtime_us(&harness->clock) / 1000000;
}

static void what_an_earlier_run_created_stays_in_the_state_while_it_is_new(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static struct reply unseen[8];
	for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
		unseen[i] = (struct reply)IS_GONE("DescribeTrafficMirrorTargets");
	harness_script(&harness, unseen);
	struct value prior = harness_value(&harness, "{\"id\":\"tmt-00000000000000311\",\"name\":\"n\"}"), seen;
	recent_recall(&harness.clock, T("tmt-00000000000000311"), now_s(&harness) - 10);
	const int64_t start_ms = harness.now_ms;
	assert_true(read_object(&harness.operation, &prior, &seen));
	assert_true(value_equal(&prior, &seen));
	assert_in_range(harness.now_ms - start_ms, PATIENCE_UNSEEN_MS, PATIENCE_UNSEEN_MS + 1000);
	assert_contains(harness_told(&harness),
			"EC2 does not list the traffic mirror target tmt-00000000000000311 yet");
	harness_end_script(&harness);

	// It turns old while EC2 is asked again and again, and then that is believed.
	harness.now_ms += 90000;
	harness_set_script(&harness, unseen, 6);
	assert_true(read_object(&harness.operation, &prior, &seen));
	assert_true(value_is_null(&seen));
	assert_string_equal(harness_told(&harness), "");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_wish_to_stop_is_not_the_end_of_an_object(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply gone[] = { IS_GONE("DescribeTrafficMirrorTargets"),
					     IS_GONE("DeleteTrafficMirrorTarget") };
	harness_script(&harness, gone);
	struct value prior = harness_value(&harness, "{\"id\":\"tmt-00000000000000321\"}"), seen;
	recent_recall(&harness.clock, T("tmt-00000000000000321"), now_s(&harness));
	struct clock impatient = harness.clock;
	impatient.sleep_ms = stop_instead;
	harness.call.clock = &impatient;
	assert_true(read_object(&harness.operation, &prior, &seen));
	assert_true(value_equal(&prior, &seen));
	(void)harness_told(&harness);
	assert_false(remove_object(&harness.operation, &prior));
	assert_contains(harness_told(&harness),
			"EC2 does not know the traffic mirror target tmt-00000000000000321 yet");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void removing_what_is_new_waits_until_not_found_can_be_believed(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static struct reply gone[9];
	for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
		gone[i] = (struct reply)IS_GONE("DeleteTrafficMirrorTarget");
	harness_script(&harness, gone);
	struct value prior = harness_value(&harness, "{\"id\":\"tmt-00000000000000331\"}");
	recent_recall(&harness.clock, T("tmt-00000000000000331"), now_s(&harness) - 100);
	const int64_t start_ms = harness.now_ms;
	assert_true(remove_object(&harness.operation, &prior));
	assert_in_range(harness.now_ms - start_ms, 20000, 25000);
	harness_end_script(&harness);
	harness_close(&harness);
}

// Its answer was lost, or came after the effect as an error.
static void a_delete_that_was_sent_again_doubts_itself_less_long(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static struct reply gone[9];
	gone[0] = (struct reply){ .action = "DeleteTrafficMirrorTarget", .problem = HTTP_BROKEN };
	for (size_t i = 1; i < sizeof gone / sizeof gone[0]; i++)
		gone[i] = (struct reply)IS_GONE("DeleteTrafficMirrorTarget");
	harness_script(&harness, gone);
	struct value prior = harness_value(&harness, "{\"id\":\"tmt-00000000000000341\"}");
	recent_recall(&harness.clock, T("tmt-00000000000000341"), now_s(&harness));
	const int64_t start_ms = harness.now_ms;
	assert_true(remove_object(&harness.operation, &prior));
	assert_in_range(harness.now_ms - start_ms, PATIENCE_UNSEEN_MS, PATIENCE_UNSEEN_MS + 5000);
	harness_end_script(&harness);
	harness_close(&harness);
}

static void gone_has_two_faces(void **unused)
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
		{ .action = "DescribeTrafficMirrorTargets", .body = "<trafficMirrorTargetSet/>" },
		{ .action = "DescribeTrafficMirrorTargets", REFUSAL("UnauthorizedOperation", "You shall not. abcDEF") },
		{ .action = "DescribeTrafficMirrorTargets", .problem = HTTP_UNTRUSTED },
	};
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness, "{\"id\":\"tmt-00000000000000401\"}"), seen;
	for (int i = 0; i < 2; i++) {
		assert_true(read_object(&harness.operation, &prior, &seen));
		assert_true(value_is_null(&seen));
	}
	assert_false(read_object(&harness.operation, &prior, &seen));
	const char *told = harness_told(&harness);
	assert_contains(told, "lack the permission ec2:DescribeTrafficMirrorTargets.");
	assert_contains(told, "UnauthorizedOperation: You shall not. abcDEF (HTTP status 400, request id req-5)");
	assert_false(read_object(&harness.operation, &prior, &seen));
	assert_contains(harness_told(&harness), "its certificate could not be verified");
	harness_end_script(&harness);
	harness_close(&harness);
}

// Its credentials see nothing of the object, so that they cannot say that it is gone.
// What is remembered of other objects is not pushed out by rules that nothing asks for.
static void a_change_that_touches_no_rule_doubts_none(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = SERVICES, .body = "<trafficMirrorFilter/>" },
		{ .action = "DeleteTrafficMirrorFilterRule",
		  .body = "<trafficMirrorFilterRuleId>tmfr-382</trafficMirrorFilterRuleId>" },
	};
	harness_script(&harness, replies);
	const char *const configs[] = {
		"{\"egress_rules\":{},\"ingress_rules\":{\"1\":{},\"2\":{}},\"network_services\":[]}",
		"{\"egress_rules\":{},\"ingress_rules\":{\"1\":{}}}",
	};
	const struct value prior =
		answers_filter_state(&harness, "tmf-00000000000000381",
				     "{\"1\":" RULE_STATE("tmfr-381", "") ",\"2\":" RULE_STATE("tmfr-382", "") "}");
	for (int touches = 0; touches < 2; touches++) {
		const struct value config = harness_value(&harness, configs[touches]);
		const struct plan_result plan = harness_plan(&harness, &prior, configs[touches], T(""));
		struct value state;
		assert_true(update_object(&harness.operation, &prior, &plan.planned, &config, &state));
		assert_int_equal(recent_has(&harness.clock, T("tmfr-381")), touches);
	}
	harness_end_script(&harness);
	harness_close(&harness);
}

static void not_found_is_not_believed_of_another_account(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = { IS_GONE("DescribeTrafficMirrorTargets"), ACCOUNT,
						IS_GONE("DeleteTrafficMirrorTarget"),
						IS_GONE("DescribeTrafficMirrorTargets"),
						IS_GONE("DeleteTrafficMirrorTarget") };
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness,
					   "{\"id\":\"tmt-00000000000000351\",\"owner_id\":\"210987654321\"}"),
		     ours = harness_value(&harness, "{\"id\":\"tmt-00000000000000351\",\"owner_id\":\"123456789012\"}"),
		     seen;
	assert_false(read_object(&harness.operation, &prior, &seen));
	assert_contains(harness_told(&harness),
			"EC2 does not find the traffic mirror target tmt-00000000000000351, which belongs to the "
			"account 210987654321. The credentials are of the account 123456789012");
	assert_false(remove_object(&harness.operation, &prior));
	assert_contains(harness_told(&harness), "The credentials are of another account");
	assert_true(read_object(&harness.operation, &ours, &seen));
	assert_true(value_is_null(&seen));
	assert_true(remove_object(&harness.operation, &ours));
	assert_string_equal(harness_told(&harness), "");
	harness_end_script(&harness);
	harness_close(&harness);
}

// As with skip_requesting_account_id and skip_credentials_validation: an object that is gone must not stay for ever.
static void not_found_is_believed_where_nobody_knows_the_account(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	harness.aws->leaves_account_open = true;
	static const struct reply replies[] = { IS_GONE("DescribeTrafficMirrorTargets"),
						IS_GONE("DeleteTrafficMirrorTarget") };
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness,
					   "{\"id\":\"tmt-00000000000000361\",\"owner_id\":\"210987654321\"}"),
		     seen;
	assert_true(read_object(&harness.operation, &prior, &seen));
	assert_true(value_is_null(&seen));
	assert_true(remove_object(&harness.operation, &prior));
	assert_string_equal(harness_told(&harness), "");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void not_found_is_not_believed_while_the_account_cannot_be_asked_for(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = {
		IS_GONE("DescribeTrafficMirrorTargets"),
		{ .action = "GetCallerIdentity", REFUSAL("AccessDenied", "Words of STS") }, // which are remembered
		IS_GONE("DeleteTrafficMirrorTarget"),
	};
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness,
					   "{\"id\":\"tmt-00000000000000371\",\"owner_id\":\"123456789012\"}"),
		     seen;
	assert_false(read_object(&harness.operation, &prior, &seen));
	assert_contains(harness_told(&harness), "Words of STS");
	assert_false(remove_object(&harness.operation, &prior));
	assert_contains(harness_told(&harness), "Words of STS");
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
	assert_contains(told, "- tms-2 (no name, on eni-2)");
	assert_contains(told, "TrafficMirrorFilterInUse: in use by tms-1 (HTTP status 400, request id req-9)");
	harness_end_script(&harness);
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_found_is_doubted_for_what_is_new),
		cmocka_unit_test(what_an_earlier_run_created_stays_in_the_state_while_it_is_new),
		cmocka_unit_test(a_wish_to_stop_is_not_the_end_of_an_object),
		cmocka_unit_test(removing_what_is_new_waits_until_not_found_can_be_believed),
		cmocka_unit_test(a_delete_that_was_sent_again_doubts_itself_less_long),
		cmocka_unit_test(gone_has_two_faces),
		cmocka_unit_test(a_change_that_touches_no_rule_doubts_none),
		cmocka_unit_test(not_found_is_not_believed_of_another_account),
		cmocka_unit_test(not_found_is_believed_where_nobody_knows_the_account),
		cmocka_unit_test(not_found_is_not_believed_while_the_account_cannot_be_asked_for),
		cmocka_unit_test(removing_waits_and_then_names_the_sessions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
