// SPDX-License-Identifier: MPL-2.0
// A session number that EC2 refuses: when it is waited for, and whom the error names.
#include "answers.h"
#include "harness.h"

#include "ec2/patience.h"
#include "ec2/id_set.h"
#include "engine/create.h"
#include "engine/update.h"
#include "resources/mirror_session.h"

#include <stdlib.h>
#include <string.h>

#define HOLDER "tms-00000000000001301"
#define TAKEN  REFUSAL("Strange", "Session number 1 of eni-0123456789abcdef0 is in use by target tmt-1")
#define TAKES(name)                                                                                                    \
	{                                                                                                              \
		.action = name, TAKEN                                                                                  \
	}
#define HELD                                                                                                           \
	{                                                                                                              \
		.action = "DescribeTrafficMirrorSessions",                                                             \
		.body = "<trafficMirrorSessionSet><item><trafficMirrorSessionId>" HOLDER "</trafficMirrorSessionId>"   \
			"<networkInterfaceId>eni-0123456789abcdef0</networkInterfaceId><sessionNumber>1</"             \
			"sessionNumber>"                                                                               \
			"</item></trafficMirrorSessionSet>"                                                            \
	}
#define FREE                                                                                                           \
	{                                                                                                              \
		.action = "DescribeTrafficMirrorSessions", .body = "<trafficMirrorSessionSet/>"                        \
	}
#define SESSION(id)                                                                                                    \
	"<trafficMirrorSession><trafficMirrorSessionId>" id "</trafficMirrorSessionId>"                                \
	"<networkInterfaceId>eni-0123456789abcdef0</networkInterfaceId><ownerId>123456789012</ownerId>"                \
	"<trafficMirrorTargetId>tmt-0123456789abcdef0</trafficMirrorTargetId>"                                         \
	"<trafficMirrorFilterId>tmf-0123456789abcdef0</trafficMirrorFilterId><sessionNumber>1</sessionNumber>"         \
	"<virtualNetworkId>7</virtualNetworkId><description>Virtual Network Sensor Traffic Mirror "                    \
	"Session</description>"                                                                                        \
	"</trafficMirrorSession>"

struct world {
	struct harness harness;
	struct id_set known;
	int64_t start_ms;
};

static struct world *open_world(bool knows_holder)
{
	struct world *world = calloc(1, sizeof *world);
	assert_non_null(world);
	harness_open(&world->harness, &mirror_session, NULL);
	id_set_init(&world->known);
	// Of the first, the one asked about is the beginning; of the second, the end.
	(void)id_set_add(&world->known, T(HOLDER "0"));
	(void)id_set_add(&world->known, T("0" HOLDER));
	if (knows_holder)
		(void)id_set_add(&world->known, T(HOLDER));
	world->harness.operation.known = &world->known;
	world->start_ms = world->harness.now_ms;
	return world;
}

static void close_world(struct world *world)
{
	harness_end_script(&world->harness);
	harness_close(&world->harness);
	id_set_free(&world->known);
	free(world);
}

static bool create(struct world *world)
{
	struct plan_result plan = harness_plan(&world->harness, NULL, SESSION_CONFIG("tmt-0123456789abcdef0"), T(""));
	struct value state;
	const bool made = create_object(&world->harness.operation, &plan.planned, &state);
	if (made)
		harness_check_result(&world->harness, &plan.planned, &state);
	else
		assert_true(value_is_null(&state));
	return made;
}

static int64_t waited_ms(const struct world *world)
{
	return world->harness.now_ms - world->start_ms;
}

// The holder is deleted, or gets another number, in the same run; when we look, it has or has not let go.
static void a_number_that_becomes_free_is_waited_for(void **unused)
{
	(void)unused;
	struct world *world = open_world(true);
	static const struct reply replies[] = {
		TAKES("CreateTrafficMirrorSession"),
		HELD,
		TAKES("CreateTrafficMirrorSession"),
		FREE,
		{ .action = "CreateTrafficMirrorSession", .body = SESSION("tms-00000000000001302") },
	};
	harness_script(&world->harness, replies);
	assert_true(create(world));
	assert_string_equal(harness_told(&world->harness), "");
	// What EC2 refused it did not make; but an attempt may be lost, so that all have one token.
	const char *const forms[] = { harness_form(&world->harness, 0), harness_form(&world->harness, 2),
				      harness_form(&world->harness, 4) };
	assert_string_equal(forms[0], forms[1]);
	assert_string_equal(forms[0], forms[2]);
	assert_contains(forms[0], "&ClientToken=");
	assert_in_range(waited_ms(world), 1, PATIENCE_IN_USE_MS);
	close_world(world);
}

static void a_stranger_s_number_is_told_at_once(void **unused)
{
	(void)unused;
	struct world *world = open_world(false);
	static const struct reply replies[] = { TAKES("CreateTrafficMirrorSession"), HELD };
	harness_script(&world->harness, replies);
	assert_false(create(world));
	const char *told = harness_told(&world->harness);
	assert_contains(told, "[session_number] The session number is taken: The network interface already has a "
			      "session with the number 1: " HOLDER " (no name, on eni-0123456789abcdef0). Use another");
	assert_contains(told, "terraform import vns_mirror_session.NAME " HOLDER "\n");
	assert_int_equal(waited_ms(world), 0);
	close_world(world);
}

// The script of an object that stays: asked for until patience ends, and once more for the error.
static size_t script_stubborn(struct reply *replies, struct reply look)
{
	size_t count = 0;
	for (int i = 0; i < 10; i++) {
		replies[count++] = (struct reply)TAKES("CreateTrafficMirrorSession");
		replies[count++] = look;
	}
	return count;
}

static void a_number_that_the_state_s_own_session_keeps_is_told_in_the_end(void **unused)
{
	(void)unused;
	struct world *world = open_world(true);
	static struct reply replies[20];
	size_t count = script_stubborn(replies, (struct reply)HELD);
	harness_set_script(&world->harness, replies, count - 2);
	assert_false(create(world));
	assert_int_equal(waited_ms(world), PATIENCE_IN_USE_MS);
	const char *told = harness_told(&world->harness);
	assert_contains(told, "[session_number] The session number is taken: ");
	assert_contains(told, HOLDER);
	assert_contains(told, "The state has that session too");
	assert_contains(told, "create_before_destroy");
	assert_lacks(told, "import");
	close_world(world);
}

static void a_number_that_nobody_has_is_told_in_the_end(void **unused)
{
	(void)unused;
	struct world *world = open_world(false);
	static struct reply replies[20];
	size_t count = script_stubborn(replies, (struct reply)FREE);
	harness_set_script(&world->harness, replies, count - 2);
	assert_false(create(world));
	assert_int_equal(waited_ms(world), PATIENCE_IN_USE_MS);
	assert_contains(harness_told(&world->harness),
			"[session_number] The session number is taken: The number 1 of the network interface "
			"eni-0123456789abcdef0 was taken a moment ago, and no session has it now. Run again.");
	close_world(world);
}

// Many faults are refused in words that nobody knows. Where no session has the number, it is none of ours.
static void other_refusals_are_not_waited_for(void **unused)
{
	(void)unused;
	struct world *world = open_world(true);
	static const struct reply replies[] = {
		{ .action = "CreateTrafficMirrorSession", REFUSAL("InvalidParameterValue", "no such thing") },
		FREE,
		{ .action = "CreateTrafficMirrorSession",
		  REFUSAL("TrafficMirrorSessionsPerInterfaceLimitExceeded", "3 of them") },
	};
	harness_script(&world->harness, replies);
	assert_false(create(world));
	assert_contains(harness_told(&world->harness), "EC2 refused the request");
	assert_false(create(world));
	assert_contains(harness_told(&world->harness), "EC2 quota exceeded");
	assert_int_equal(waited_ms(world), 0);
	close_world(world);
}

static void a_change_waits_too(void **unused)
{
	(void)unused;
	struct world *world = open_world(true);
	static const struct reply replies[] = {
		TAKES("ModifyTrafficMirrorSession"),
		HELD,
		{ .action = "ModifyTrafficMirrorSession", .body = SESSION("tms-00000000000001303") },
	};
	harness_script(&world->harness, replies);
	const char *config = SESSION_CONFIG("tmt-0123456789abcdef0");
	struct plan_result plan = harness_plan(&world->harness, NULL, config, T(""));
	struct value prior = plan.planned, now, configured = harness_value(&world->harness, config);
	*value_field(&prior, T("id")) = value_string(T("tms-00000000000001303"));
	struct value planned = value_copy(&world->harness.arena, &prior);
	*value_field(&prior, T("session_number")) = value_integer(2);
	assert_true(update_object(&world->harness.operation, &prior, &planned, &configured, &now));
	assert_string_equal(answers_print_field(&world->harness, &now, "session_number"), "1");
	assert_string_equal(harness_told(&world->harness), "");
	close_world(world);
}

static bool stop_instead(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	(void)context, (void)duration_ms, (void)cancel;
	return false;
}

static void a_wish_to_stop_ends_the_wait(void **unused)
{
	(void)unused;
	struct world *world = open_world(true);
	static const struct reply replies[] = { TAKES("CreateTrafficMirrorSession"), HELD, HELD };
	harness_script(&world->harness, replies);
	struct clock impatient = world->harness.clock;
	impatient.sleep_ms = stop_instead;
	world->harness.call.clock = &impatient;
	assert_false(create(world));
	assert_int_equal(world->harness.diagnostics.errors, 1);
	assert_contains(harness_told(&world->harness), "[session_number] The session number is taken");
	close_world(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_that_becomes_free_is_waited_for),
		cmocka_unit_test(a_stranger_s_number_is_told_at_once),
		cmocka_unit_test(a_number_that_the_state_s_own_session_keeps_is_told_in_the_end),
		cmocka_unit_test(a_number_that_nobody_has_is_told_in_the_end),
		cmocka_unit_test(other_refusals_are_not_waited_for),
		cmocka_unit_test(a_change_waits_too),
		cmocka_unit_test(a_wish_to_stop_ends_the_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
