// SPDX-License-Identifier: MPL-2.0
// Three rules cover every value. What is configured is planned as it is, or as the prior value that means the same.
// What is not configured and not computed is null. What is not configured and computed is the fallback, with the
// nested fallbacks in it, or else what EC2 chose before, or else unknown. Plan functions then refine the last of these.
#include "schema/plan.h"

#include "schema/deviations.h"

// What is the same for the whole plan.
struct planner {
	struct call *call;
	const struct plan_request *request;
	struct private_data before; // what was remembered of the prior state
	struct private_data now;    // what is to be remembered of this plan
};

static struct value plan_object(const struct planner *planner, const struct row *rows, const struct value *config,
				const struct value *prior);

// A null or unknown element stays what it is. An element that is new has a null prior.
static struct value plan_element(const struct planner *planner, const struct row *row, const struct value *config,
				 const struct value *prior)
{
	if (!value_is_known(config))
		return *config;
	struct value none = value_null(config->type);
	return plan_object(planner, row->fields, config, prior ? prior : &none);
}

static struct value plan_map(const struct planner *planner, const struct row *row, const struct value *config,
			     const struct value *prior)
{
	struct value planned = value_map(planner->call->arena, config->type, config->count);
	for (size_t i = 0; i < config->count; i++) {
		planned.keys[i] = config->keys[i];
		planned.items[i] = plan_element(planner, row, &config->items[i], value_key(prior, config->keys[i]));
	}
	return planned;
}

// `value` is known: from the configuration, or the row's fallback. Core allows the prior value in place of a configured
// one (facts: protocol, 6.2): where both mean the same, that shows no difference.
static struct value plan_given(const struct planner *planner, const struct row *row, const struct value *value,
			       const struct value *prior)
{
	if (row->kind == ROW_OBJECT)
		return plan_element(planner, row, value, prior);
	if (row->kind == ROW_NUMBER_MAP)
		return plan_map(planner, row, value, prior);
	return row_value_equal(row, value, prior) ? *prior : *value;
}

// What EC2 chooses. An assigned value may well be null (packet_length: the whole packet); anything else that the prior
// state lacks, an import left out.
static struct value plan_chosen(const struct planner *planner, const struct row *row, const struct value *prior,
				bool creates)
{
	struct value unknown = value_unknown(prior->type);
	if (creates)
		return unknown;
	if (row->flags & ROW_ASSIGNED)
		return private_was_chosen(planner->call->arena, &planner->before, row, prior) ? unknown : *prior;
	return value_is_known(prior) ? *prior : unknown;
}

static bool is_configurable(const struct row *row)
{
	return row->flags & (ROW_REQUIRED | ROW_OPTIONAL);
}

// By the row's columns alone, without its plan function.
static struct value plan_row(const struct planner *planner, const struct row *row, const struct value *config,
			     const struct value *prior, bool creates)
{
	if (is_configurable(row) && value_is_unknown(config))
		return *config;
	if (is_configurable(row) && value_is_known(config))
		return plan_given(planner, row, config, prior);
	if (!(row->flags & ROW_COMPUTED))
		return value_null(config->type);
	if (!row->fallback)
		return plan_chosen(planner, row, prior, creates);
	struct value fallback =
		private_is_empty(&planner->now, row) ? value_string(T("")) : row_fallback(planner->call->arena, row);
	return plan_given(planner, row, &fallback, prior);
}

static struct plan_view view_of(const struct planner *planner, const struct row *rows, const struct value *config,
				const struct value *prior, const struct value *planned)
{
	return (struct plan_view){
		.set = planner->request->set,
		.rows = rows,
		.config = config,
		.prior = prior,
		.planned = planned,
		.settings = planner->request->settings,
		.private_data = &planner->now,
	};
}

// Rows whose networks are written in two ways keep the prior one's text, also when a function computed the value.
static struct value run_plan_function(const struct planner *planner, struct plan_view *view, const struct row *row,
				      const struct value *prior)
{
	view->row = row;
	struct value value = row->plan(planner->call, view);
	return row_value_equal(row, &value, prior) ? *prior : value;
}

static struct value plan_object(const struct planner *planner, const struct row *rows, const struct value *config,
				const struct value *prior)
{
	struct value planned = value_object(planner->call->arena, config->type);
	bool creates = !value_is_known(prior);
	struct plan_view view = view_of(planner, rows, config, prior, &planned);
	for (size_t i = 0; rows[i].name; i++) {
		struct value none = value_null(config->items[i].type);
		planned.items[i] =
			plan_row(planner, &rows[i], &config->items[i], creates ? &none : &prior->items[i], creates);
	}
	for (size_t i = 0; rows[i].name; i++) {
		bool is_given = is_configurable(&rows[i]) && !value_is_null(&config->items[i]);
		if (!rows[i].plan || is_given)
			continue;
		struct value none = value_null(config->items[i].type);
		planned.items[i] = run_plan_function(planner, &view, &rows[i], creates ? &none : &prior->items[i]);
	}
	return planned;
}

static bool needs_replacement(const struct row *row, const struct value *prior, const struct value *planned)
{
	if (row->flags & ROW_REPLACE)
		return !row_value_equal(row, prior, planned);
	return (row->flags & ROW_REPLACE_IF_UNKNOWN) && value_is_unknown(planned);
}

static void find_replacements(struct arena *arena, const struct row *rows, const struct value *prior,
			      struct plan_result *result)
{
	const struct path **paths = ARENA_ARRAY(arena, const struct path *, row_count(rows));
	size_t count = 0;
	for (size_t i = 0; rows[i].name; i++) {
		if (!needs_replacement(&rows[i], &prior->items[i], &result->planned.items[i]))
			continue;
		const struct path path = path_attribute(NULL, text_of(rows[i].name));
		paths[count++] = path_copy(arena, &path);
	}
	result->requires_replace = paths;
	result->requires_replace_count = count;
}

bool plan_resource(struct call *call, const struct plan_request *request, struct plan_result *ret_result)
{
	if (value_is_null(request->config)) {
		*ret_result =
			(struct plan_result){ .planned = *request->config, .private_data = request->prior_private };
		return true;
	}
	struct arena *arena = call->arena;
	const struct row *rows = request->set->rows;
	size_t errors_before = call->diagnostics->errors;
	struct planner planner = {
		.call = call,
		.request = request,
		.before = private_read(arena, request->prior_private),
	};
	planner.now = private_of_plan(arena, rows, request->config, request->prior, &planner.before);

	struct plan_result result = { .private_data = private_write(arena, &planner.now) };
	result.planned = plan_object(&planner, rows, request->config, request->prior);
	if (!value_is_null(request->prior))
		find_replacements(arena, rows, request->prior, &result);
	struct plan_view whole = view_of(&planner, rows, request->config, request->prior, &result.planned);
	deviations_report(call, &whole);
	*ret_result = result;
	return call->diagnostics->errors == errors_before;
}

const struct value *plan_config_of(const struct plan_view *view, struct text name)
{
	return &view->config->items[row_slot(view->rows, name)];
}

const struct value *plan_prior_of(const struct plan_view *view, struct text name)
{
	// A null object has no items; its null stands for each of them.
	return value_is_known(view->prior) ? &view->prior->items[row_slot(view->rows, name)] : view->prior;
}

const struct value *plan_planned_of(const struct plan_view *view, struct text name)
{
	return &view->planned->items[row_slot(view->rows, name)];
}
