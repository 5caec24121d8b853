// SPDX-License-Identifier: MPL-2.0
#include "schema_fixture.h"

#include "resources/provider_meta.h"
#include "resources/provider_settings.h"
#include "resources/resources.h"
#include "schema/check.h"
#include "schema/lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_clean(const struct row_set *set)
{
	struct buffer out;
	buffer_init(&out, 100000);
	lint_rows(&out, set);
	if (out.length > 0)
		fail_msg("%.*s", TEXT_ARG(buffer_text(&out)));
	assert_false(out.failed);
	buffer_free(&out);
}

static void test_our_tables(void **state)
{
	(void)state;
	expect_clean(&provider_settings);
	expect_clean(&provider_meta);
	for (size_t i = 0; i < resources_count; i++)
		expect_clean(&resources_all[i]->set);
}

static void expect_sent(const char *resource, const struct row *rows)
{
	for (const struct row *row = rows; row->name; row++) {
		bool is_argument = row->flags & (ROW_REQUIRED | ROW_OPTIONAL);
		bool is_place = text_equal(text_of(row->name), T("region")); // chooses the endpoint
		if (is_argument && !is_place && !row->ec2 && !row->sent_with)
			fail_msg("%s: no row says how EC2 gets %s", resource, row->name);
		if (row->fields)
			expect_sent(resource, row->fields);
	}
}

static void test_each_argument_says_how_ec2_gets_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < resources_count; i++)
		expect_sent(resources_all[i]->set.name, resources_all[i]->set.rows);
}

static const struct row inner[] = {
	{ .name = "x", .kind = ROW_BOOL, .flags = ROW_OPTIONAL | ROW_REPLACE, .doc = "D." },
	{ .name = NULL },
};
static const struct row one_of[] = {
	{ .name = "x", .kind = ROW_BOOL, .flags = ROW_OPTIONAL | ROW_ONE_OF, .doc = "D." },
	{ .name = NULL },
};
static const char *const words[] = { "a", NULL };

static struct value no_plan(struct call *call, const struct plan_view *view)
{
	(void)call, (void)view;
	return value_unknown(&type_string);
}

#define COMPUTED_TOO (ROW_OPTIONAL | ROW_COMPUTED)

// One bad row each, and what lint says of it.
static const struct {
	struct row row;
	const char *complaint;
} bad_rows[] = {
	{ { .name = "A", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D." }, "lower-case identifier" },
	{ { .name = "count", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D." }, "Terraform's" },
	{ { .name = "a", .kind = ROW_STRING, .doc = "D." }, "required, optional or computed" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_REQUIRED | ROW_OPTIONAL, .doc = "D." },
	  "both required and opt" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_REQUIRED | ROW_COMPUTED, .doc = "D." },
	  "both required and com" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL }, "documentation is no sentence" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D" }, "documentation is no sentence" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D.", .why = "w" },
	  "reason is no sentence" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_REQUIRED, .doc = "D.", .why = "W." }, "is optional" },
	{ { .name = "a", .kind = ROW_INTEGER, .flags = ROW_OPTIONAL, .doc = "D." }, "wants a range" },
	{ { .name = "a", .kind = ROW_INTEGER, .flags = ROW_OPTIONAL, .doc = "D.", .min = 2, .max = 1 }, "upside down" },
	{ { .name = "a", .kind = ROW_BOOL, .flags = ROW_OPTIONAL, .doc = "D.", .max = 1 }, "range fits" },
	{ { .name = "a", .kind = ROW_BOOL, .flags = ROW_OPTIONAL, .doc = "D.", .choices = words },
	  "choices are strings" },
	{ { .name = "a", .kind = ROW_BOOL, .flags = ROW_OPTIONAL, .doc = "D.", .id_prefix = "x-" }, "id is a string" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_COMPUTED, .doc = "D.", .ec2 = "A" }, "is no parameter" },
	{ { .name = "a", .kind = ROW_BOOL, .flags = ROW_OPTIONAL, .doc = "D.", .ec2 = "A" }, "a parameter is a text" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D.", .ec2 = "A", .sent_with = "b" },
	  "sent_with is for arguments" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_COMPUTED, .doc = "D.", .sent_with = "b" },
	  "sent_with is for arguments" },
	{ { .name = "a", .kind = ROW_STRING_SET, .flags = ROW_OPTIONAL, .doc = "D.", .ec2 = "A" },
	  "a parameter is a text" },
	{ { .name = "a", .kind = ROW_STRING_MAP, .flags = ROW_OPTIONAL, .doc = "D.", .ec2 = "A" },
	  "a parameter is a text" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D.", .fallback = "x" },
	  "makes it computed" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D.", .plan = no_plan },
	  "makes it computed" },
	{ { .name = "a", .kind = ROW_STRING, .flags = COMPUTED_TOO, .doc = "D.", .fallback = "x", .choices = words },
	  "the fallback is invalid: a must be \"a\", not \"x\"." },
	{ { .name = "a", .kind = ROW_BOOL, .flags = COMPUTED_TOO, .doc = "D.", .fallback = "yes" },
	  "not of the row's type" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_CLEARABLE, .doc = "D." }, "can be cleared" },
	{ { .name = "a",
	    .kind = ROW_STRING,
	    .flags = ROW_OPTIONAL | ROW_CLEARABLE | ROW_REPLACE,
	    .doc = "D.",
	    .ec2 = "A" },
	  "never cleared" },
	{ { .name = "a",
	    .kind = ROW_STRING,
	    .flags = ROW_OPTIONAL | ROW_REPLACE | ROW_REPLACE_IF_UNKNOWN,
	    .doc = "D." },
	  "contains" },
	{ { .name = "a", .kind = ROW_STRING, .flags = COMPUTED_TOO | ROW_ASSIGNED, .doc = "D." },
	  "wants an integer, optional, computed" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D.", .assigned = "x" },
	  "without ROW_ASSIGNED" },
	{ { .name = "a",
	    .kind = ROW_INTEGER,
	    .flags = COMPUTED_TOO | ROW_ASSIGNED,
	    .doc = "D.",
	    .max = 1,
	    .assigned = "x" },
	  "`assigned` is not" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_REQUIRED | ROW_ONE_OF, .doc = "D." }, "ROW_ONE_OF wants" },
	{ { .name = "a", .kind = ROW_OBJECT, .flags = ROW_OPTIONAL, .doc = "D.", .fields = one_of },
	  "ROW_ONE_OF wants" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_CIDR, .doc = "D." }, "check_cidr" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_SENSITIVE, .doc = "D.", .why = "W." },
	  "sensitive" },
	{ { .name = "a", .kind = ROW_OBJECT, .flags = ROW_OPTIONAL, .doc = "D." }, "fields do not fit" },
	{ { .name = "a", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .doc = "D.", .fields = inner },
	  "fields do not fit" },
	{ { .name = "a", .kind = ROW_OBJECT, .flags = ROW_OPTIONAL, .doc = "D.", .fields = inner },
	  "itself can replace" },
	{ { .name = "a", .kind = ROW_OBJECT, .flags = ROW_OPTIONAL, .doc = "D.", .fields = inner, .key_noun = "n" },
	  "key_noun" },
	{ { .name = "a", .kind = ROW_OBJECT, .flags = ROW_OPTIONAL, .doc = "D.", .fields = inner, .key_xml = "n" },
	  "key_xml" },
	{ { .name = "a", .kind = ROW_NUMBER_MAP, .flags = ROW_OPTIONAL, .doc = "D.", .fields = inner, .key_noun = "n" },
	  "map by number wants a range" },
	{ { .name = "a", .kind = ROW_BLOCK, .flags = ROW_REQUIRED, .doc = "D.", .fields = inner },
	  "a block is optional" },
};

static void test_bad_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad_rows / sizeof bad_rows[0]; i++) {
		const struct row rows[] = { bad_rows[i].row, { .name = NULL } };
		const struct row_set set = { .name = "s", .noun = "n", .doc = "D.", .rows = rows };
		struct buffer out;
		buffer_init(&out, 100000);
		lint_rows(&out, &set);
		buffer_append_char(&out, '\0');
		if (!strstr(out.bytes, bad_rows[i].complaint))
			fail_msg("row %zu: \"%s\" does not say \"%s\"", i, out.bytes, bad_rows[i].complaint);
		buffer_free(&out);
	}
}

static void test_bad_sets(void **state)
{
	(void)state;
	static const struct row twice[] = {
		{ .name = "a", .kind = ROW_BOOL, .flags = ROW_OPTIONAL, .doc = "D." },
		{ .name = "a", .kind = ROW_BOOL, .flags = ROW_REQUIRED, .doc = "D." },
		{ .name = NULL },
	};
	const struct row_set set = { .name = "S", .doc = "D", .rows = twice, .version = -1 };
	struct buffer out;
	buffer_init(&out, 100000);
	lint_rows(&out, &set);
	assert_text(buffer_text(&out), T("S: the name is no lower-case identifier\n"
					 "S: the noun is missing\n"
					 "S: the documentation is no sentence\n"
					 "S: the version is negative\n"
					 "S.a: the name is used twice\n"));
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_our_tables),
		cmocka_unit_test(test_each_argument_says_how_ec2_gets_it),
		cmocka_unit_test(test_bad_rows),
		cmocka_unit_test(test_bad_sets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
