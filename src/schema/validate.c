// SPDX-License-Identifier: MPL-2.0
// A walk over rows and configuration side by side. Diagnostics point at the attribute; since a host cannot be sent
// further than that (facts: protocol, 3.3), the words name the rule and the field.
#include "schema/validate.h"

#include "schema/check.h"

// Where the walk stands, for messages.
struct place {
	struct call *call;
	const struct path *path;
	struct text rule;    // "Rule 100: " inside a map by number, else empty
	struct text setting; // "session_number", "source_port_range.from_port"
};

static void complain(const struct place *place, const char *summary, struct text problem)
{
	diag_error(place->call, place->path, summary, "%.*s%.*s %.*s.", TEXT_ARG(place->rule), TEXT_ARG(place->setting),
		   TEXT_ARG(problem));
}

static void validate_row(const struct place *place, const struct row *row, const struct value *value);

static void validate_fields(const struct place *place, const struct row *fields, const struct value *object)
{
	struct arena *arena = place->call->arena;
	for (size_t i = 0; fields[i].name; i++) {
		struct text name = text_of(fields[i].name);
		const struct path path = path_attribute(place->path, name);
		struct place inner = { place->call, &path, place->rule, name };
		if (place->setting.length > 0)
			inner.setting = text_print(arena, "%.*s.%s", TEXT_ARG(place->setting), fields[i].name);
		validate_row(&inner, &fields[i], &object->items[i]);
	}
}

static bool is_chosen_from(const char *const *choices, struct text wanted)
{
	for (size_t i = 0; choices[i]; i++) {
		if (text_equal(wanted, text_of(choices[i])))
			return true;
	}
	return false;
}

// "a", "b" or "c"
static struct text print_choices(struct arena *arena, const char *const *choices)
{
	struct text printed = text_print(arena, "\"%s\"", choices[0]);
	for (size_t i = 1; choices[i]; i++)
		printed = text_print(arena, "%.*s%s\"%s\"", TEXT_ARG(printed), choices[i + 1] ? ", " : " or ",
				     choices[i]);
	return printed;
}

static void validate_choice(const struct place *place, const struct row *row, const struct value *value)
{
	struct arena *arena = place->call->arena;
	if (value_is_null(value)) {
		complain(place, "Missing value", T("must not contain null"));
		return;
	}
	if (!value_is_known(value) || !row->choices || is_chosen_from(row->choices, value->string))
		return;
	struct text choices = print_choices(arena, row->choices);
	struct text given = value_print(arena, value);
	complain(place, "Unknown choice",
		 text_print(arena, "must be %.*s, not %.*s", TEXT_ARG(choices), TEXT_ARG(given)));
}

static void validate_string(const struct place *place, const struct row *row, const struct value *value)
{
	struct arena *arena = place->call->arena;
	size_t length = check_characters(value->string);
	if (row->max > 0 && length > (size_t)row->max)
		complain(place, "Text too long",
			 text_print(arena, "has %zu characters; the maximum is %lld", length, (long long)row->max));
	if (row->max > 0 && !check_fits_xml(value->string))
		complain(place, "Malformed value", text_of(check_fits_xml_problem));
	struct text prefix = text_of(row->id_prefix);
	struct text given = value_print(arena, value);
	if (prefix.length > 0 && !check_is_id(value->string, prefix))
		complain(place, "Malformed id",
			 text_print(arena, "must be an id such as \"%.*s0123456789abcdef0\", not %.*s",
				    TEXT_ARG(prefix), TEXT_ARG(given)));
	validate_choice(place, row, value);
}

static void validate_integer(const struct place *place, const struct row *row, const struct value *value)
{
	struct arena *arena = place->call->arena;
	struct text given = value_print(arena, value);
	bool has_range = row->max > 0;
	if (value->number.is_integer &&
	    (!has_range || (value->number.integer >= row->min && value->number.integer <= row->max)))
		return;
	struct text wanted = T("a whole number");
	if (has_range)
		wanted =
			text_print(arena, "a whole number from %lld to %lld", (long long)row->min, (long long)row->max);
	complain(place, "Number out of range",
		 text_print(arena, "must be %.*s, not %.*s", TEXT_ARG(wanted), TEXT_ARG(given)));
}

// A number has one spelling, so that no rule can be written twice. NULL when the key is good.
static const char *number_key_problem(struct arena *arena, const struct row *row, struct text key)
{
	int64_t number;
	bool is_number = text_to_int64(key, &number);
	if (!is_number || number < row->min || number > row->max)
		return text_print(arena, "must be a whole number from %lld to %lld", (long long)row->min,
				  (long long)row->max)
			.at;
	if (key.at[0] == '0' && key.length > 1)
		return text_print(arena,
				  "must be written without leading zeros, as %lld: with them, the same %s could occur "
				  "twice",
				  (long long)number, row->key_noun)
			.at;
	return NULL;
}

static struct text capitalized(struct arena *arena, const char *word)
{
	char *copy = text_to_c_string(arena, text_of(word));
	if (copy[0] >= 'a' && copy[0] <= 'z')
		copy[0] = (char)(copy[0] - 'a' + 'A');
	return text_of(copy);
}

static void validate_number_map(const struct place *place, const struct row *row, const struct value *map)
{
	struct arena *arena = place->call->arena;
	struct text noun = capitalized(arena, row->key_noun);
	for (size_t i = 0; i < map->count; i++) {
		struct text key = map->keys[i];
		const char *problem = number_key_problem(arena, row, key);
		if (problem)
			diag_error(place->call, place->path, text_print(arena, "Malformed %s number", row->key_noun).at,
				   "%.*s has a %s under the key \"%.*s\". The key is the %s's number and %s.",
				   TEXT_ARG(place->setting), row->key_noun, TEXT_ARG(key), row->key_noun, problem);
		if (value_is_null(&map->items[i]))
			diag_error(place->call, place->path, "Missing value",
				   "%.*s %.*s is null. Remove it, or write {} for a rule with all defaults.",
				   TEXT_ARG(noun), TEXT_ARG(key));
		if (!value_is_known(&map->items[i]))
			continue;
		const struct path path = path_key(place->path, key);
		struct place inner = { place->call, &path,
				       text_print(arena, "%.*s %.*s: ", TEXT_ARG(noun), TEXT_ARG(key)), T("") };
		validate_fields(&inner, row->fields, &map->items[i]);
	}
}

static void validate_kind(const struct place *place, const struct row *row, const struct value *value)
{
	switch (row->kind) {
	case ROW_STRING:
		validate_string(place, row, value);
		break;
	case ROW_INTEGER:
		validate_integer(place, row, value);
		break;
	case ROW_STRING_LIST:
	case ROW_STRING_SET:
		for (size_t i = 0; i < value->count; i++)
			validate_choice(place, row, &value->items[i]);
		break;
	case ROW_OBJECT:
		validate_fields(place, row->fields, value);
		break;
	case ROW_NUMBER_MAP:
		validate_number_map(place, row, value);
		break;
	case ROW_BLOCK:
		for (size_t i = 0; i < value->count; i++) {
			const struct path path = path_index(place->path, (int64_t)i);
			struct place inner = { place->call, &path, place->rule, place->setting };
			if (value_is_known(&value->items[i]))
				validate_fields(&inner, row->fields, &value->items[i]);
		}
		break;
	case ROW_BOOL:
	case ROW_STRING_MAP: // what is to be said of these, their check says
		break;
	}
}

static void validate_row(const struct place *place, const struct row *row, const struct value *value)
{
	if (!value_is_null(value) && (row->flags & ROW_COMPUTED) && !(row->flags & ROW_OPTIONAL)) {
		complain(place, "Attribute is read-only",
			 T("is read-only: EC2 or the provider sets it. Remove it from the configuration"));
		return;
	}
	if (!value_is_known(value) || ((row->flags & ROW_EMPTY_IS_NONE) && value->string.length == 0))
		return;
	validate_kind(place, row, value);
	const char *problem = row->check ? row->check(place->call->arena, value) : NULL;
	if (problem)
		complain(place, "Malformed value", text_of(problem));
}

// The names of the rows of which exactly one is given, NULL-terminated.
static const char *const *names_of_one(struct arena *arena, const struct row *rows)
{
	const char **names = ARENA_ARRAY(arena, const char *, row_count(rows) + 1);
	size_t count = 0;
	for (const struct row *row = rows; row->name; row++) {
		if (row->flags & ROW_ONE_OF)
			names[count++] = row->name;
	}
	names[count] = NULL;
	return names;
}

static void validate_exactly_one(struct call *call, const struct row_set *set, const struct value *config)
{
	const char *const *choices = names_of_one(call->arena, set->rows);
	size_t known = 0, possible = 0;
	struct text last = T("");
	for (size_t i = 0; choices[i]; i++) {
		const struct value *value = &config->items[row_slot(set->rows, text_of(choices[i]))];
		possible += !value_is_null(value);
		known += value_is_known(value);
		if (value_is_known(value))
			last = text_of(choices[i]);
	}
	if (!choices[0] || (possible > 0 && known <= 1))
		return; // what is not known yet may turn out null
	struct text names = print_choices(call->arena, choices);
	const struct path path = path_attribute(NULL, last);
	if (known > 1)
		diag_error(call, &path, "Too many arguments",
			   "A %s takes exactly one of %.*s, and the configuration has %zu.", set->noun, TEXT_ARG(names),
			   known);
	else
		diag_error(call, NULL, "Missing argument", "A %s needs exactly one of %.*s.", set->noun,
			   TEXT_ARG(names));
}

void validate_config(struct call *call, const struct row_set *set, const struct value *config)
{
	if (!value_is_known(config))
		return;
	struct place top = { call, NULL, T(""), T("") };
	validate_fields(&top, set->rows, config);
	validate_exactly_one(call, set, config);
	if (set->validate)
		set->validate(call, config);
}
