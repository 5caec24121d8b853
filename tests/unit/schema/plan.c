// SPDX-License-Identifier: MPL-2.0
// Plans of the real resources, case by case (tests/cases/plan): what was applied before, what is configured now, and
// what is to be planned. Every plan is also held against core's rules.
//
// A case says: `was` (a configuration applied before) or `prior` (a state as it is) or neither (a create); `chosen`
// (what EC2 chose then), `drift` (what changed outside since), `forgotten` (no private data, as after an import);
// `config`; `settings`; and then `planned` (those attributes), `unchanged` (nothing differs), `requires_replace`,
// `deviations`, `complaints`.
#include "schema_fixture.h"

#include "plan_rules.h"
#include "resources/resources.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

struct plan_case {
	const json_t *json;
	const struct row_set *set;
	const struct type *type;
	struct settings settings;
	struct value prior;
	struct text private_data;
	struct value config;
};

static struct plan_result plan(struct fixture *fixture, const struct plan_case *test, const struct value *config,
			       const struct value *prior, struct text private_data)
{
	struct plan_request request = { test->set, prior, config, private_data, &test->settings };
	struct plan_result result;
	plan_resource(&fixture->call, &request, &result);
	return result;
}

// The state that the case starts from.
static void prepare_prior(struct fixture *fixture, struct plan_case *test)
{
	struct arena *arena = &fixture->arena;
	const json_t *was = json_object_get(test->json, "was");
	test->prior = fixture_value(arena, json_object_get(test->json, "prior"), test->type);
	if (was) {
		struct value config = fixture_value(arena, was, test->type);
		struct value none = value_null(test->type);
		struct plan_result before = plan(fixture, test, &config, &none, T(""));
		test->prior =
			fixture_apply(arena, test->set->rows, &before.planned, json_object_get(test->json, "chosen"));
		test->private_data = before.private_data;
		fixture->diagnostics = (struct diagnostics){ NULL, NULL, 0 };
	}
	const char *name;
	json_t *drift;
	json_object_foreach(json_object_get(test->json, "drift"), name, drift)
	{
		struct value *item = value_field(&test->prior, text_of(name));
		*item = fixture_value(arena, drift, item->type);
	}
	if (json_is_true(json_object_get(test->json, "forgotten")))
		test->private_data = T("");
}

static void check_planned(struct fixture *fixture, const struct plan_case *test, const struct value *planned)
{
	const char *name;
	json_t *expected;
	json_object_foreach(json_object_get(test->json, "planned"), name, expected)
	{
		size_t slot = row_slot(test->set->rows, text_of(name));
		struct value value = fixture_value(&fixture->arena, expected, planned->items[slot].type);
		if (!value_equal(&value, &planned->items[slot]))
			fail_msg("%s: %s is planned as %.*s", json_string_value(json_object_get(test->json, "name")),
				 name, TEXT_ARG(fixture_print(&fixture->arena, &planned->items[slot])));
	}
}

static void check_list(const struct plan_case *test, const char *what, json_t *actual)
{
	json_t *expected = json_object_get(test->json, what);
	if (expected && !json_equal(actual, expected))
		fail_msg("%s: %s is %s", json_string_value(json_object_get(test->json, "name")), what,
			 json_dumps(actual, JSON_INDENT(2)));
	json_decref(actual);
}

static json_t *replacements(const struct plan_result *result)
{
	json_t *list = json_array();
	for (size_t i = 0; i < result->requires_replace_count; i++) {
		const struct path *path = result->requires_replace[i];
		assert_null(path->parent);
		json_array_append_new(list, json_stringn(path->name.at, path->name.length));
	}
	return list;
}

static json_t *complaints(const struct fixture *fixture)
{
	json_t *list = json_array();
	const struct diagnostic *diagnostic = fixture->diagnostics.first;
	for (; diagnostic; diagnostic = diagnostic->next)
		json_array_append_new(
			list, json_pack("s++%", diagnostic->severity == SEVERITY_ERROR ? "error" : "warning", " ",
					diagnostic->attribute->name.at, diagnostic->attribute->name.length));
	return list;
}

static void check_result(struct fixture *fixture, const struct plan_case *test, const struct plan_result *result)
{
	struct arena *arena = &fixture->arena;
	const char *name = json_string_value(json_object_get(test->json, "name"));
	struct text fault = plan_rules_check(arena, test->set->rows, &test->prior, &test->config, &result->planned);
	if (fault.length == 0)
		fault = plan_rules_replaces(arena, test->set->rows, &test->prior, result);
	if (fault.length > 0)
		fail_msg("%s: core refuses the plan: %.*s", name, TEXT_ARG(fault));
	check_planned(fixture, test, &result->planned);
	if (json_is_true(json_object_get(test->json, "unchanged")) && !value_equal(&test->prior, &result->planned))
		fail_msg("%s: something changed:\n%.*s\n%.*s", name, TEXT_ARG(fixture_print(arena, &test->prior)),
			 TEXT_ARG(fixture_print(arena, &result->planned)));
	check_list(test, "requires_replace", replacements(result));
	check_list(test, "complaints", complaints(fixture));
	if (!json_object_get(test->json, "deviations"))
		return;
	const struct value *deviations = value_field(&result->planned, T("deviations"));
	struct text printed = fixture_print(arena, deviations);
	check_list(test, "deviations", json_loadb(printed.at, printed.length, JSON_DECODE_ANY, NULL));
}

static void run_case(const json_t *json)
{
	struct fixture fixture;
	fixture_open(&fixture);
	const struct resource *resource = resources_find(fixture_text(json, "resource"));
	assert_non_null(resource);
	struct plan_case test = {
		.json = json,
		.set = &resource->set,
		.type = row_type(&fixture.arena, resource->set.rows),
		.settings = fixture_settings(&fixture.arena, json_object_get(json, "settings")),
		.private_data = fixture_text(json, "private"),
	};
	prepare_prior(&fixture, &test);
	test.config = fixture_value(&fixture.arena, json_object_get(json, "config"), test.type);
	struct plan_result result = plan(&fixture, &test, &test.config, &test.prior, test.private_data);
	check_result(&fixture, &test, &result);
	fixture_close(&fixture);
}

static void test_cases(void **state)
{
	(void)state;
	static const char *const files[] = { VNS_CASES "/plan/filter.json", VNS_CASES "/plan/session.json",
					     VNS_CASES "/plan/target.json" };
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		json_t *cases = fixture_load(files[i]);
		assert_true(json_array_size(cases) > 0);
		size_t k;
		json_t *test;
		json_array_foreach(cases, k, test) run_case(test);
		json_decref(cases);
	}
}

// Nothing else in the plan of a bare filter waits for the apply than what only EC2 knows.
static void test_bare_filter_is_known(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	const struct row_set *set = &resources_find(T("vns_mirror_filter"))->set;
	const struct type *type = row_type(&fixture.arena, set->rows);
	struct value config = value_object(&fixture.arena, type), none = value_null(type);
	struct settings settings = fixture_settings(&fixture.arena, NULL);
	struct plan_request request = { set, &none, &config, T(""), &settings };
	struct plan_result result;
	assert_true(plan_resource(&fixture.call, &request, &result));
	assert_null(fixture.diagnostics.first);
	for (size_t i = 0; i < type->field_count; i++) {
		struct text name = type->fields[i].name;
		bool may_wait = text_equal(name, T("id")) || text_equal(name, T("arn")) ||
				text_equal(name, T("owner_id")) || text_ends_with(name, T("_rules"));
		if (!may_wait && !value_is_wholly_known(&result.planned.items[i]))
			fail_msg("%.*s is not known", TEXT_ARG(name));
	}
	fixture_close(&fixture);
}

static void test_destroy(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	const struct row_set *set = &resources_find(T("vns_mirror_filter"))->set;
	const struct type *type = row_type(&fixture.arena, set->rows);
	struct value prior = value_object(&fixture.arena, type), none = value_null(type);
	struct settings settings = fixture_settings(&fixture.arena, NULL);
	struct plan_request request = { set, &prior, &none, T("kept"), &settings };
	struct plan_result result;
	assert_true(plan_resource(&fixture.call, &request, &result));
	assert_true(value_is_null(&result.planned));
	assert_int_equal(result.requires_replace_count, 0);
	assert_text(result.private_data, T("kept"));
	fixture_close(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_bare_filter_is_known),
		cmocka_unit_test(test_destroy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
