// SPDX-License-Identifier: MPL-2.0
// Successes that do not say what was made, which are not believed, and refusals that nothing else explains. The ids
// differ from test to test, since which ones are new is known to the whole process.
#include "answers.h"
#include "harness.h"

#include "engine/create.h"
#include "engine/import.h"
#include "engine/read.h"
#include "engine/remove.h"
#include "engine/update.h"
#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

#define BARE(name)                                                                                                     \
	{                                                                                                              \
		.action = name, .body = "<return>true</return>"                                                        \
	}
#define SESSION(id)                                                                                                    \
	"<trafficMirrorSession><trafficMirrorSessionId>" id "</trafficMirrorSessionId>"                                \
	"<networkInterfaceId>eni-0123456789abcdef0</networkInterfaceId><ownerId>123456789012</ownerId>"                \
	"<trafficMirrorTargetId>tmt-0123456789abcdef0</trafficMirrorTargetId>"                                         \
	"<trafficMirrorFilterId>tmf-0123456789abcdef0</trafficMirrorFilterId><sessionNumber>1</sessionNumber>"         \
	"<virtualNetworkId>7</virtualNetworkId></trafficMirrorSession>"
#define ONE_RULE(action) "{\"egress_rules\":{},\"ingress_rules\":{\"1\":{\"rule_action\":\"" action "\"}}}"

static void a_create_whose_answer_has_no_id_is_sent_again(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = {
		BARE("CreateTrafficMirrorTarget"),
		{ .action = "CreateTrafficMirrorTarget",
		  .body = "<trafficMirrorTarget><trafficMirrorTargetId/></trafficMirrorTarget>" },
		{ .action = "CreateTrafficMirrorTarget",
		  .body = "<trafficMirrorTarget>" TARGET("tmt-00000000000001401") "</trafficMirrorTarget>" },
	};
	harness_script(&harness, replies);
	struct plan_result plan = harness_plan(&harness, NULL, TARGET_CONFIG, T(""));
	struct value state;
	assert_true(create_object(&harness.operation, &plan.planned, &state));
	harness_check_result(&harness, &plan.planned, &state);
	assert_string_equal(answers_print_field(&harness, &state, "id"), "\"tmt-00000000000001401\"");
	assert_contains(harness_form(&harness, 0), "&ClientToken=");
	assert_string_equal(harness_form(&harness, 1), harness_form(&harness, 0));
	assert_string_equal(harness_form(&harness, 2), harness_form(&harness, 0));
	harness_end_script(&harness);

	static const struct reply lasting[] = { BARE("CreateTrafficMirrorTarget"), BARE("CreateTrafficMirrorTarget"),
						BARE("CreateTrafficMirrorTarget"), BARE("CreateTrafficMirrorTarget") };
	harness_script(&harness, lasting);
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	assert_true(value_is_null(&state));
	assert_int_equal(harness.diagnostics.errors, 1);
	const char *told = harness_told(&harness);
	assert_contains(told, "it has no trafficMirrorTarget/trafficMirrorTargetId; request id: req-4");
	assert_contains(told, "its outcome is unknown");
	harness_end_script(&harness);
	harness_close(&harness);
}

// The state of a session as planned from that description, to the plan with another.
static bool describe_anew(struct harness *harness, const char *from, const char *to, struct value *ret_planned,
			  struct value *ret_state)
{
	struct plan_result plan = harness_plan(harness, NULL, SESSION_CONFIG("tmt-0123456789abcdef0"), T(""));
	struct value prior = plan.planned, configured = harness_value(harness, SESSION_CONFIG("tmt-0123456789abcdef0"));
	*value_field(&prior, T("id")) = value_string(T("tms-00000000000001411"));
	*value_field(&prior, T("virtual_network_id")) = value_integer(7);
	*value_field(&prior, T("packet_length")) = value_null(&type_number);
	*value_field(&prior, T("owner_id")) = value_string(T("123456789012"));
	*value_field(&prior, T("arn")) = value_string(T("a"));
	*value_field(&prior, T("description")) = value_string(text_of(from));
	*value_field(&configured, T("description")) = value_string(text_of(to));
	*ret_planned = value_copy(&harness->arena, &prior);
	*value_field(ret_planned, T("description")) = value_string(text_of(to));
	return update_object(&harness->operation, &prior, ret_planned, &configured, ret_state);
}

static void a_change_whose_answer_has_no_id_is_sent_again(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_session, NULL);
	static const struct reply replies[] = {
		BARE("ModifyTrafficMirrorSession"),
		{ .action = "ModifyTrafficMirrorSession", .body = SESSION("tms-00000000000001411") },
	};
	harness_script(&harness, replies);
	struct value planned, state;
	assert_true(describe_anew(&harness, "old", "", &planned, &state));
	assert_contains(harness_form(&harness, 1), "&RemoveField.1=description");
	assert_string_equal(answers_print_field(&harness, &state, "description"), "\"\"");
	harness_check_result(&harness, &planned, &state);
	harness_end_script(&harness);

	static const struct reply lasting[] = { BARE("ModifyTrafficMirrorSession"), BARE("ModifyTrafficMirrorSession"),
						BARE("ModifyTrafficMirrorSession"),
						BARE("ModifyTrafficMirrorSession") };
	harness_script(&harness, lasting);
	assert_false(describe_anew(&harness, "old", "new", &planned, &state));
	assert_string_equal(answers_print_field(&harness, &state, "description"), "\"old\"");
	assert_contains(harness_told(&harness), "it has no trafficMirrorSession/trafficMirrorSessionId");
	harness_end_script(&harness);
	harness_close(&harness);
}

// From a filter with those ingress rules to the plan of that configuration.
static bool change_rules(struct harness *harness, const char *rules, const char *config, struct value *ret_state)
{
	struct value prior = answers_filter_state(harness, "tmf-00000000000001421", rules),
		     configured = harness_value(harness, config);
	struct plan_result plan = harness_plan(harness, &prior, config, T(""));
	bool good = update_object(&harness->operation, &prior, &plan.planned, &configured, ret_state);
	if (good)
		harness_check_result(harness, &plan.planned, ret_state);
	return good;
}

static void rules_whose_answers_have_no_id_are_sent_again(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		BARE("CreateTrafficMirrorFilterRule"),
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-1421", "1", "accept") },
		BARE("ModifyTrafficMirrorFilterRule"),
		{ .action = "ModifyTrafficMirrorFilterRule", .body = RULE("tmfr-1422", "1", "reject") },
	};
	harness_script(&harness, replies);
	struct value state;
	assert_true(change_rules(&harness, "{}", ONE_RULE("accept"), &state));
	assert_contains(answers_print_field(&harness, &state, "ingress_rules"), "tmfr-1421");
	assert_contains(harness_form(&harness, 0), "&ClientToken=");
	assert_string_equal(harness_form(&harness, 1), harness_form(&harness, 0));
	assert_true(change_rules(&harness, "{\"1\":" RULE_STATE("tmfr-1422", "") "}", ONE_RULE("reject"), &state));
	assert_contains(answers_print_field(&harness, &state, "ingress_rules"), "tmfr-1422");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_rule_that_cannot_be_changed_stays(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = "ModifyTrafficMirrorFilterRule", REFUSAL("InternalWeather", "rain") },
	};
	harness_script(&harness, replies);
	struct value state;
	assert_false(change_rules(&harness, "{\"1\":" RULE_STATE("tmfr-1431", "") "}", ONE_RULE("reject"), &state));
	assert_contains(harness_told(&harness),
			"[ingress_rules] EC2 refused the request: EC2 refused to change ingress rule 1 of the traffic "
			"mirror filter tmf-00000000000001421");
	assert_contains(answers_print_field(&harness, &state, "ingress_rules"), "\"rule_action\":\"accept\"");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_rule_that_is_gone_and_cannot_be_made_again_is_gone(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	enum { TIMES = 8 }; // it may be new
	struct reply replies[TIMES + 1] = {
		[TIMES] = { .action = "CreateTrafficMirrorFilterRule", REFUSAL("InternalWeather", "rain") },
	};
	for (size_t i = 0; i < TIMES; i++)
		replies[i] = (struct reply){ .action = "ModifyTrafficMirrorFilterRule",
					     REFUSAL("InvalidTrafficMirrorFilterRuleId.NotFound", "gone") };
	harness_script(&harness, replies);
	struct value state;
	assert_false(change_rules(&harness, "{\"1\":" RULE_STATE("tmfr-1451", "") "}", ONE_RULE("reject"), &state));
	assert_contains(harness_told(&harness), "EC2 refused to create ingress rule 1");
	assert_string_equal(answers_print_field(&harness, &state, "ingress_rules"), "{}");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void an_object_whose_account_is_not_to_be_had_is_not_read(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	static const struct reply replies[] = {
		{ .action = "DescribeTrafficMirrorFilters",
		  .body = "<trafficMirrorFilterSet><item><trafficMirrorFilterId>tmf-00000000000001461"
			  "</trafficMirrorFilterId></item></trafficMirrorFilterSet>" },
		{ .action = "GetCallerIdentity", REFUSAL("AccessDenied", "Words of STS") },
	};
	harness_script(&harness, replies);
	const struct value prior = harness_value(&harness, "{\"id\":\"tmf-00000000000001461\"}");
	struct value seen;
	assert_false(read_object(&harness.operation, &prior, &seen));
	assert_contains(harness_told(&harness), "Words of STS");
	harness_end_script(&harness);
	harness_close(&harness);
}

// The step that gets no answer is the last, and its error the only one.
static void a_step_without_an_answer_ends_a_change(void **unused)
{
	(void)unused;
	static const struct {
		const char *action, *state_rules, *config;
	} cases[] = {
		{ "CreateTrafficMirrorFilterRule", "{}", ONE_RULE("accept") },
		{ "ModifyTrafficMirrorFilterRule", "{\"1\":" RULE_STATE("tmfr-1471", "") "}", ONE_RULE("reject") },
		{ "DeleteTrafficMirrorFilterRule", "{\"1\":" RULE_STATE("tmfr-1472", "") "}",
		  "{\"egress_rules\":{},\"ingress_rules\":{}}" },
		{ SERVICES, "{}", "{\"egress_rules\":{},\"ingress_rules\":{},\"network_services\":[]}" },
		{ "CreateTags", "{}", "{\"egress_rules\":{},\"ingress_rules\":{},\"tags\":{\"a\":\"b\"}}" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct harness harness;
		harness_open(&harness, &mirror_filter, NULL);
		const struct reply reply = { .action = cases[i].action, .problem = HTTP_UNTRUSTED };
		harness_set_script(&harness, &reply, 1);
		struct value state;
		assert_false(change_rules(&harness, cases[i].state_rules, cases[i].config, &state));
		assert_int_equal(harness.diagnostics.errors, 1);
		assert_contains(harness_told(&harness), cases[i].action);
		harness_end_script(&harness);
		harness_close(&harness);
	}
}

static void what_cannot_be_deleted_stays(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	static const struct reply replies[] = {
		{ .action = "DeleteTrafficMirrorTarget", REFUSAL("UnauthorizedOperation", "no") },
		{ .action = "DeleteTrafficMirrorTarget", REFUSAL("InternalWeather", "rain") },
		{ .action = "DeleteTrafficMirrorTarget", .problem = HTTP_UNTRUSTED },
	};
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness, "{\"id\":\"tmt-00000000000001441\"}");
	assert_false(remove_object(&harness.operation, &prior));
	assert_int_equal(harness.diagnostics.errors, 1);
	assert_contains(harness_told(&harness), "lack the permission ec2:DeleteTrafficMirrorTarget.");
	assert_false(remove_object(&harness.operation, &prior));
	assert_contains(harness_told(&harness),
			"EC2 refused to delete the traffic mirror target tmt-00000000000001441.");
	assert_false(remove_object(&harness.operation, &prior));
	assert_int_equal(harness.diagnostics.errors, 1);
	harness_end_script(&harness);
	harness_close(&harness);
}

static void what_has_no_id_is_nothing(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, NULL);
	harness_set_script(&harness, NULL, 0);
	const struct value prior = harness_value(&harness, "{}");
	struct value seen;
	assert_true(read_object(&harness.operation, &prior, &seen));
	assert_true(value_is_null(&seen));
	assert_true(remove_object(&harness.operation, &prior));
	assert_string_equal(harness_told(&harness), "");
	assert_false(import_object(&harness.call, &mirror_target, T("tmf-0123456789abcdef0"), T(""), &seen));
	assert_contains(harness_told(&harness), "[-] Invalid import id");
	harness_end_script(&harness);
	harness_close(&harness);
}

static void a_change_of_tags_changes_nothing_else(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_session, NULL);
	static const struct reply replies[] = { { .action = "CreateTags", .body = "<return>true</return>" } };
	harness_script(&harness, replies);
	struct value prior = harness_value(&harness, SESSION_CONFIG("tmt-0123456789abcdef0"));
	*value_field(&prior, T("id")) = value_string(T("tms-00000000000001481"));
	const struct value planned = value_copy(&harness.arena, &prior);
	struct value tags = value_map(&harness.arena, &type_string_map, 1), state;
	tags.keys[0] = T("a");
	tags.items[0] = value_string(T("b"));
	*value_field(&planned, T("tags_all")) = tags;
	assert_true(update_object(&harness.operation, &prior, &planned, &prior, &state));
	assert_string_equal(answers_print_field(&harness, &state, "tags_all"), "{\"a\":\"b\"}");
	harness_end_script(&harness);
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_create_whose_answer_has_no_id_is_sent_again),
		cmocka_unit_test(a_change_whose_answer_has_no_id_is_sent_again),
		cmocka_unit_test(rules_whose_answers_have_no_id_are_sent_again),
		cmocka_unit_test(a_rule_that_cannot_be_changed_stays),
		cmocka_unit_test(a_rule_that_is_gone_and_cannot_be_made_again_is_gone),
		cmocka_unit_test(an_object_whose_account_is_not_to_be_had_is_not_read),
		cmocka_unit_test(a_step_without_an_answer_ends_a_change),
		cmocka_unit_test(what_cannot_be_deleted_stays),
		cmocka_unit_test(what_has_no_id_is_nothing),
		cmocka_unit_test(a_change_of_tags_changes_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
