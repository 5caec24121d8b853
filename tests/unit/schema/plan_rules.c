// SPDX-License-Identifier: MPL-2.0
#include "plan_rules.h"

#include <stdint.h>

static const struct text good = TEXT("");

static struct text fault(struct arena *arena, const char *at, const char *words)
{
	return text_print(arena, "%s: %s", at, words);
}

// The object's items of a null prior are nulls.
static struct value item_of(const struct value *object, size_t i)
{
	return value_is_known(object) ? object->items[i] : value_null(object->type);
}

static struct text check_leaf(struct arena *arena, const struct row *row, const struct value *prior,
			      const struct value *config, const struct value *planned)
{
	bool is_settable = row->flags & (ROW_OPTIONAL | ROW_REQUIRED);
	bool is_computed = row->flags & ROW_COMPUTED;
	if (value_equal(planned, config))
		return good;
	if (!value_is_null(config) && value_is_known(prior) && value_equal(planned, prior))
		return good;
	if (is_computed && (!is_settable || value_is_null(config)))
		return good;
	return fault(arena, row->name,
		     value_is_null(config) ? "planned for a non-computed attribute"
					   : "matches neither config nor prior value");
}

static struct text check_row(struct arena *arena, const struct row *row, const struct value *prior,
			     const struct value *config, const struct value *planned);

static struct text check_object(struct arena *arena, const struct row *fields, const struct value *prior,
				const struct value *config, const struct value *planned)
{
	for (size_t i = 0; fields[i].name; i++) {
		struct value before = item_of(prior, i), wanted = item_of(config, i), now = item_of(planned, i);
		struct text problem = check_row(arena, &fields[i], &before, &wanted, &now);
		if (problem.length > 0)
			return text_print(arena, "%.*s", TEXT_ARG(problem));
	}
	return good;
}

// One element of a nested attribute, or the only one.
static struct text check_element(struct arena *arena, const struct row *row, const struct value *prior,
				 const struct value *config, const struct value *planned)
{
	if (!value_is_known(config))
		return value_equal(config, planned) ? good
						    : fault(arena, row->name, "an unknown or null is not passed on");
	if (!value_is_known(planned))
		return fault(arena, row->name, "unknown or absent although it is configured");
	return check_object(arena, row->fields, prior, config, planned);
}

static struct text check_map(struct arena *arena, const struct row *row, const struct value *prior,
			     const struct value *config, const struct value *planned)
{
	if (config->count != planned->count)
		return fault(arena, row->name, "another number of elements than in config");
	for (size_t i = 0; i < config->count; i++) {
		const struct value *now = value_key(planned, config->keys[i]);
		const struct value *before = value_key(prior, config->keys[i]);
		struct value none = value_null(config->items[i].type);
		if (!now)
			return fault(arena, row->name, "a key of config is not in the plan");
		struct text problem = check_element(arena, row, before ? before : &none, &config->items[i], now);
		if (problem.length > 0)
			return problem;
	}
	return good;
}

static struct text check_row(struct arena *arena, const struct row *row, const struct value *prior,
			     const struct value *config, const struct value *planned)
{
	if (!type_equal(planned->type, config->type) && value_is_known(planned))
		return fault(arena, row->name, "is of another type");
	if (!row->fields || value_is_null(config))
		return check_leaf(arena, row, prior, config, planned);
	if (row->kind == ROW_OBJECT || !value_is_known(config))
		return check_element(arena, row, prior, config, planned);
	if (!value_is_known(planned))
		return fault(arena, row->name, "unknown or absent although it is configured");
	return check_map(arena, row, prior, config, planned);
}

struct text plan_rules_check(struct arena *arena, const struct row *rows, const struct value *prior,
			     const struct value *config, const struct value *planned)
{
	if (value_is_null(config) != value_is_null(planned))
		return fault(arena, "-", "planned absence where config wants existence, or the reverse");
	return value_is_null(config) ? good : check_object(arena, rows, prior, config, planned);
}

struct text plan_rules_replaces(struct arena *arena, const struct row *rows, const struct value *prior,
				const struct plan_result *result)
{
	for (size_t i = 0; i < result->requires_replace_count; i++) {
		const struct path *path = result->requires_replace[i];
		struct text at = path_print(arena, path);
		if (value_is_null(prior))
			return text_print(arena, "%.*s: a creation replaces", TEXT_ARG(at));
		if (path->parent || path->kind != PATH_ATTRIBUTE || !row_find(rows, path->name))
			return text_print(arena, "%.*s: there is no such attribute", TEXT_ARG(at));
		size_t slot = row_slot(rows, path->name);
		if (value_equal(&prior->items[slot], &result->planned.items[slot]))
			return text_print(arena, "%.*s: stays as it is", TEXT_ARG(at));
	}
	return good;
}

static struct text keeps_items(struct arena *arena, const struct value *planned, const struct value *later)
{
	if (planned->count != later->count)
		return text_print(arena, "%zu items became %zu", planned->count, later->count);
	for (size_t i = 0; i < planned->count; i++) {
		const struct value *item = planned->keys ? value_key(later, planned->keys[i]) : &later->items[i];
		if (!item)
			return text_print(arena, "the key %.*s vanished", TEXT_ARG(planned->keys[i]));
		struct text problem = plan_rules_keeps(arena, &planned->items[i], item);
		if (problem.length > 0 && planned->type->kind == TYPE_OBJECT)
			return text_print(arena, "%.*s: %.*s", TEXT_ARG(planned->type->fields[i].name),
					  TEXT_ARG(problem));
		if (problem.length > 0)
			return problem;
	}
	return good;
}

static bool has_item(const struct value *set, const struct value *wanted)
{
	for (size_t i = 0; i < set->count; i++) {
		if (value_equal(&set->items[i], wanted))
			return true;
	}
	return false;
}

// Which item an unknown one becomes cannot be said of a set, and two may become one.
static struct text keeps_set(struct arena *arena, const struct value *planned, const struct value *later)
{
	if (later->count > planned->count || (later->count == 0) != (planned->count == 0))
		return text_print(arena, "%zu items became %zu", planned->count, later->count);
	for (size_t i = 0; i < planned->count; i++) {
		const struct value *item = &planned->items[i];
		if (!value_is_wholly_known(item) || has_item(later, item))
			continue;
		struct text gone = value_print(arena, item);
		return text_print(arena, "the item %.*s vanished", TEXT_ARG(gone));
	}
	return good;
}

struct text plan_rules_keeps(struct arena *arena, const struct value *planned, const struct value *later)
{
	if (value_is_unknown(planned))
		return good;
	if (planned->type->kind == TYPE_SET && value_is_known(later) && !value_is_wholly_known(planned))
		return keeps_set(arena, planned, later);
	bool is_container = planned->type->kind == TYPE_MAP || planned->type->kind == TYPE_OBJECT ||
			    planned->type->kind == TYPE_LIST;
	if (is_container && value_is_known(planned) && value_is_known(later))
		return keeps_items(arena, planned, later);
	if (value_equal(planned, later))
		return good;
	struct text was = value_print(arena, planned), is = value_print(arena, later);
	return text_print(arena, "was %.*s and is %.*s", TEXT_ARG(was), TEXT_ARG(is));
}
