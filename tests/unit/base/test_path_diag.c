// SPDX-License-Identifier: MPL-2.0
#include "base/arena.h"
#include "base/call.h"
#include "base/path.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

struct fixture {
	struct arena arena;
	struct diagnostics diagnostics;
	struct call call;
};

static int setup(void **state)
{
	static struct fixture fixture;
	fixture = (struct fixture){ .call = { .arena = &fixture.arena, .diagnostics = &fixture.diagnostics } };
	arena_init(&fixture.arena, 0);
	*state = &fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	arena_free(&fixture->arena);
	return 0;
}

static void a_path_is_printed_as_a_person_writes_it(void **state)
{
	struct fixture *fixture = *state;
	const struct path rules = path_attribute(NULL, T("ingress_rules"));
	const struct path rule = path_key(&rules, T("100"));
	const struct path action = path_attribute(&rule, T("rule_action"));
	const struct path index = path_index(&action, -3);
	assert_true(text_equal(path_print(&fixture->arena, NULL), T("")));
	assert_true(text_equal(path_print(&fixture->arena, &rules), T("ingress_rules")));
	assert_true(text_equal(path_print(&fixture->arena, &index), T("ingress_rules[\"100\"].rule_action[-3]")));
}

static void a_copy_outlives_its_path(void **state)
{
	struct fixture *fixture = *state;
	char name[] = "services";
	struct path first = path_attribute(NULL, text_of(name));
	struct path second = path_index(&first, 2);
	const struct path *copy = path_copy(&fixture->arena, &second);
	memset(name, 'x', sizeof name - 1);
	first.kind = PATH_KEY;
	second.index = 0;
	assert_true(text_equal(path_print(&fixture->arena, copy), T("services[2]")));
	assert_null(path_copy(&fixture->arena, NULL));
}

static void a_shown_path_stops_before_the_first_key(void **state)
{
	(void)state;
	const struct path a = path_attribute(NULL, T("a"));
	const struct path key = path_key(&a, T("1"));
	const struct path b = path_attribute(&key, T("b"));
	const struct path second_key = path_key(&b, T("2"));
	const struct path index = path_index(&a, 1);
	assert_ptr_equal(path_shown(&second_key), &a);
	assert_ptr_equal(path_shown(&b), &a);
	assert_ptr_equal(path_shown(&index), &index);
	assert_null(path_shown(NULL));
	const struct path bare = path_key(NULL, T("1"));
	assert_null(path_shown(&bare));
}

static void diagnostics_keep_their_order(void **state)
{
	struct fixture *fixture = *state;
	struct call *call = &fixture->call;
	assert_false(diag_failed(call));
	const struct path rules = path_attribute(NULL, T("rules"));
	const struct path rule = path_key(&rules, T("100"));
	diag_warning(call, &rule, "A warning", "number %d", 1);
	assert_false(diag_failed(call));
	diag_error(call, NULL, "An error", "about %s", "this");
	diag_add(call, SEVERITY_ERROR, &rules, T("Bad \xFF"), T("\xC3\x28"));
	assert_true(diag_failed(call));
	assert_int_equal(fixture->diagnostics.errors, 2);
	const struct diagnostic *d = fixture->diagnostics.first;
	assert_int_equal(d->severity, SEVERITY_WARNING);
	assert_true(text_equal(d->summary, T("A warning")));
	assert_true(text_equal(d->detail, T("number 1")));
	assert_true(text_equal(path_print(&fixture->arena, d->attribute), T("rules")));
	d = d->next;
	assert_int_equal(d->severity, SEVERITY_ERROR);
	assert_true(text_equal(d->detail, T("about this")));
	assert_null(d->attribute);
	d = d->next;
	assert_true(text_equal(d->summary, T("Bad \xEF\xBF\xBD")));
	assert_true(text_equal(d->detail, T("\xEF\xBF\xBD(")));
	assert_null(d->next);
	assert_ptr_equal(fixture->diagnostics.last, d);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_path_is_printed_as_a_person_writes_it),
		TEST(a_copy_outlives_its_path),
		TEST(a_shown_path_stops_before_the_first_key),
		TEST(diagnostics_keep_their_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
