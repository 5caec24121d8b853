// SPDX-License-Identifier: MPL-2.0
#include "schema_fixture.h"

#include "schema/private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct row rows[] = {
	{ .name = "any", .kind = ROW_INTEGER, .flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_ASSIGNED },
	{ .name = "one", .kind = ROW_INTEGER, .flags = ROW_OPTIONAL | ROW_COMPUTED | ROW_ASSIGNED, .assigned = "8500" },
	{ .name = "free", .kind = ROW_INTEGER, .flags = ROW_OPTIONAL },
	{ .name = "label", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_COMPUTED, .fallback = "recommended" },
	{ .name = "target", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_REPLACE_IF_UNKNOWN },
	{ .name = "word", .kind = ROW_STRING, .flags = ROW_OPTIONAL },
	{ .name = NULL },
};

// What is remembered when `prior` and `config` are these (JSON) and `before` was remembered.
static struct text remembered(struct arena *arena, const char *prior, const char *config, const char *before)
{
	const struct type *type = row_type(arena, rows);
	json_t *prior_json = json_loads(prior, JSON_DECODE_ANY, NULL), *config_json = json_loads(config, 0, NULL);
	struct value prior_value = fixture_value(arena, prior_json, type);
	struct value config_value = fixture_value(arena, config_json, type);
	struct private_data read = private_read(arena, text_of(before));
	struct private_data data = private_of_plan(arena, rows, &config_value, &prior_value, &read);
	struct text written = private_write(arena, &data);
	json_decref(prior_json);
	json_decref(config_json);
	return written;
}

static const struct {
	const char *prior, *config, *before, *after;
} memories[] = {
	{ "null", "{}", "", "{\"before\":[],\"configured\":[]}" },
	{ "null", "{\"any\": 1, \"free\": 1}", "", "{\"before\":[],\"configured\":[\"any\"]}" },
	{ "null", "{\"any\": {\"unknown\": true}}", "", "{\"before\":[],\"configured\":[\"any\"]}" },
	// Kept, removed, changed.
	{ "{\"any\": 1}", "{\"any\": 1}", "{\"configured\":[\"any\"]}",
	  "{\"before\":[\"any\"],\"configured\":[\"any\"]}" },
	{ "{\"any\": 1}", "{}", "{\"configured\":[\"any\"]}", "{\"before\":[\"any\"],\"configured\":[]}" },
	{ "{\"any\": 1}", "{\"any\": 2}", "{\"configured\":[]}", "{\"before\":[],\"configured\":[\"any\"]}" },
	// Repeating what EC2 assigned is no choice.
	{ "{\"any\": 1}", "{\"any\": 1}", "{\"configured\":[]}", "{\"before\":[],\"configured\":[]}" },
	{ "{\"any\": 1}", "{\"any\": 1}", "", "{\"before\":[],\"configured\":[]}" },
	// Unless EC2 is told so, lest it assigns what belongs to another target.
	{ "{\"one\": 8500, \"any\": 7, \"target\": \"a\"}", "{\"one\": 8500, \"any\": 7, \"target\": \"b\"}",
	  "{\"configured\":[]}", "{\"before\":[],\"configured\":[\"one\"]}" },
	// Without memory, a value that EC2 never assigns was chosen.
	{ "{\"one\": 100}", "{}", "", "{\"before\":[\"one\"],\"configured\":[]}" },
	{ "{\"one\": 100}", "{\"one\": 100}", "", "{\"before\":[\"one\"],\"configured\":[\"one\"]}" },
	{ "{\"one\": 8500}", "{\"one\": 8500}", "", "{\"before\":[],\"configured\":[]}" },
	{ "{\"one\": null}", "{}", "", "{\"before\":[],\"configured\":[]}" },
	// With memory, the memory decides: no plan is asked for twice.
	{ "{\"one\": 100}", "{}", "{\"configured\":[]}", "{\"before\":[],\"configured\":[]}" },
	{ "{\"one\": 100, \"any\": 7}", "{}", "{\"assigned\":{\"any\":7,\"one\":100},\"configured\":[]}",
	  "{\"assigned\":{\"any\":7,\"one\":100},\"before\":[],\"configured\":[]}" },
	// What others set in its place was chosen, by them.
	{ "{\"any\": 8}", "{}", "{\"assigned\":{\"any\":7}}",
	  "{\"assigned\":{\"any\":7},\"before\":[\"any\"],\"configured\":[]}" },
	{ "{\"one\": 96}", "{}", "{\"assigned\":{\"one\":null}}",
	  "{\"assigned\":{\"one\":null},\"before\":[\"one\"],\"configured\":[]}" },
	// With or without it, the only value that EC2 assigns is not.
	{ "{\"one\": 8500}", "{}", "{\"assigned\":{\"one\":null}}",
	  "{\"assigned\":{\"one\":null},\"before\":[],\"configured\":[]}" },
	{ "{\"one\": null}", "{}", "{\"assigned\":{\"one\":8500}}",
	  "{\"assigned\":{\"one\":8500},\"before\":[],\"configured\":[]}" },
	// What an import found empty stays so until the configuration has a word of its own.
	{ "{\"label\": \"\"}", "{}", "{\"empty\":[\"label\"]}",
	  "{\"before\":[],\"configured\":[],\"empty\":[\"label\"]}" },
	{ "{\"label\": \"foreign\"}", "{}", "{\"configured\":[],\"empty\":[\"label\"]}",
	  "{\"before\":[],\"configured\":[],\"empty\":[\"label\"]}" },
	{ "{\"label\": \"\"}", "{\"label\": \"\"}", "{\"empty\":[\"label\"]}", "{\"before\":[],\"configured\":[]}" },
	{ "{\"label\": \"\"}", "{\"label\": {\"unknown\": true}}", "{\"empty\":[\"label\"]}",
	  "{\"before\":[],\"configured\":[]}" },
	{ "null", "{}", "{\"empty\":[\"label\"]}", "{\"before\":[],\"configured\":[]}" },
	// That memory alone is none of what was configured.
	{ "{\"one\": 100}", "{}", "{\"empty\":[\"label\"]}",
	  "{\"before\":[\"one\"],\"configured\":[],\"empty\":[\"label\"]}" },
	// A new object has none yet.
	{ "null", "{}", "{\"assigned\":{\"any\":7}}", "{\"before\":[],\"configured\":[]}" },
};

static void test_remembers_what_was_configured(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof memories / sizeof memories[0]; i++)
		assert_text(remembered(&arena, memories[i].prior, memories[i].config, memories[i].before),
			    text_of(memories[i].after));
	arena_free(&arena);
}

static void test_reads_what_is_not_ours(void **state)
{
	(void)state;
	static const char *const foreign[] = { "", "null", "[]", "{\"configured\":", "{\"configured\":7}", "\xff" };
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
		struct private_data data = private_read(&arena, text_of(foreign[i]));
		assert_false(data.exists);
		assert_int_equal(data.configured.count, 0);
	}
	struct private_data data = private_read(&arena, T("{\"later\": {\"x\": 1}}"));
	assert_true(data.exists);
	assert_true(value_is_known(&data.configured));
	arena_free(&arena);
}

static void test_after_failure(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	assert_text(private_after_failure(&arena, T("{\"before\":[\"a\",\"b\"],\"configured\":[\"b\",\"c\"]}")),
		    T("{\"before\":[],\"configured\":[\"b\",\"c\",\"a\"]}"));
	arena_free(&arena);
}

static void test_token_of_a_create(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct text plain = T("{\"before\":[],\"configured\":[\"any\"]}");
	struct text first = private_with_token(&arena, plain, T(""));
	struct text token = private_token(&arena, first);
	assert_int_equal(token.length, 36);
	// The plan that is made during the apply remembers the same, where the host passes the first one's memory.
	assert_true(text_equal(private_token(&arena, private_with_token(&arena, plain, first)), token));
	assert_false(text_equal(private_token(&arena, private_with_token(&arena, plain, T(""))), token));
	// The rest of the memory is not touched, and the token goes once it has served.
	assert_text(private_after_create(&arena, first, 1790000000),
		    T("{\"before\":[],\"configured\":[\"any\"],\"created\":1790000000}"));
	assert_text(private_after_create(&arena, T("not ours"), 1790000000), T("not ours"));
	assert_int_equal(private_token(&arena, plain).length, 0);
	arena_free(&arena);
}

static struct value object_of(struct arena *arena, const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	const struct value object = fixture_value(arena, json, row_type(arena, rows));
	json_decref(json);
	return object;
}

static void test_what_an_import_found_empty(void **state)
{
	(void)state;
	static const struct {
		const char *before, *prior, *now, *after;
	} cases[] = {
		{ "", "{}", "{\"label\": \"\", \"word\": \"\", \"any\": 7}", "{\"empty\":[\"label\"]}" },
		{ "", "{}", "{\"label\": \"a\", \"word\": \"\"}", "" },
		// Read before: what is empty now, somebody emptied.
		{ "", "{\"label\": \"a\"}", "{\"label\": \"\"}", "" },
		{ "{\"configured\":[]}", "{\"label\": \"\"}", "{\"label\": \"\"}", "{\"configured\":[]}" },
		{ "{\"empty\":[\"label\"]}", "{\"label\": \"\"}", "{\"label\": \"a\"}", "{\"empty\":[\"label\"]}" },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct value prior = object_of(&arena, cases[i].prior), now = object_of(&arena, cases[i].now);
		assert_text(private_with_empty(&arena, text_of(cases[i].before), rows, &prior, &now),
			    text_of(cases[i].after));
	}
	assert_text(private_after_failure(&arena, T("{\"before\":[],\"configured\":[],\"empty\":[\"label\"]}")),
		    T("{\"before\":[],\"configured\":[],\"empty\":[\"label\"]}"));
	arena_free(&arena);
}

static void test_what_was_assigned(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	const struct value object = object_of(&arena, "{\"any\": 7, \"free\": 1}");
	assert_text(private_with_assigned(&arena, T("{\"configured\":[],\"assigned\":{\"any\":6}}"), rows, &object),
		    T("{\"assigned\":{\"any\":7,\"one\":null},\"before\":[],\"configured\":[]}"));
	assert_text(private_with_assigned(&arena, T("{\"configured\":[\"any\"]}"), rows, &object),
		    T("{\"assigned\":{\"one\":null},\"before\":[],\"configured\":[\"any\"]}"));
	assert_text(private_with_assigned(&arena, T("not ours"), rows, &object), T("not ours"));
	arena_free(&arena);
}

static void test_age(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	int64_t created_s = 0;
	struct text stored = private_after_create(&arena, private_with_token(&arena, T("{}"), T("")), 17);
	assert_true(private_created(&arena, stored, &created_s));
	assert_int_equal(created_s, 17);
	// Updates keep it. So does a replacement, whose plan is what the delete of the old object is told; a new object
	// has none yet.
	const char *before = text_to_c_string(&arena, stored);
	struct text updated = remembered(&arena, "{\"any\": 1}", "{\"any\": 2}", before);
	assert_true(private_created(&arena, updated, &created_s));
	assert_true(private_created(&arena, private_after_failure(&arena, updated), &created_s));
	assert_true(private_created(&arena, remembered(&arena, "null", "{}", before), &created_s));
	assert_false(private_created(&arena, remembered(&arena, "null", "{}", ""), &created_s));
	static const char *const unknown[] = {
		"", "{}", "{\"created\":null}", "{\"created\":1.5}", "{\"created\":1e30}", "{\"created\":\"x\"}"
	};
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
		assert_false(private_created(&arena, text_of(unknown[i]), &created_s));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_token_of_a_create),
		cmocka_unit_test(test_what_an_import_found_empty),
		cmocka_unit_test(test_what_was_assigned),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_remembers_what_was_configured),
		cmocka_unit_test(test_reads_what_is_not_ours),
		cmocka_unit_test(test_after_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
