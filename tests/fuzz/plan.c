// SPDX-License-Identifier: MPL-2.0
// Plans over priors, configurations and private data of any kind. What must hold is core's (unit/schema/plan_rules.h):
// core takes the plan, and both halves of a replacement; it is the same when made again; what it promised holds when
// unknowns become known, an update being no replacement then, and after the apply; and then the same configuration
// plans no change.
#include "schema/plan.h"

#include "any_value.h"
#include "fuzz.h"
#include "resources/resources.h"
#include "unit/schema/plan_rules.h"
#include "unit/schema/schema_fixture.h"

struct world {
	struct call *call;
	struct any any;
	const struct row_set *set;
	const struct type *type;
	struct settings settings;
};

static struct plan_result plan(const struct world *world, const struct value *config, const struct value *prior,
			       struct text private_data)
{
	const struct plan_request request = { world->set, prior, config, private_data, &world->settings };
	struct plan_result result;
	// What deviates may be an error, and the plan is made all the same.
	(void)plan_resource(world->call, &request, &result);
	fuzz_check_value(&result.planned, world->type);
	return result;
}

static void expect(const struct world *world, struct text fault, const char *what, const struct value *prior,
		   const struct value *config, const struct value *planned)
{
	if (fault.length == 0)
		return;
	struct text before = value_print(world->call->arena, prior), wanted = value_print(world->call->arena, config);
	struct text after = value_print(world->call->arena, planned);
	fuzz_check(false, "%s: %s: %.*s\nprior   %.*s\nconfig  %.*s\nplanned %.*s", world->set->name, what,
		   TEXT_ARG(fault), TEXT_ARG(before), TEXT_ARG(wanted), TEXT_ARG(after));
}

// A plan that core takes.
static struct plan_result plan_soundly(const struct world *world, const char *what, const struct value *config,
				       const struct value *prior, struct text private_data)
{
	struct arena *arena = world->call->arena;
	const struct row *rows = world->set->rows;
	struct plan_result result = plan(world, config, prior, private_data);
	expect(world, plan_rules_check(arena, rows, prior, config, &result.planned), what, prior, config,
	       &result.planned);
	expect(world, plan_rules_replaces(arena, rows, prior, &result), what, prior, config, &result.planned);
	return result;
}

static struct text differ(const struct value *a, const struct value *b)
{
	return value_equal(a, b) ? T("") : T("differs");
}

static struct value any_config(struct world *world, bool may_be_unknown)
{
	world->any.may_be_unknown = may_be_unknown;
	struct value config = any_object(&world->any, world->set->rows, world->type);
	any_keep_one(&world->any, world->set, &config, NULL);
	return config;
}

// A null; the state after an apply; the same with drift; or anything.
static struct value any_prior(struct world *world, struct text *ret_private)
{
	struct value none = value_null(world->type);
	unsigned wish = choices_below(world->any.choices, 4);
	*ret_private = T("");
	if (wish == 0)
		return none;
	struct value config = any_config(world, false);
	struct plan_result before = plan(world, &config, &none, T(""));
	struct value prior = fixture_apply(world->call->arena, world->set->rows, &before.planned, NULL);
	*ret_private =
		choices_one_in(world->any.choices, 4) ? choices_text(world->any.choices, 128) : before.private_data;
	if (wish == 1)
		return prior;
	world->any.may_be_set = true;
	struct value other = any_object(&world->any, world->set->rows, world->type);
	world->any.may_be_set = false;
	for (size_t i = 0; wish == 2 && i < prior.count; i++) {
		if (!choices_one_in(world->any.choices, 4))
			other.items[i] = prior.items[i];
	}
	return other;
}

// The plan that core asks for again during the apply, with what has become known; its state; and the next plan.
static void check_apply(struct world *world, const struct value *config, const struct value *prior,
			struct text private_data, const struct plan_result *first)
{
	struct arena *arena = world->call->arena;
	const struct row whole = { .kind = ROW_OBJECT, .fields = world->set->rows };
	struct value known = any_resolved(&world->any, &whole, config);
	any_keep_one(&world->any, world->set, &known, config);
	struct plan_result second =
		plan_soundly(world, "core refuses the plan of the apply", &known, prior, private_data);
	fuzz_check(second.requires_replace_count == 0, "%s: an update or a creation became a replacement",
		   world->set->name);
	expect(world, plan_rules_keeps(arena, &first->planned, &second.planned), "inconsistent final plan",
	       &first->planned, &known, &second.planned);
	struct value state = fixture_apply(arena, world->set->rows, &second.planned, NULL);
	struct plan_result again = plan(world, &known, &state, second.private_data);
	expect(world, differ(&again.planned, &state), "a second plan is not empty", &state, &known, &again.planned);
	fuzz_check(again.requires_replace_count == 0, "a second plan replaces");
}

static void check_destroy(struct world *world, const struct value *prior, struct text private_data)
{
	struct value none = value_null(world->type);
	struct plan_result result = plan(world, &none, prior, private_data);
	fuzz_check(value_is_null(&result.planned) && result.requires_replace_count == 0,
		   "a destroy plans something else");
}

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	struct arena *arena = call->arena;
	struct world world = { .call = call, .any = { .arena = arena, .choices = choices } };
	world.set = &resources_all[choices_below(choices, (unsigned)resources_count)]->set;
	world.type = row_type(arena, world.set->rows);
	world.settings = fixture_settings(arena, NULL);
	world.settings.deviation_severity = (enum deviation_severity)choices_below(choices, 3);
	const struct row tags = { .kind = ROW_STRING_MAP };
	if (choices_one_in(choices, 4))
		world.settings.default_tags = any_value(&world.any, &tags, &type_string_map);

	struct text private_data;
	struct value prior = any_prior(&world, &private_data);
	struct value config = any_config(&world, true);
	struct plan_result first = plan_soundly(&world, "core refuses the plan", &config, &prior, private_data);
	struct plan_result same = plan(&world, &config, &prior, private_data);
	expect(&world, differ(&first.planned, &same.planned), "planning is not deterministic", &prior, &config,
	       &same.planned);
	fuzz_check(text_equal(first.private_data, same.private_data), "private data is not deterministic");
	check_destroy(&world, &prior, private_data);
	if (first.requires_replace_count == 0) {
		check_apply(&world, &config, &prior, private_data, &first);
		return;
	}
	struct value none = value_null(world.type);
	struct plan_result create =
		plan_soundly(&world, "core refuses the creating half", &config, &none, first.private_data);
	check_apply(&world, &config, &none, T(""), &create);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
