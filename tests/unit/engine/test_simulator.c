// SPDX-License-Identifier: MPL-2.0
// The engine on the simulator: every resource is created, planned again without a difference, read, changed, imported
// and removed, with exactly the calls that each step needs.
#include "harness.h"

#include "ec2/recent.h"
#include "engine/create.h"
#include "engine/import.h"
#include "engine/read.h"
#include "engine/remove.h"
#include "engine/update.h"
#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char endpoint[256];
static pid_t simulator;

static int start_simulator(void **state)
{
	(void)state;
	int ends[2];
	if (pipe(ends) != 0)
		return -1;
	simulator = fork();
	if (simulator == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM); // no test leaves it behind
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		(void)execl(VNS_EC2SIM, VNS_EC2SIM, (char *)NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	FILE *output = fdopen(ends[0], "r");
	char line[512];
	bool good = output && fgets(line, sizeof line, output) && sscanf(line, "endpoint=%255s", endpoint) == 1;
	if (output)
		(void)fclose(output);
	return good ? 0 : -1;
}

static int stop_simulator(void **state)
{
	(void)state;
	(void)kill(simulator, SIGTERM);
	(void)waitpid(simulator, NULL, 0);
	return 0;
}

// An object as core keeps it.
struct object {
	struct value state;
	struct text private_data;
};

static void check_quiet(struct harness *harness)
{
	const char *told = harness_told(harness);
	assert_string_equal(told, "");
}

// Plans the configuration on what is there: nothing may differ, with or without reading first.
static void check_no_change(struct harness *harness, struct object *object, const char *config)
{
	struct plan_result again = harness_plan(harness, &object->state, config, object->private_data);
	assert_string_equal(harness_print(harness, &again.planned), harness_print(harness, &object->state));
	struct value seen;
	(void)harness_take_actions(harness);
	assert_true(read_object(&harness->operation, &object->state, &seen));
	check_quiet(harness);
	assert_string_equal(harness_print(harness, &seen), harness_print(harness, &object->state));
	char expected[128];
	(void)snprintf(expected, sizeof expected, "Describe%ss", harness->operation.resource->ec2_name);
	assert_string_equal(harness_take_actions(harness), expected);
}

static struct object create(struct harness *harness, const char *config)
{
	struct object object;
	struct plan_result plan = harness_plan(harness, NULL, config, T(""));
	object.private_data = plan.private_data;
	bool created = create_object(&harness->operation, &plan.planned, &object.state);
	check_quiet(harness);
	assert_true(created);
	harness_check_result(harness, &plan.planned, &object.state);
	return object;
}

static void update(struct harness *harness, struct object *object, const char *config, const char *expected_actions)
{
	struct plan_result plan = harness_plan(harness, &object->state, config, object->private_data);
	struct value configured = harness_value(harness, config);
	(void)harness_take_actions(harness);
	struct value now;
	bool updated = update_object(&harness->operation, &object->state, &plan.planned, &configured, &now);
	check_quiet(harness);
	assert_true(updated);
	assert_string_equal(harness_take_actions(harness), expected_actions);
	harness_check_result(harness, &plan.planned, &now);
	object->state = now;
	object->private_data = plan.private_data;
	check_no_change(harness, object, config);
}

static void check_import(struct harness *harness, const struct object *object)
{
	struct value stub, seen;
	assert_true(import_object(&harness->call, harness->operation.resource,
				  value_field(&object->state, T("id"))->string, T(""), &stub));
	assert_true(read_object(&harness->operation, &stub, &seen));
	assert_string_equal(harness_print(harness, &seen), harness_print(harness, &object->state));
}

static void remove_it(struct harness *harness, const struct object *object)
{
	assert_true(remove_object(&harness->operation, &object->state));
	assert_true(remove_object(&harness->operation, &object->state)); // gone already
	struct value seen;
	assert_true(read_object(&harness->operation, &object->state, &seen));
	check_quiet(harness);
	assert_true(value_is_null(&seen));
}

static const char *id_of(struct harness *harness, const struct object *object)
{
	return text_to_c_string(&harness->arena, value_field(&object->state, T("id"))->string);
}

static void filter_lives(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, endpoint);
	struct object filter = create(&harness, "{}");
	assert_string_equal(harness_take_actions(&harness),
			    "GetCallerIdentity CreateTrafficMirrorFilter ModifyTrafficMirrorFilterNetworkServices "
			    "CreateTrafficMirrorFilterRule CreateTrafficMirrorFilterRule");
	check_no_change(&harness, &filter, "{}");
	check_import(&harness, &filter);
	assert_contains(harness_print(&harness, &filter.state), "\"deviations\":[]");

	// One rule's action: one call. One more rule: one call. One less: one call.
	update(&harness, &filter, "{\"ingress_rules\":{\"100\":{\"rule_action\":\"reject\"}}}",
	       "ModifyTrafficMirrorFilterRule");
	update(&harness, &filter, "{\"ingress_rules\":{\"100\":{\"rule_action\":\"reject\"},\"90\":{}}}",
	       "CreateTrafficMirrorFilterRule");
	update(&harness, &filter, "{\"ingress_rules\":{\"90\":{}}}", "DeleteTrafficMirrorFilterRule");
	update(&harness, &filter, "{\"ingress_rules\":{\"91\":{}}}",
	       "CreateTrafficMirrorFilterRule DeleteTrafficMirrorFilterRule");
	// Ports, protocol and description come and go.
	update(&harness, &filter,
	       "{\"ingress_rules\":{\"91\":{\"protocol\":6,\"description\":\"web\","
	       "\"destination_port_range\":{\"from_port\":443,\"to_port\":443}}}}",
	       "ModifyTrafficMirrorFilterRule");
	update(&harness, &filter,
	       "{\"ingress_rules\":{\"91\":{\"protocol\":6,\"description\":\"web\","
	       "\"destination_port_range\":{\"from_port\":444,\"to_port\":445}}}}",
	       "ModifyTrafficMirrorFilterRule");
	update(&harness, &filter, "{\"ingress_rules\":{\"91\":{}}}", "ModifyTrafficMirrorFilterRule");
	update(&harness, &filter, "{\"ingress_rules\":{\"91\":{\"description\":\"\"}}}", "");
	// Another way to write a network is no change.
	update(&harness, &filter, "{\"ingress_rules\":{\"91\":{\"source_cidr_block\":\"2001:db8::/32\"}}}",
	       "ModifyTrafficMirrorFilterRule");
	update(&harness, &filter, "{\"ingress_rules\":{\"91\":{\"source_cidr_block\":\"2001:0DB8:0::/32\"}}}", "");
	update(&harness, &filter, "{\"network_services\":[],\"ingress_rules\":{}}",
	       "ModifyTrafficMirrorFilterNetworkServices DeleteTrafficMirrorFilterRule");
	update(&harness, &filter, "{\"tags\":{\"Team\":\"sec\"}}",
	       "ModifyTrafficMirrorFilterNetworkServices CreateTrafficMirrorFilterRule CreateTags");
	update(&harness, &filter, "{\"name\":\"\"}", "DeleteTags");
	remove_it(&harness, &filter);
	harness_close(&harness);
}

static void target_lives(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_target, endpoint);
	static const char config[] = "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\"}";
	struct object target = create(&harness, config);
	assert_string_equal(harness_take_actions(&harness), "CreateTrafficMirrorTarget");
	check_no_change(&harness, &target, config);
	check_import(&harness, &target);
	update(&harness, &target,
	       "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\",\"name\":\"a\",\"tags\":{\"x\":\"\"}}",
	       "CreateTags");
	update(&harness, &target, config, "DeleteTags CreateTags");
	remove_it(&harness, &target);
	target = create(&harness, "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\",\"description\":\"\","
				  "\"name\":\"\"}");
	check_import(&harness, &target);
	remove_it(&harness, &target);
	harness_close(&harness);
}

static const char *session_config(struct harness *harness, const char *filter, const char *target, const char *more)
{
	return text_to_c_string(&harness->arena,
				text_print(&harness->arena,
					   "{\"network_interface_id\":\"eni-0123456789abcdef0\","
					   "\"traffic_mirror_filter_id\":\"%s\",\"traffic_mirror_target_id\":\"%s\"%s}",
					   filter, target, more));
}

// Somebody else's request: pairs of name and value, then NULL.
static void outside(struct harness *harness, const char *action, const char *const *pairs)
{
	struct query query;
	query_init(&query, &harness->arena);
	for (; *pairs; pairs += 2)
		query_add(&query, text_of(pairs[0]), text_of(pairs[1]));
	const struct action sent = {
		.service = AWS_EC2,
		.name = text_of(action),
		.parameters = &query,
		.effect = ACTION_CHANGES,
	};
	struct action_answer answer;
	assert_true(client_send(&harness->call, harness->operation.client, &sent, &answer));
	assert_int_equal(answer.error_code.length, 0);
}

// The number comes back; a packet length that nobody configured is taken as EC2 has it.
static void session_drifts(struct harness *harness, struct object *session, const char *config)
{
	struct value seen;
	assert_true(read_object(&harness->operation, &session->state, &seen));
	assert_contains(harness_print(harness, &seen), "\"packet_length\":64");
	assert_contains(harness_print(harness, &seen), "\"session_number\":9");
	session->state = seen;
	update(harness, session, config, "ModifyTrafficMirrorSession");
}

static void session_changes(struct harness *harness, const char *filter, const char *target, const char *other_target)
{
	const char *plain = session_config(harness, filter, target, "");
	struct object session = create(harness, plain);
	assert_string_equal(harness_take_actions(harness), "CreateTrafficMirrorSession");
	check_no_change(harness, &session, plain);
	check_import(harness, &session);
	static const char modify[] = "ModifyTrafficMirrorSession";
	update(harness, &session, session_config(harness, filter, target, ",\"packet_length\":100"), modify);
	update(harness, &session, plain, modify);
	update(harness, &session, session_config(harness, filter, target, ",\"virtual_network_id\":0"), modify);
	update(harness, &session, plain, modify);
	update(harness, &session, session_config(harness, filter, target, ",\"description\":\"\""), modify);
	update(harness, &session, plain, modify);
	update(harness, &session, session_config(harness, filter, other_target, ""), modify);
	update(harness, &session, session_config(harness, filter, target, ",\"session_number\":7"), modify);

	outside(harness, "ModifyTrafficMirrorSession",
		(const char *const[]){ "TrafficMirrorSessionId", id_of(harness, &session), "SessionNumber", "9",
				       "PacketLength", "64", NULL });
	session_drifts(harness, &session, session_config(harness, filter, target, ",\"session_number\":7"));

	// The number is taken.
	struct object other = create(harness, plain);
	const char *config = session_config(harness, filter, target, ",\"session_number\":7");
	struct plan_result plan = harness_plan(harness, &other.state, config, other.private_data);
	struct value configured = harness_value(harness, config), now;
	assert_false(update_object(&harness->operation, &other.state, &plan.planned, &configured, &now));
	const char *told = harness_told(harness);
	assert_contains(told, "[session_number] The session number is taken");
	assert_contains(told, id_of(harness, &session));
	assert_contains(told, "Another resource of this configuration has just created it.");
	assert_string_equal(harness_print(harness, &now), harness_print(harness, &other.state));
	recent_forget(text_of(id_of(harness, &session)));
	plan = harness_plan(harness, NULL, config, T(""));
	assert_false(create_object(&harness->operation, &plan.planned, &now));
	told = harness_told(harness);
	assert_contains(told, "[session_number] The session number is taken");
	assert_contains(told, "terraform import vns_mirror_session.NAME tms-");
	assert_true(value_is_null(&now));

	remove_it(harness, &session);
	remove_it(harness, &other);
}

static void session_lives(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, endpoint);
	struct object filter = create(&harness, "{}");
	harness_use(&harness, &mirror_target);
	struct object target = create(&harness, "{\"network_interface_id\":\"eni-0a1b2c3d4e5f60718\"}");
	struct object other =
		create(&harness, "{\"network_load_balancer_arn\":"
				 "\"arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/net/sensors/"
				 "50dc6c495c0c9188\"}");
	harness_use(&harness, &mirror_session);
	(void)harness_take_actions(&harness);
	session_changes(&harness, id_of(&harness, &filter), id_of(&harness, &target), id_of(&harness, &other));
	harness_use(&harness, &mirror_target);
	remove_it(&harness, &target);
	remove_it(&harness, &other);
	harness_use(&harness, &mirror_filter);
	remove_it(&harness, &filter);
	harness_close(&harness);
}

// Reads what has changed outside, and brings it back.
static void repair(struct harness *harness, struct object *object, const char *config, const char *drift,
		   const char *expected_actions)
{
	struct value seen;
	assert_true(read_object(&harness->operation, &object->state, &seen));
	assert_contains(harness_print(harness, &seen), drift);
	object->state = seen;
	update(harness, object, config, expected_actions);
	assert_contains(harness_print(harness, &object->state), "\"deviations\":[]");
}

static void filter_drifts(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, endpoint);
	struct object filter = create(&harness, "{}");
	const char *id = id_of(&harness, &filter);
	const struct value *rules = value_field(&filter.state, T("ingress_rules"));
	const char *rule_id = text_to_c_string(
		&harness.arena, value_field(&rules->items[0], T("traffic_mirror_filter_rule_id"))->string);

	outside(&harness, "ModifyTrafficMirrorFilterRule",
		(const char *const[]){ "TrafficMirrorFilterRuleId", rule_id, "RuleAction", "reject", NULL });
	repair(&harness, &filter, "{}", "\"deviations\":[\"ingress_rules: rule 100: rule_action is \\\"reject",
	       "ModifyTrafficMirrorFilterRule");
	outside(&harness, "CreateTrafficMirrorFilterRule",
		(const char *const[]){ "TrafficMirrorFilterId", id, "TrafficDirection", "egress", "RuleNumber", "7",
				       "RuleAction", "reject", "SourceCidrBlock", "0.0.0.0/0", "DestinationCidrBlock",
				       "10.0.0.0/8", NULL });
	repair(&harness, &filter, "{}", "egress_rules: rule 7 is", "DeleteTrafficMirrorFilterRule");
	outside(&harness, "DeleteTrafficMirrorFilterRule",
		(const char *const[]){ "TrafficMirrorFilterRuleId", rule_id, NULL });
	repair(&harness, &filter, "{}", "\"ingress_rules\":{}", "CreateTrafficMirrorFilterRule");
	outside(&harness, "ModifyTrafficMirrorFilterNetworkServices",
		(const char *const[]){ "TrafficMirrorFilterId", id, "RemoveNetworkService.1", "amazon-dns", NULL });
	repair(&harness, &filter, "{}", "\"network_services\":[]", "ModifyTrafficMirrorFilterNetworkServices");
	outside(&harness, "CreateTags",
		(const char *const[]){ "ResourceId.1", id, "Tag.1.Key", "Name", "Tag.1.Value", "theirs", "Tag.2.Key",
				       "extra", "Tag.2.Value", "", NULL });
	repair(&harness, &filter, "{}", "\"tags\":{\"extra\":\"\"}", "DeleteTags CreateTags");

	// Gone: removing it is a success. It is another process that does so, to which the filter is not new.
	outside(&harness, "DeleteTrafficMirrorFilter", (const char *const[]){ "TrafficMirrorFilterId", id, NULL });
	recent_forget(text_of(id));
	remove_it(&harness, &filter);
	harness_close(&harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_lives),
		cmocka_unit_test(target_lives),
		cmocka_unit_test(session_lives),
		cmocka_unit_test(filter_drifts),
	};
	return cmocka_run_group_tests(tests, start_simulator, stop_simulator);
}
