// SPDX-License-Identifier: MPL-2.0
// What the simulator does not do on its own: steps that fail in the middle, attempts that get no answer, and what
// is left in the state then. The ids differ from test to test, since which ones are new is known to the whole process.
#include "answers.h"
#include "harness.h"

#include "engine/create.h"
#include "engine/update.h"
#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

#include <string.h>

static void a_filter_whose_second_rule_fails_is_kept(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		ACCOUNT,
		{ .action = "CreateTrafficMirrorFilter", .body = FILTER("tmf-00000000000000101") FILTER_END },
		{ .action = SERVICES, .body = FILTER("tmf-00000000000000101") FILTER_END },
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-101", "100", "accept") },
		{ .action = "CreateTrafficMirrorFilterRule",
		  REFUSAL("TrafficMirrorFilterRuleLimitExceeded", "Rules per filter limit reached") },
	};
	harness_script(&harness, replies);
	struct plan_result plan = harness_plan(&harness, NULL, "{}", T(""));
	struct value state;
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	assert_int_equal(harness.diagnostics.errors, 1);
	const char *told = harness_told(&harness);
	assert_contains(told, "[egress_rules] EC2 quota exceeded: EC2 refused to create egress rule 100 of the "
			      "traffic mirror filter tmf-00000000000000101. A filter can have up to 10 rules");
	assert_contains(told, "TrafficMirrorFilterRuleLimitExceeded: Rules per filter limit reached (HTTP status 400, "
			      "request id req-5)");
	assert_true(value_is_wholly_known(&state));
	assert_contains(answers_print_field(&harness, &state, "ingress_rules"), "tmfr-101");
	assert_string_equal(answers_print_field(&harness, &state, "egress_rules"), "{}");
	assert_string_equal(answers_print_field(&harness, &state, "network_services"), "[\"amazon-dns\"]");
	assert_contains(answers_print_field(&harness, &state, "arn"),
			":123456789012:traffic-mirror-filter/tmf-0000000000000010");
	harness_end_script(&harness);
	harness_close(&harness);
}

static char *parameter(struct harness *harness, size_t request, const char *name)
{
	struct text rest = text_of(harness_form(harness, request)), part;
	while (text_take_until(&rest, '&', &part)) {
		if (text_starts_with(part, text_of(name)) && part.at[strlen(name)] == '=')
			return text_to_c_string(&harness->arena, text_part(part, strlen(name) + 1, part.length));
	}
	return NULL;
}

static void a_create_keeps_its_token_over_attempts(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = {
		{ .action = "CreateTrafficMirrorTarget", .problem = HTTP_BROKEN },
		{ .action = "CreateTrafficMirrorTarget",
		  .status = 503,
		  .body = "<Code>RequestLimitExceeded</Code><Message>Slow</Message>" },
		{ .action = "CreateTrafficMirrorTarget",
		  .body = "<trafficMirrorTarget>" TARGET("tmt-00000000000000201") "</trafficMirrorTarget>" },
		{ .action = "CreateTrafficMirrorTarget",
		  .body = "<trafficMirrorTarget>" TARGET("tmt-00000000000000202") "</trafficMirrorTarget>" },
	};
	harness_script(&harness, replies);
	struct plan_result plan = harness_plan(&harness, NULL, TARGET_CONFIG, T(""));
	struct value state;
	assert_true(create_object(&harness.operation, &plan.planned, &state));
	harness_check_result(&harness, &plan.planned, &state);
	assert_true(create_object(&harness.operation, &plan.planned, &state));
	const char *token = parameter(&harness, 0, "ClientToken");
	assert_int_equal(strlen(token), 36);
	assert_string_equal(parameter(&harness, 1, "ClientToken"), token);
	assert_string_equal(parameter(&harness, 2, "ClientToken"), token);
	assert_string_not_equal(parameter(&harness, 3, "ClientToken"), token);
	harness_end_script(&harness);
	harness_close(&harness);
}

// Whoever applies a saved plan again asks for the same object and the same rules.
static void the_plan_s_token_is_the_create_s(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		ACCOUNT,
		{ .action = "CreateTrafficMirrorFilter", .body = FILTER("tmf-00000000000000251") FILTER_END },
		{ .action = SERVICES, .body = FILTER("tmf-00000000000000251") FILTER_END },
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-251", "100", "accept") },
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-252", "100", "accept") },
	};
	harness_script(&harness, replies);
	harness.operation.client_token = T("planned");
	struct plan_result plan = harness_plan(&harness, NULL, "{}", T(""));
	struct value state;
	assert_true(create_object(&harness.operation, &plan.planned, &state));
	assert_string_equal(parameter(&harness, 1, "ClientToken"), "planned");
	assert_string_equal(parameter(&harness, 3, "ClientToken"), "planned-ingress-100");
	assert_string_equal(parameter(&harness, 4, "ClientToken"), "planned-egress-100");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void rule_changes(struct harness *harness, const char *id, const char *state_rules, const char *config,
			 bool expected, struct value *ret_state)
{
	struct value prior = answers_filter_state(harness, id, state_rules),
		     configured = harness_value(harness, config);
	struct plan_result plan = harness_plan(harness, &prior, config, T(""));
	assert_int_equal(update_object(&harness->operation, &prior, &plan.planned, &configured, ret_state), expected);
	assert_true(value_is_wholly_known(ret_state));
	if (expected)
		harness_check_result(harness, &plan.planned, ret_state);
}

static void a_rule_that_is_gone_is_made_again(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	// It is asked for again for a while: it may be new.
	enum { TIMES = 8 };
	static struct reply replies[TIMES + 1] = {
		[TIMES] = { .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-602", "1", "reject") },
	};
	for (size_t i = 0; i < TIMES; i++)
		replies[i] = (struct reply){ .action = "ModifyTrafficMirrorFilterRule",
					     REFUSAL("InvalidTrafficMirrorFilterRuleId.NotFound", "gone") };
	harness_script(&harness, replies);
	struct value prior =
		answers_filter_state(&harness, "tmf-00000000000000601", "{\"1\":" RULE_STATE("tmfr-601", "") "}");
	static const char config[] = "{\"egress_rules\":{},\"ingress_rules\":{\"1\":{\"rule_action\":\"reject\"}}}";
	struct value configured = harness_value(&harness, config), state;
	struct plan_result plan = harness_plan(&harness, &prior, config, T(""));
	assert_true(update_object(&harness.operation, &prior, &plan.planned, &configured, &state));
	assert_contains(answers_print_field(&harness, &state, "ingress_rules"), "tmfr-602");
	assert_contains(harness_form(&harness, TIMES), "RuleNumber=1&RuleAction=reject");
	assert_contains(harness_form(&harness, TIMES), "TagSpecification.1.Tag.1.Key=Name");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_rule_that_an_earlier_run_made_a_moment_ago_is_waited_for(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = "CreateTags", REFUSAL("InvalidTrafficMirrorFilterRuleId.NotFound", "not yet") },
		{ .action = "CreateTags", .body = "<return>true</return>" },
	};
	harness_script(&harness, replies);
	struct value state;
	rule_changes(&harness, "tmf-00000000000000651", "{\"1\":" RULE_STATE("tmfr-651", "") "}",
		     "{\"egress_rules\":{},\"ingress_rules\":{\"1\":{}},\"tags\":{\"new\":\"tag\"}}", true, &state);
	assert_contains(harness_form(&harness, 1), "ResourceId.2=tmfr-651");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_rule_of_this_run_is_waited_for(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-661", "1", "accept") },
		{ .action = "CreateTags", REFUSAL("InvalidTrafficMirrorFilterRuleId.NotFound", "not yet") },
		{ .action = "CreateTags", .body = "<return>true</return>" },
	};
	harness_script(&harness, replies);
	struct value state;
	rule_changes(&harness, "tmf-00000000000000661", "{}",
		     "{\"egress_rules\":{},\"ingress_rules\":{\"1\":{}},\"tags\":{\"new\":\"tag\"}}", true, &state);
	harness_end_script(&harness);
	harness_close(&harness);
}

static void deletes_come_last_unless_the_filter_is_full(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply roomy[] = {
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-702", "2", "accept") },
		{ .action = "DeleteTrafficMirrorFilterRule", .body = "" },
	};
	struct value state;
	harness_script(&harness, roomy);
	rule_changes(&harness, "tmf-00000000000000701", "{\"1\":" RULE_STATE("tmfr-701", "") "}",
		     "{\"egress_rules\":{},\"ingress_rules\":{\"2\":{}}}", true, &state);
	harness_end_script(&harness);

	static const struct reply full[] = {
		{ .action = "DeleteTrafficMirrorFilterRule", .body = "" },
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-711", "11", "accept") },
		{ .action = "DeleteTrafficMirrorFilterRule", .body = "" },
		{ .action = "CreateTrafficMirrorFilterRule", REFUSAL("InternalWeather", "rain") },
	};
	struct text rules = T("{"), wanted = T("{");
	for (int i = 1; i <= 10; i++)
		rules = text_print(&harness.arena, "%.*s%s\"%d\":" RULE_STATE("tmfr-7", ""), TEXT_ARG(rules),
				   i > 1 ? "," : "", i);
	for (int i = 3; i <= 12; i++)
		wanted = text_print(&harness.arena, "%.*s%s\"%d\":{}", TEXT_ARG(wanted), i > 3 ? "," : "", i);
	rules = text_print(&harness.arena, "%.*s}", TEXT_ARG(rules));
	wanted = text_print(&harness.arena, "{\"egress_rules\":{},\"ingress_rules\":%.*s}}", TEXT_ARG(wanted));
	harness_script(&harness, full);
	rule_changes(&harness, "tmf-00000000000000701", text_to_c_string(&harness.arena, rules),
		     text_to_c_string(&harness.arena, wanted), false, &state);
	// What exists: 3 to 10 as before, 11 new, 1 and 2 gone, 12 refused.
	const struct value *now = value_field(&state, T("ingress_rules"));
	assert_int_equal(now->count, 9);
	assert_non_null(value_key(now, T("11")));
	assert_null(value_key(now, T("2")));
	assert_null(value_key(now, T("12")));
	assert_contains(harness_told(&harness),
			"[ingress_rules] EC2 refused the request: EC2 refused to create ingress "
			"rule 12 of the traffic mirror filter");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_rule_that_cannot_be_deleted_stays(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = "DeleteTrafficMirrorFilterRule", REFUSAL("UnauthorizedOperation", "no") },
	};
	harness_script(&harness, replies);
	struct value state;
	rule_changes(&harness, "tmf-00000000000000721", "{\"1\":" RULE_STATE("tmfr-721", "") "}",
		     "{\"egress_rules\":{},\"ingress_rules\":{}}", false, &state);
	assert_contains(harness_told(&harness), "EC2 refused to delete ingress rule 1 of the traffic mirror filter");
	assert_contains(answers_print_field(&harness, &state, "ingress_rules"), "tmfr-721");
	harness_end_script(&harness);
	// Nor does anything follow other steps that are refused.
	static const struct reply services[] = { { .action = SERVICES, REFUSAL("UnauthorizedOperation", "no") } };
	harness_script(&harness, services);
	rule_changes(&harness, "tmf-00000000000000721", "{}", "{\"network_services\":[]}", false, &state);
	assert_string_equal(answers_print_field(&harness, &state, "network_services"), "[\"amazon-dns\"]");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void ports_bring_their_protocol(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = "ModifyTrafficMirrorFilterRule",
		  .body = "<trafficMirrorFilterRule>" RULE_INSIDE(
			  "tmfr-801", "1",
			  "accept") "<protocol>6</protocol><sourcePortRange><fromPort>1</fromPort><toPort>3</toPort>"
				    "</sourcePortRange></trafficMirrorFilterRule>" },
	};
	harness_script(&harness, replies);
	struct value state;
	rule_changes(&harness, "tmf-00000000000000801",
		     "{\"1\":" RULE_STATE("tmfr-801", ",\"protocol\":6,\"source_port_range\":{\"from_port\":1,"
						      "\"to_port\":2}") "}",
		     "{\"egress_rules\":{},\"ingress_rules\":{\"1\":{\"protocol\":6,\"source_port_range\":"
		     "{\"from_port\":1,\"to_port\":3}}}}",
		     true, &state);
	assert_string_equal(parameter(&harness, 0, "Protocol"), "6");
	assert_string_equal(parameter(&harness, 0, "SourcePortRange.ToPort"), "3");
	assert_null(parameter(&harness, 0, "RuleAction"));
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_look_that_fails_adds_no_second_error(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_session, NULL);
	static const struct reply replies[] = {
		{ .action = "CreateTrafficMirrorSession", REFUSAL("Strange", "eni-1 is in use by target tmt-1") },
		{ .action = "DescribeTrafficMirrorSessions", .problem = HTTP_UNTRUSTED },
		{ .action = "CreateTrafficMirrorSession",
		  REFUSAL("UnauthorizedOperation",
			  "You are not authorized to perform: ec2:CreateTags on resource x. Encoded: blob") },
	};
	harness_script(&harness, replies);
	struct plan_result plan = harness_plan(&harness, NULL, SESSION_CONFIG("tmt-00000000000000901"), T(""));
	struct value state;
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	assert_int_equal(harness.diagnostics.errors, 1);
	assert_contains(harness_told(&harness), "Strange: eni-1 is in use by target tmt-1");
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	const char *told = harness_told(&harness);
	assert_contains(told, "lack the permission ec2:CreateTags.");
	assert_contains(told, "Encoded: blob");
	harness_end_script(&harness);
	harness_close(&harness);
}

// The interface's list has the session itself, with the number that it has already.
static void a_session_does_not_stand_in_its_own_way(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_session, NULL);
	static const struct reply replies[] = {
		{ .action = "ModifyTrafficMirrorSession", REFUSAL("Strange", "no") },
		{ .action = "DescribeTrafficMirrorSessions",
		  .body = "<trafficMirrorSessionSet><item><trafficMirrorSessionId>tms-1201</trafficMirrorSessionId>"
			  "<sessionNumber>1</sessionNumber></item></trafficMirrorSessionSet>" },
	};
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness, "{\"id\":\"tms-1201\",\"session_number\":1,"
						     "\"network_interface_id\":\"eni-1\",\"description\":\"a\"}");
	struct value planned = harness_value(&harness, "{\"id\":\"tms-1201\",\"session_number\":1,"
						       "\"network_interface_id\":\"eni-1\",\"description\":\"b\"}");
	struct value state;
	assert_false(update_object(&harness.operation, &prior, &planned, &planned, &state));
	assert_contains(harness_told(&harness), "[-] EC2 refused the request: EC2 refused to change the traffic mirror "
						"session tms-1201.");
	assert_true(value_equal(&state, &prior));
	harness_end_script(&harness);
	harness_close(&harness);
}

static void tags_go_to_the_filter_and_its_rules(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = { { .action = "CreateTags", .body = "<return>true</return>" } };
	harness_script(&harness, replies);
	struct value state;
	rule_changes(&harness, "tmf-00000000000001301", "{\"1\":" RULE_STATE("tmfr-1301", "") "}",
		     "{\"egress_rules\":{},\"ingress_rules\":{\"1\":{}},\"name\":\"n\"}", true, &state);
	assert_contains(harness_form(&harness, 0), "&ResourceId.1=tmf-00000000000001301&ResourceId.2=tmfr-1301&"
						   "Tag.1.Key=Name&Tag.1.Value=n");
	harness_end_script(&harness);
	harness_close(&harness);
}

// The owner's account is asked for before anything exists, for objects of which EC2 does not say it.
static void without_an_account_nothing_is_created(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = "GetCallerIdentity", REFUSAL("InvalidClientTokenId", "who?") },
	};
	harness_script(&harness, replies);
	struct plan_result plan = harness_plan(&harness, NULL, "{}", T(""));
	struct value state;
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	assert_true(value_is_null(&state));
	harness_end_script(&harness);
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filter_whose_second_rule_fails_is_kept),
		cmocka_unit_test(a_create_keeps_its_token_over_attempts),
		cmocka_unit_test(the_plan_s_token_is_the_create_s),
		cmocka_unit_test(a_rule_that_is_gone_is_made_again),
		cmocka_unit_test(a_rule_that_an_earlier_run_made_a_moment_ago_is_waited_for),
		cmocka_unit_test(a_rule_of_this_run_is_waited_for),
		cmocka_unit_test(deletes_come_last_unless_the_filter_is_full),
		cmocka_unit_test(a_rule_that_cannot_be_deleted_stays),
		cmocka_unit_test(ports_bring_their_protocol),
		cmocka_unit_test(a_look_that_fails_adds_no_second_error),
		cmocka_unit_test(without_an_account_nothing_is_created),
		cmocka_unit_test(a_session_does_not_stand_in_its_own_way),
		cmocka_unit_test(tags_go_to_the_filter_and_its_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
