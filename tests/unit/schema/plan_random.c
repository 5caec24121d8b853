// SPDX-License-Identifier: MPL-2.0
// Random configurations on random priors, made from the tables themselves, and what must hold of every plan:
// core accepts it; planning again gives the same; what was planned as known stays so when unknowns become known (the
// plan made during the apply) and after the apply; and once applied, the same configuration plans no change.
#include "schema_fixture.h"

#include "plan_rules.h"
#include "resources/resources.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROUNDS = 3000 };

// A small generator of our own, so that a seed means the same on every machine (xorshift).
struct dice {
	struct arena *arena;
	uint64_t state;
	unsigned unknown_percent, null_percent;
};

static unsigned roll(struct dice *dice, unsigned sides)
{
	dice->state ^= dice->state << 13;
	dice->state ^= dice->state >> 7;
	dice->state ^= dice->state << 17;
	return (unsigned)((dice->state >> 11) % sides);
}

static struct value random_value(struct dice *dice, const struct row *row, const struct type *type);

static struct value random_object(struct dice *dice, const struct row *fields, const struct type *type)
{
	struct value object = value_object(dice->arena, type);
	for (size_t i = 0; fields[i].name; i++) {
		if (fields[i].flags & (ROW_REQUIRED | ROW_OPTIONAL))
			object.items[i] = random_value(dice, &fields[i], type->fields[i].type);
	}
	return object;
}

static struct value random_string(struct dice *dice, const struct row *row)
{
	static const char *const networks[] = { "0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32", "2001:DB8:0::/32", "::/0" };
	static const char *const words[] = { "", "a", "b" };
	static const char *const ends[] = { "00000000", "0123456789abcdef0" };
	if (row->flags & ROW_CIDR)
		return value_string(text_of(networks[roll(dice, 5)]));
	if (row->choices)
		return value_string(text_of(row->choices[roll(dice, row->choices[1] ? 2 : 1)]));
	if (row->id_prefix)
		return value_string(text_print(dice->arena, "%s%s", row->id_prefix, ends[roll(dice, 2)]));
	if (row->fallback && roll(dice, 3) == 0)
		return value_string(text_of(row->fallback));
	return value_string(text_of(words[roll(dice, 3)]));
}

// The keys stand in byte order.
static struct value random_map(struct dice *dice, const struct row *row, const struct type *type)
{
	static const char *const numbers[] = { "100", "20", "7" };
	static const char *const keys[] = { "Name", "a", "b" };
	const char *const *names = row->kind == ROW_NUMBER_MAP ? numbers : keys;
	struct value map = value_map(dice->arena, type, 3);
	map.count = 0;
	for (size_t i = 0; i < 3; i++) {
		if (roll(dice, 2) == 0)
			continue;
		map.keys[map.count] = text_of(names[i]);
		struct value *item = &map.items[map.count++];
		*item = value_unknown(type->element);
		if (roll(dice, 100) < dice->unknown_percent)
			continue;
		*item = row->fields ? random_object(dice, row->fields, type->element) : value_string(T("v"));
	}
	return map;
}

static struct value random_value(struct dice *dice, const struct row *row, const struct type *type)
{
	unsigned percent = roll(dice, 100);
	if (percent < dice->unknown_percent)
		return value_unknown(type);
	if (percent < dice->unknown_percent + dice->null_percent && !(row->flags & ROW_REQUIRED))
		return value_null(type);
	switch (row->kind) {
	case ROW_STRING:
		return random_string(dice, row);
	case ROW_INTEGER:
		return value_integer(row->min + roll(dice, 3));
	case ROW_BOOL:
		return value_bool(roll(dice, 2));
	case ROW_OBJECT:
		return random_object(dice, row->fields, type);
	case ROW_NUMBER_MAP:
	case ROW_STRING_MAP:
		return random_map(dice, row, type);
	case ROW_STRING_LIST:
	case ROW_STRING_SET:
	case ROW_BLOCK:
		break;
	}
	struct value list = value_list(dice->arena, type, roll(dice, 2));
	if (list.count > 0)
		list.items[0] = value_string(text_of(row->choices ? row->choices[0] : "x"));
	return list;
}

// Unknowns become something of their type: what they refer to exists now.
static struct value resolve(struct dice *dice, const struct row *row, const struct value *value)
{
	struct dice sure = *dice;
	sure.unknown_percent = 0;
	struct value resolved = *value;
	if (value_is_unknown(value)) {
		resolved = random_value(&sure, row, value->type);
	} else if (value_is_known(value) && row->fields) {
		bool is_map = row->kind == ROW_NUMBER_MAP;
		resolved = value_copy(dice->arena, value);
		for (size_t i = 0; i < resolved.count; i++) {
			struct value *item = &resolved.items[i];
			struct row element = { .kind = ROW_OBJECT, .fields = row->fields };
			*item = resolve(dice, is_map ? &element : &row->fields[i], item);
		}
	} else if (value_is_known(value) && row->kind == ROW_STRING_MAP) {
		resolved = value_copy(dice->arena, value);
		for (size_t i = 0; i < resolved.count; i++) {
			if (value_is_unknown(&resolved.items[i]))
				resolved.items[i] = value_string(T("w"));
		}
	}
	dice->state = sure.state;
	return resolved;
}

// One resource with everything that a plan is made of.
struct world {
	struct fixture fixture;
	struct dice dice;
	const struct row_set *set;
	const struct type *type;
	struct settings settings;
	uint64_t seed;
};

static struct plan_result plan(struct world *world, const struct value *config, const struct value *prior,
			       struct text private_data)
{
	struct plan_request request = { world->set, prior, config, private_data, &world->settings };
	struct plan_result result;
	plan_resource(&world->fixture.call, &request, &result);
	return result;
}

static void expect(struct world *world, struct text fault, const char *what, const struct value *prior,
		   const struct value *config, const struct value *planned)
{
	struct arena *arena = &world->fixture.arena;
	if (fault.length > 0)
		fail_msg("%s, seed %llu: %s: %.*s\nprior   %.*s\nconfig  %.*s\nplanned %.*s", world->set->name,
			 (unsigned long long)world->seed, what, TEXT_ARG(fault), TEXT_ARG(fixture_print(arena, prior)),
			 TEXT_ARG(fixture_print(arena, config)), TEXT_ARG(fixture_print(arena, planned)));
}

// Of the arguments that exclude each other exactly one stays: the one that `wanted` has, or a random one.
static void keep_one(struct world *world, struct value *config, const struct value *wanted)
{
	const char *const *names = world->set->exactly_one_of;
	if (!names)
		return;
	unsigned count = 0;
	while (names[count])
		count++;
	unsigned kept = roll(&world->dice, count);
	for (unsigned i = 0; wanted && i < count; i++) {
		if (!value_is_null(value_field(wanted, text_of(names[i]))))
			kept = i;
	}
	for (unsigned i = 0; i < count; i++) {
		struct value *item = value_field(config, text_of(names[i]));
		if (i != kept)
			*item = value_null(item->type);
		else if (value_is_null(item))
			*item = value_string(T("given"));
	}
}

static struct value random_config(struct world *world)
{
	struct value config = random_object(&world->dice, world->set->rows, world->type);
	keep_one(world, &config, NULL);
	return config;
}

// Null, the state after an apply, or such a state with holes and drift.
static struct value random_prior(struct world *world, struct text *ret_private)
{
	struct dice *dice = &world->dice;
	struct value none = value_null(world->type);
	*ret_private = T("");
	if (roll(dice, 4) == 0)
		return none;
	unsigned unknown_percent = dice->unknown_percent;
	dice->unknown_percent = 0;
	struct value config = random_config(world);
	struct plan_result before = plan(world, &config, &none, T(""));
	struct value prior = fixture_apply(dice->arena, world->set->rows, &before.planned, NULL);
	dice->unknown_percent = unknown_percent;
	if (roll(dice, 3) > 0)
		*ret_private = before.private_data;
	for (size_t i = 0; roll(dice, 2) == 0 && i < prior.count; i++) {
		if (roll(dice, 4) == 0)
			prior.items[i] = value_null(prior.items[i].type);
	}
	return prior;
}

static struct text differ(const struct value *a, const struct value *b)
{
	return value_equal(a, b) ? T("") : T("differs");
}

// The plan that core asks for again during the apply, with what has become known; its state; and the next plan.
static void check_apply(struct world *world, const struct value *config, const struct value *prior,
			struct text private_data, const struct plan_result *first)
{
	struct arena *arena = &world->fixture.arena;
	struct row whole = { .kind = ROW_OBJECT, .fields = world->set->rows };
	struct value known = resolve(&world->dice, &whole, config);
	keep_one(world, &known, config);
	struct plan_result second = plan(world, &known, prior, private_data);
	expect(world, plan_rules_check(arena, world->set->rows, prior, &known, &second.planned),
	       "core refuses the plan of the apply", prior, &known, &second.planned);
	expect(world, plan_rules_keeps(arena, &first->planned, &second.planned), "inconsistent final plan", prior,
	       &known, &second.planned);

	struct value state = fixture_apply(arena, world->set->rows, &second.planned, NULL);
	struct plan_result again = plan(world, &known, &state, second.private_data);
	expect(world, differ(&again.planned, &state), "a second plan is not empty", &state, &known, &again.planned);
	assert_int_equal(again.requires_replace_count, 0);
}

static void check_once(struct world *world)
{
	struct arena *arena = &world->fixture.arena;
	world->dice.unknown_percent = roll(&world->dice, 3) * 10;
	world->dice.null_percent = 20 + roll(&world->dice, 3) * 25;
	struct text private_data;
	struct value prior = random_prior(world, &private_data);
	struct value config = random_config(world);

	struct plan_result first = plan(world, &config, &prior, private_data);
	expect(world, plan_rules_check(arena, world->set->rows, &prior, &config, &first.planned),
	       "core refuses the plan", &prior, &config, &first.planned);
	if (value_is_null(&prior))
		assert_int_equal(first.requires_replace_count, 0);
	struct plan_result same = plan(world, &config, &prior, private_data);
	expect(world, differ(&first.planned, &same.planned), "planning is not deterministic", &prior, &config,
	       &same.planned);
	assert_text(first.private_data, same.private_data);
	if (first.requires_replace_count == 0) {
		check_apply(world, &config, &prior, private_data, &first);
		return;
	}
	struct value none = value_null(world->type);
	struct plan_result create = plan(world, &config, &none, first.private_data);
	check_apply(world, &config, &none, T(""), &create);
}

static void check_resource(const struct resource *resource)
{
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		struct world world = { .set = &resource->set, .seed = seed };
		fixture_open(&world.fixture);
		world.dice = (struct dice){ &world.fixture.arena, seed * 0x9E3779B97F4A7C15u, 0, 40 };
		world.type = row_type(&world.fixture.arena, resource->set.rows);
		world.settings = fixture_settings(&world.fixture.arena, NULL);
		if (roll(&world.dice, 4) == 0)
			world.settings.default_tags =
				random_map(&world.dice, &(struct row){ .kind = ROW_STRING_MAP }, &type_string_map);
		check_once(&world);
		fixture_close(&world.fixture);
	}
}

static void test_random_plans(void **state)
{
	(void)state;
	for (size_t i = 0; i < resources_count; i++)
		check_resource(resources_all[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_random_plans) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
