// SPDX-License-Identifier: MPL-2.0
// Memory that runs out after EC2 has done something: the host learns what exists all the same.
#include "answers.h"
#include "harness.h"

#include "engine/create.h"
#include "resources/mirror_filter.h"

#include <stdlib.h>
#include <string.h>

// Memory that ends once the filter is asked for: nothing more is given by the system.
static void *take_until_answered(void *context, size_t size)
{
	const struct harness *harness = context;
	return harness->wire.requests > 1 ? NULL : malloc(size);
}

static void memory_that_ends_loses_no_object(void **unused)
{
	(void)unused;
	struct harness harness;
	harness_open(&harness, &mirror_filter, NULL);
	const size_t filler = (size_t)4 * 1024 * 1024;
	char *large = malloc(filler + sizeof "<a></a>");
	assert_non_null(large);
	memset(large, 'x', filler + sizeof "<a></a>");
	memcpy(large, "<a>", 3);
	memcpy(large + filler, "</a>", sizeof "</a>");
	const struct reply replies[] = {
		ACCOUNT,
		{ .action = "CreateTrafficMirrorFilter", .body = FILTER("tmf-00000000000001001") FILTER_END },
		{ .action = SERVICES, .body = FILTER("tmf-00000000000001001") FILTER_END },
		{ .action = "CreateTrafficMirrorFilterRule", .body = RULE("tmfr-1001", "100", "accept") },
		{ .action = "CreateTrafficMirrorFilterRule", .body = large },
	};
	struct plan_result plan = harness_plan(&harness, NULL, "{}", T(""));
	harness_script(&harness, replies);
	harness.arena.system_take = take_until_answered;
	harness.arena.system_context = &harness;
	struct value state;
	assert_false(create_object(&harness.operation, &plan.planned, &state));
	harness.arena.system_take = NULL;
	assert_true(value_is_wholly_known(&state));
	assert_true(text_equal(value_field(&state, T("id"))->string, T("tmf-00000000000001001")));
	assert_contains(answers_print_field(&harness, &state, "ingress_rules"), "tmfr-1001");
	assert_contains(harness_told(&harness), "Out of memory");
	free(large);
	harness_close(&harness);
}

struct attempt {
	struct harness *harness;
	const struct value *planned;
	struct value *state;
	bool created;
};

static void try_create(struct call *call, void *argument)
{
	(void)call;
	struct attempt *attempt = argument;
	attempt->created = create_object(&attempt->harness->operation, attempt->planned, attempt->state);
}

// The answer has so many rules that memory may end while it is made into a state.
static struct text many_rules(struct arena *arena)
{
	static const char rule[] = "<item>" RULE_INSIDE("tmfr-1", "1", "accept") "</item>";
	const size_t count = 2000;
	char *rules = arena_take(arena, count * (sizeof rule - 1) + 1);
	for (size_t i = 0; i < count; i++)
		memcpy(rules + i * (sizeof rule - 1), rule, sizeof rule);
	return text_print(arena,
			  FILTER("tmf-00000000000001401") "<ingressFilterRuleSet>%s</ingressFilterRuleSet>" FILTER_END,
			  rules);
}

// Wherever memory ends after the answer was read, the host learns the id.
static void an_answer_too_large_for_a_state_leaves_the_id(void **unused)
{
	(void)unused;
	size_t shells = 0;
	for (size_t room = (size_t)1 << 20; room < (size_t)16 << 20; room += (size_t)256 << 10) {
		struct harness harness;
		harness_open(&harness, &mirror_filter, NULL);
		struct text body = many_rules(&harness.arena);
		const struct reply replies[] = {
			ACCOUNT,
			{ .action = "CreateTrafficMirrorFilter", .body = text_to_c_string(&harness.arena, body) },
			{ .action = SERVICES, REFUSAL("Enough", "of it") },
		};
		harness_script(&harness, replies);
		struct plan_result plan = harness_plan(&harness, NULL, "{}", T(""));
		struct value state = value_null(plan.planned.type);
		struct attempt attempt = { &harness, &plan.planned, &state, false };
		harness.arena.ceiling_bytes = harness.arena.taken_bytes + room;
		bool stayed = call_run(&harness.call, try_create, &attempt);
		assert_false(attempt.created);
		if (stayed) {
			assert_true(value_is_known(&state) && value_is_wholly_known(&state));
			assert_true(text_equal(value_field(&state, T("id"))->string, T("tmf-00000000000001401")));
			shells += value_is_null(value_field(&state, T("arn"))) ? 1 : 0;
		}
		harness_close(&harness);
	}
	assert_true(shells > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_that_ends_loses_no_object),
		cmocka_unit_test(an_answer_too_large_for_a_state_leaves_the_id),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
