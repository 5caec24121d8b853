// SPDX-License-Identifier: MPL-2.0
#include "schema/lint.h"

#include "base/call.h"
#include "schema/check.h"
#include "schema/validate.h"

#include <string.h>

// Where a fault is: "vns_mirror_filter.ingress_rules.protocol".
struct place {
	struct arena *arena;
	struct buffer *out;
	struct text name;
	bool is_nested; // in the fields of another row
};

static void fault(const struct place *place, const char *words)
{
	buffer_print(place->out, "%.*s: %s\n", TEXT_ARG(place->name), words);
}

static void expect(const struct place *place, bool holds, const char *words)
{
	if (!holds)
		fault(place, words);
}

static bool has(const struct row *row, unsigned flags)
{
	return row->flags & flags;
}

static bool is_sentence(const char *words)
{
	return words && text_ends_with(text_of(words), T("."));
}

static bool is_identifier(struct text name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	for (size_t i = 0; i < name.length; i++) {
		if (!memchr(allowed, name.at[i], sizeof allowed - 1))
			return false;
	}
	return name.length > 0 && name.at[0] >= 'a';
}

static bool has_fields(const struct row *row)
{
	return row->kind == ROW_OBJECT || row->kind == ROW_NUMBER_MAP || row->kind == ROW_BLOCK;
}

// Core's InternalValidate, and what a host keeps for itself at the top of a resource or provider block.
static void lint_name(const struct place *place, const struct row *rows, const struct row *row)
{
	static const char *const reserved[] = { "alias",     "connection",  "count",    "depends_on", "for_each",
						"lifecycle", "provisioner", "provider", "version" };
	struct text name = text_of(row->name);
	expect(place, is_identifier(name), "the name is no lower-case identifier");
	expect(place, row_find(rows, name) == row, "the name is used twice");
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		expect(place, place->is_nested || !text_equal(name, text_of(reserved[i])), "the name is Terraform's");
}

static void lint_presence(const struct place *place, const struct row *row)
{
	expect(place, has(row, ROW_REQUIRED | ROW_OPTIONAL | ROW_COMPUTED), "must be required, optional or computed");
	expect(place, !has(row, ROW_REQUIRED) || !has(row, ROW_OPTIONAL), "is both required and optional");
	expect(place, !has(row, ROW_REQUIRED) || !has(row, ROW_COMPUTED), "is both required and computed");
	expect(place, row->kind != ROW_BLOCK || row->flags == ROW_OPTIONAL, "a block is optional and nothing else");
	expect(place, row->kind != ROW_BLOCK || !place->is_nested, "blocks do not nest");
}

static void lint_flags(const struct place *place, const struct row *row)
{
	bool is_chosen_by_both = has(row, ROW_OPTIONAL) && has(row, ROW_COMPUTED);
	expect(place, !has(row, ROW_REPLACE) || !has(row, ROW_REPLACE_IF_UNKNOWN),
	       "ROW_REPLACE contains ROW_REPLACE_IF_UNKNOWN");
	expect(place, !has(row, ROW_REPLACE | ROW_REPLACE_IF_UNKNOWN | ROW_ASSIGNED) || !place->is_nested,
	       "only an attribute of the resource itself can replace it or be assigned");
	expect(place, !has(row, ROW_CLEARABLE) || (has(row, ROW_OPTIONAL) && row->ec2),
	       "only an optional EC2 parameter can be cleared");
	expect(place, !has(row, ROW_CLEARABLE) || !has(row, ROW_REPLACE), "what replaces is never cleared");
	expect(place, !has(row, ROW_ASSIGNED) || (row->kind == ROW_INTEGER && is_chosen_by_both && !row->fallback),
	       "ROW_ASSIGNED wants an integer, optional, computed and no fallback");
	expect(place, !row->assigned || has(row, ROW_ASSIGNED), "`assigned` without ROW_ASSIGNED");
	expect(place, !has(row, ROW_EMPTY_IS_NONE) || (row->kind == ROW_STRING && !has(row, ROW_REQUIRED) && !row->ec2),
	       "ROW_EMPTY_IS_NONE wants a string of the provider's settings that may be left out");
	expect(place, !has(row, ROW_ONE_OF) || (has(row, ROW_OPTIONAL) && !place->is_nested),
	       "ROW_ONE_OF wants an optional attribute of the set's own table");
	expect(place, !has(row, ROW_CIDR) || (row->kind == ROW_STRING && row->check == check_cidr),
	       "ROW_CIDR wants a string and check_cidr");
	expect(place, !has(row, ROW_SENSITIVE) || !row->why, "a sensitive value would be shown as a deviation");
}

static void lint_columns(const struct place *place, const struct row *row)
{
	bool is_string = row->kind == ROW_STRING;
	bool is_settable = has(row, ROW_REQUIRED | ROW_OPTIONAL);
	bool is_map = row->kind == ROW_NUMBER_MAP;
	expect(place, has_fields(row) == (row->fields != NULL), "fields do not fit the kind");
	expect(place, is_map == (row->key_noun != NULL), "key_noun belongs to ROW_NUMBER_MAP, and it needs one");
	expect(place, is_map || !row->key_xml, "key_xml belongs to ROW_NUMBER_MAP");
	expect(place, !row->choices || is_string || row->kind == ROW_STRING_SET || row->kind == ROW_STRING_LIST,
	       "choices are strings");
	expect(place, !row->id_prefix || is_string, "an id is a string");
	expect(place, !row->max || is_string || row->kind == ROW_INTEGER || row->kind == ROW_BLOCK || is_map,
	       "a range fits numbers, texts and blocks");
	expect(place, !row->ec2 || is_string || row->kind == ROW_INTEGER || row->kind == ROW_OBJECT,
	       "a parameter is a text, a number or an object");
	expect(place, !row->sent_with || (is_settable && !row->ec2),
	       "sent_with is for arguments that are no parameter");
	expect(place, row->min <= row->max || !row->max, "the range is upside down");
	expect(place, !is_settable || row->kind != ROW_INTEGER || row->max, "an integer that can be set wants a range");
	expect(place, !is_map || row->min > 0, "a map by number wants a range");
	expect(place,
	       is_settable || !(row->ec2 || row->max || row->choices || row->id_prefix || row->check || row->why ||
				row->fallback),
	       "a read-only attribute is no parameter, and has no default and nothing to be checked");
	expect(place, !(row->fallback || row->plan) || has(row, ROW_COMPUTED), "a default makes it computed");
	expect(place, !row->why || has(row, ROW_OPTIONAL), "what has a recommended setting is optional");
}

// Damaged JSON reads as null.
static void lint_values(const struct place *place, const struct row *row)
{
	struct value fallback = row_fallback(place->arena, row);
	struct value assigned = row_assigned(place->arena, row);
	expect(place, !row->fallback || value_is_known(&fallback), "the fallback is not of the row's type");
	expect(place, !row->assigned || value_is_known(&assigned), "`assigned` is not of the row's type");
	if (!value_is_known(&fallback))
		return;
	const struct row alone[] = { *row, { .name = NULL } };
	struct value config = value_object(place->arena, row_type(place->arena, alone));
	config.items[0] = fallback;
	struct diagnostics problems = { NULL, NULL, 0 };
	struct call call = {
		.arena = place->arena, .diagnostics = &problems, .log = &log_none, .clock = &clock_system
	};
	const struct row_set set = { .name = "", .noun = "", .rows = alone };
	validate_config(&call, &set, &config);
	for (const struct diagnostic *problem = problems.first; problem; problem = problem->next)
		fault(place, text_print(place->arena, "the fallback is invalid: %.*s", TEXT_ARG(problem->detail)).at);
}

static void lint_table(const struct place *parent, const struct row *rows)
{
	for (const struct row *row = rows; row->name; row++) {
		struct place place = *parent;
		place.name = text_print(parent->arena, "%.*s.%s", TEXT_ARG(parent->name), row->name);
		lint_name(&place, rows, row);
		lint_presence(&place, row);
		lint_flags(&place, row);
		lint_columns(&place, row);
		expect(&place, is_sentence(row->doc), "the documentation is no sentence");
		expect(&place, !row->why || is_sentence(row->why), "the reason is no sentence");
		if (has_fields(row) != (row->fields != NULL))
			continue; // its type cannot be made
		lint_values(&place, row);
		place.is_nested = true;
		if (row->fields)
			lint_table(&place, row->fields);
	}
}

void lint_rows(struct buffer *out, const struct row_set *set)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct place place = { &arena, out, text_of(set->name), false };
	expect(&place, is_identifier(place.name), "the name is no lower-case identifier");
	expect(&place, set->noun && *set->noun, "the noun is missing");
	expect(&place, is_sentence(set->doc), "the documentation is no sentence");
	expect(&place, set->version >= 0, "the version is negative");
	lint_table(&place, set->rows);
	arena_free(&arena);
}
