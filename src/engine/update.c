// SPDX-License-Identifier: MPL-2.0
// Every step brings the state nearer to the plan, and the state says what exists after each.
#include "engine/update.h"

#include "ec2/decode.h"
#include "ec2/encode.h"
#include "ec2/names.h"
#include "ec2/send.h"
#include "ec2/tags.h"
#include "engine/refusal.h"
#include "engine/state.h"

struct update {
	const struct operation *operation;
	const struct value *planned;
	const struct value *config;
	struct value *state;
	bool good;
};

static struct text id_of(const struct update *update)
{
	return value_field(update->state, T("id"))->string;
}

// Sends ModifyX. False when an error was added.
static bool send_modify(const struct update *update, const struct query *query, struct action_answer *ret_answer)
{
	const struct operation *operation = update->operation;
	const struct resource *resource = operation->resource;
	struct arena *arena = operation->call->arena;
	struct text id = id_of(update);
	const struct error_place place = {
		.action = names_action(arena, "Modify", resource),
		.doing = text_print(arena, "change the %s %.*s", resource->set.noun, TEXT_ARG(id)),
		.rows = resource->set.rows,
		.object = update->planned,
	};
	struct patience patience = patience_of(PATIENCE_IN_USE_MS);
	do {
		if (!send_action_for(operation, place.action, query, ACTION_CHANGES, names_id_path(arena, resource),
				     ret_answer))
			return false;
	} while (ret_answer->error_code.length > 0 && refusal_passes(operation, &place, ret_answer, &patience));
	return ret_answer->error_code.length == 0;
}

// ModifyX with what differs.
static bool modify(const struct update *update)
{
	const struct operation *operation = update->operation;
	const struct resource *resource = operation->resource;
	struct call *call = operation->call;
	struct query query;
	query_init(&query, call->arena);
	query_add(&query, names_id_parameter(call->arena, resource), id_of(update));
	if (!encode_modify(&query, resource->set.rows, update->state, update->planned, update->config))
		return true;
	struct action_answer answer;
	if (!send_modify(update, &query, &answer))
		return false;
	const struct xml_node *item = xml_child(answer.root, names_element(call->arena, resource, ""));
	struct value now = value_copy(call->arena, update->state);
	bool good = decode_object(call, resource->set.rows, item, &now);
	*update->state = now;
	return good;
}

static bool change_tags(const struct update *update)
{
	const struct text id = id_of(update);
	const struct value *planned = value_field(update->planned, T("tags_all"));
	return value_is_unknown(planned) ||
	       tags_change(update->operation, &id, 1, value_field(update->state, T("tags_all")), planned);
}

// All steps are made: what only the plan knows.
static void take_from_plan(const struct update *update)
{
	struct arena *arena = update->operation->call->arena;
	const struct row *rows = update->operation->resource->set.rows;
	for (size_t i = 0; rows[i].name; i++) {
		if (row_xml_name(arena, &rows[i]).length == 0)
			state_take(arena, update->planned, text_of(rows[i].name), update->state);
	}
}

static void run(struct call *call, void *argument)
{
	(void)call;
	struct update *update = argument;
	const struct operation *operation = update->operation;
	const struct resource *resource = operation->resource;
	if (resource->finish_update && !resource->finish_update(operation, update->planned, update->state))
		return;
	if (resource->has_modify && !modify(update))
		return;
	if (!change_tags(update))
		return;
	take_from_plan(update);
	update->good = true;
}

bool update_object(const struct operation *operation, const struct value *prior, const struct value *planned,
		   const struct value *config, struct value *ret_state)
{
	*ret_state = value_copy(operation->call->arena, prior);
	struct update update = { operation, planned, config, ret_state, false };
	if (!call_run(operation->call, run, &update))
		state_complain_of_memory(operation, id_of(&update));
	return update.good;
}
