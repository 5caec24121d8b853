// SPDX-License-Identifier: MPL-2.0
// Validation of the real resources and of the provider block, case by case (tests/cases/validate.json).
#include "schema_fixture.h"

#include "resources/provider_settings.h"
#include "resources/resources.h"
#include "schema/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct row_set *find_set(struct text name)
{
	if (text_equal(name, text_of(provider_settings.name)))
		return &provider_settings;
	const struct resource *resource = resources_find(name);
	assert_non_null(resource);
	return &resource->set;
}

static struct text join(struct arena *arena, const json_t *lines)
{
	struct text all = T("");
	for (size_t i = 0; i < json_array_size(lines); i++)
		all = text_print(arena, "%.*s%s\n", TEXT_ARG(all), json_string_value(json_array_get(lines, i)));
	return all;
}

static void run_case(const json_t *json)
{
	struct fixture fixture;
	fixture_open(&fixture);
	const struct row_set *set = find_set(fixture_text(json, "of"));
	const struct type *type = row_type(&fixture.arena, set->rows);
	struct value config = fixture_value(&fixture.arena, json_object_get(json, "config"), type);
	validate_config(&fixture.call, set, &config);
	struct text expected = join(&fixture.arena, json_object_get(json, "complaints"));
	struct text actual = fixture_complaints(&fixture);
	if (!text_equal(actual, expected))
		fail_msg("%s:\n%.*s\nexpected:\n%.*s", json_string_value(json_object_get(json, "name")),
			 TEXT_ARG(actual), TEXT_ARG(expected));
	fixture_close(&fixture);
}

static void test_cases(void **state)
{
	(void)state;
	json_t *cases = fixture_load(VNS_CASES "/validate.json");
	assert_true(json_array_size(cases) > 30);
	for (size_t i = 0; i < json_array_size(cases); i++)
		run_case(json_array_get(cases, i));
	json_decref(cases);
}

// A fault inside a rule is reported at the attribute: newer hosts crash on longer paths.
static void test_paths_stop_at_the_attribute(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	const struct row_set *set = find_set(T("vns_mirror_filter"));
	json_t *json = json_loads("{\"ingress_rules\": {\"100\": {\"protocol\": 256}}}", 0, NULL);
	struct value config = fixture_value(&fixture.arena, json, row_type(&fixture.arena, set->rows));
	validate_config(&fixture.call, set, &config);
	assert_non_null(fixture.diagnostics.first);
	const struct path *path = fixture.diagnostics.first->attribute;
	assert_text(path->name, T("ingress_rules"));
	assert_null(path->parent);
	json_decref(json);
	fixture_close(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_paths_stop_at_the_attribute),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
