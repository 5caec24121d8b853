// SPDX-License-Identifier: MPL-2.0
#include "schema/deviations.h"

#include <stdlib.h>

// One departure: the attribute that it belongs to, and the sentence.
struct finding {
	const struct row *row;
	struct text sentence;
	struct finding *next;
};

struct findings {
	struct arena *arena;
	struct finding *first;
	struct finding **end;
	size_t count;
	bool is_complete; // false: a watched setting is not known yet
};

static void add(struct findings *findings, const struct row *attribute, struct text sentence)
{
	struct finding *finding = ARENA_NEW(findings->arena, struct finding);
	*finding = (struct finding){ .row = attribute, .sentence = sentence };
	*findings->end = finding;
	findings->end = &finding->next;
	findings->count++;
}

// What a setting is held against, and where it stands: in the attribute itself, or in a rule of it.
struct setting {
	const struct row *attribute; // of the resource
	const struct row *row;       // of the setting; it has a reason
	struct text label;           // "session_number"; "ingress_rules: rule 100: protocol"
	const struct value *recommended;
};

static void compare(struct findings *findings, const struct setting *setting, const struct value *planned)
{
	if (!value_is_wholly_known(planned)) {
		findings->is_complete = false;
		return;
	}
	if (value_is_null(planned) || row_value_equal(setting->row, planned, setting->recommended))
		return;
	struct text recommended = T("not set");
	if (!value_is_null(setting->recommended))
		recommended = value_print(findings->arena, setting->recommended);
	struct text value = value_print(findings->arena, planned);
	add(findings, setting->attribute,
	    text_print(findings->arena, "%.*s is %.*s; recommended: %.*s. %s", TEXT_ARG(setting->label),
		       TEXT_ARG(value), TEXT_ARG(recommended), setting->row->why));
}

// A rule that the configuration or the recommendation has.
struct rule {
	int64_t number;
	struct text key;
	const struct value *config; // NULL: the rule is only recommended
	const struct value *planned;
	const struct value *recommended; // NULL: the rule is only configured
};

static int by_number(const void *a, const void *b)
{
	const struct rule *first = a, *second = b;
	if (first->number != second->number)
		return first->number < second->number ? -1 : 1;
	return text_compare(first->key, second->key);
}

static struct rule rule_of(struct text key)
{
	struct rule rule = { .key = key };
	if (!text_to_int64(key, &rule.number))
		rule.number = INT64_MAX; // validation refuses it; here it only needs a place
	return rule;
}

// Fields that the rule leaves out take their defaults, which are the recommended ones or follow from the other fields.
static void compare_fields(struct findings *findings, const struct row *attribute, const struct rule *rule)
{
	for (size_t i = 0; attribute->fields[i].name; i++) {
		const struct row *field = &attribute->fields[i];
		if (!field->why || value_is_null(&rule->config->items[i]))
			continue;
		struct value recommended = rule->recommended->items[i];
		if (value_is_null(&recommended))
			recommended = row_fallback(findings->arena, field);
		struct setting setting = {
			.attribute = attribute,
			.row = field,
			.label = text_print(findings->arena, "%s: %s %.*s: %s", attribute->name, attribute->key_noun,
					    TEXT_ARG(rule->key), field->name),
			.recommended = &recommended,
		};
		compare(findings, &setting, &rule->planned->items[i]);
	}
}

// A rule as people write it: what is set in it, defaults included. A policy decides by these words, so none is left
// out.
static struct text print_rule(struct arena *arena, const struct row *fields, const struct value *rule)
{
	struct text printed = T("{");
	for (size_t i = 0; fields[i].name; i++) {
		struct value item = rule->items[i];
		if (value_is_null(&item))
			item = row_fallback(arena, &fields[i]);
		if (value_is_null(&item) || !(fields[i].flags & ROW_OPTIONAL))
			continue;
		struct text value = value_print(arena, &item);
		printed = text_print(arena, "%.*s%s %s = %.*s", TEXT_ARG(printed), printed.length > 1 ? "," : "",
				     fields[i].name, TEXT_ARG(value));
	}
	return text_print(arena, "%.*s }", TEXT_ARG(printed));
}

static bool is_settled(const struct row *fields, const struct value *rule)
{
	for (size_t i = 0; fields[i].name; i++) {
		if ((fields[i].flags & ROW_OPTIONAL) && !value_is_wholly_known(&rule->items[i]))
			return false;
	}
	return true;
}

// A rule that only one side has.
static void add_rule(struct findings *findings, const struct row *attribute, const struct rule *rule)
{
	struct text blank = T("not set");
	struct text value = blank, recommended = blank;
	if (rule->config)
		value = print_rule(findings->arena, attribute->fields, rule->planned);
	else
		recommended = print_rule(findings->arena, attribute->fields, rule->recommended);
	add(findings, attribute,
	    text_print(findings->arena, "%s: %s %.*s is %.*s; recommended: %.*s. %s", attribute->name,
		       attribute->key_noun, TEXT_ARG(rule->key), TEXT_ARG(value), TEXT_ARG(recommended),
		       attribute->why));
}

static void compare_rule(struct findings *findings, const struct row *attribute, const struct rule *rule)
{
	if (rule->config && value_is_null(rule->config))
		return; // validation refuses it
	if (rule->config && value_is_unknown(rule->config))
		findings->is_complete = false;
	else if (rule->config && rule->recommended)
		compare_fields(findings, attribute, rule);
	else if (rule->config && !is_settled(attribute->fields, rule->planned))
		findings->is_complete = false;
	else
		add_rule(findings, attribute, rule);
}

// All rules of a known map and of the recommended one, by number.
static void compare_rules(struct findings *findings, const struct row *attribute, const struct value *config,
			  const struct value *planned)
{
	struct value recommended = row_fallback(findings->arena, attribute);
	size_t most = config->count + (value_is_known(&recommended) ? recommended.count : 0);
	struct rule *rules = ARENA_ARRAY(findings->arena, struct rule, most);
	size_t count = 0;
	for (size_t i = 0; i < config->count; i++) {
		struct rule rule = rule_of(config->keys[i]);
		rule.config = &config->items[i];
		rule.planned = value_key(planned, rule.key);
		rule.recommended = value_key(&recommended, rule.key);
		rules[count++] = rule;
	}
	for (size_t i = 0; i < most - config->count; i++) {
		struct rule rule = rule_of(recommended.keys[i]);
		rule.recommended = &recommended.items[i];
		if (!value_key(config, rule.key))
			rules[count++] = rule;
	}
	qsort(rules, count, sizeof *rules, by_number);
	for (size_t i = 0; i < count; i++)
		compare_rule(findings, attribute, &rules[i]);
}

// Did the user choose the value? By the argument itself; or elsewhere, when a plan function took something else than
// the fallback (the name from tags). What an import found empty counts: nobody will see that it is not the fallback. An
// assigned value that the configuration only repeats was not chosen.
static bool is_chosen(const struct plan_view *view, const struct row *row, const struct value *config)
{
	if (row->flags & ROW_ASSIGNED)
		return value_has_string(&view->private_data->configured, text_of(row->name));
	return !value_is_null(config) || (row->plan && row->fallback) || private_is_empty(view->private_data, row);
}

static struct findings *find(struct arena *arena, const struct plan_view *view)
{
	struct findings *findings = ARENA_NEW(arena, struct findings);
	*findings = (struct findings){ .arena = arena, .end = &findings->first, .is_complete = true };
	for (size_t i = 0; view->set->rows[i].name; i++) {
		const struct row *row = &view->set->rows[i];
		const struct value *config = &view->config->items[i];
		if (!row->why || !is_chosen(view, row, config))
			continue;
		if (row->kind == ROW_NUMBER_MAP && value_is_known(config)) {
			compare_rules(findings, row, config, &view->planned->items[i]);
			continue;
		}
		struct value recommended = row_fallback(findings->arena, row);
		struct setting setting = { row, row, text_of(row->name), &recommended };
		compare(findings, &setting, &view->planned->items[i]);
	}
	return findings;
}

static struct value list_of(const struct findings *findings)
{
	if (!findings->is_complete)
		return value_unknown(&type_string_list);
	struct value list = value_list(findings->arena, &type_string_list, findings->count);
	size_t i = 0;
	for (const struct finding *finding = findings->first; finding; finding = finding->next)
		list.items[i++] = value_string(finding->sentence);
	return list;
}

struct value deviations_plan(struct call *call, const struct plan_view *view)
{
	return list_of(find(call->arena, view));
}

struct value deviations_of_state(struct call *call, const struct row_set *set, struct text remembered,
				 const struct value *state)
{
	struct value nothing = value_null(state->type);
	struct private_data before = private_read(call->arena, remembered);
	struct private_data now = private_of_plan(call->arena, set->rows, state, state, &before);
	struct plan_view view = {
		.set = set,
		.rows = set->rows,
		.config = state,
		.prior = &nothing,
		.planned = state,
		.private_data = &now,
	};
	return list_of(find(call->arena, &view));
}

// The words of the list say the same of an object that stays as it is, whatever an earlier version wrote.
static bool changes_something(const struct plan_view *view)
{
	if (!value_is_known(view->prior))
		return true;
	for (size_t i = 0; view->set->rows[i].name; i++) {
		if (view->set->rows[i].plan != deviations_plan &&
		    !value_equal(&view->prior->items[i], &view->planned->items[i]))
			return true;
	}
	return false;
}

void deviations_report(struct call *call, const struct plan_view *view)
{
	if (view->settings->deviation_severity == DEVIATION_NONE)
		return;
	const bool refuses = view->settings->deviation_severity == DEVIATION_ERROR && changes_something(view);
	const enum severity severity = refuses ? SEVERITY_ERROR : SEVERITY_WARNING;
	const struct findings *findings = find(call->arena, view);
	for (const struct finding *finding = findings->first; finding; finding = finding->next) {
		const struct path at = path_attribute(NULL, text_of(finding->row->name));
		diag_add(call, severity, &at, T("Departs from the recommended sensor settings"), finding->sentence);
	}
}
