// SPDX-License-Identifier: MPL-2.0
#include "engine/state.h"

#include "ec2/decode.h"
#include "ec2/settle.h"

bool state_needs_account(const struct operation *operation)
{
	const struct row *owner = row_find(operation->resource->set.rows, T("owner_id"));
	return row_xml_name(operation->call->arena, owner).length == 0;
}

void state_take(struct arena *arena, const struct value *reference, struct text name, struct value *state)
{
	const struct value *value = value_field(reference, name);
	if (!value_is_unknown(value))
		*value_field(state, name) = value_copy(arena, value);
}

// What answers do not have.
static void take_unanswered(struct arena *arena, const struct row *rows, const struct value *reference,
			    struct value *state)
{
	for (size_t i = 0; rows[i].name; i++) {
		if (row_xml_name(arena, &rows[i]).length == 0 && value_is_wholly_known(&reference->items[i]))
			state->items[i] = value_copy(arena, &reference->items[i]);
	}
}

// Owner and ARN never change, so what is known of them stays.
static bool set_owner(const struct operation *operation, struct text id, const struct value *reference,
		      struct value *state)
{
	struct call *call = operation->call;
	struct value *owner = value_field(state, T("owner_id"));
	struct value *arn = value_field(state, T("arn"));
	if (value_is_null(owner))
		state_take(call->arena, reference, T("owner_id"), state);
	if (value_is_null(owner)) {
		struct text account_id;
		if (!client_account_id(call, operation->client, &account_id))
			return false;
		*owner = value_string(account_id);
	}
	if (value_is_null(arn)) {
		struct text name = text_print(call->arena, "%s/%.*s", operation->resource->tag_type, TEXT_ARG(id));
		*arn = value_string(client_arn(call, operation->client, owner->string, name));
	}
	return true;
}

bool state_of_item(const struct operation *operation, struct text id, const struct xml_node *item,
		   const struct value *reference, struct value *ret_state)
{
	struct call *call = operation->call;
	const struct row *rows = operation->resource->set.rows;
	struct value state = value_object(call->arena, reference->type);
	take_unanswered(call->arena, rows, reference, &state);
	bool good = decode_object(call, rows, item, &state);
	settle_object(call->arena, rows, reference, &state);
	*value_field(&state, T("id")) = value_string(id);
	struct value *region = value_field(&state, T("region"));
	if (value_is_null(region))
		*region = value_string(client_region(operation->client));
	*ret_state = state;
	return good && set_owner(operation, id, reference, ret_state);
}

struct value state_of_id(struct arena *arena, const struct type *type, struct text id, struct text region)
{
	struct value state = value_object(arena, type);
	*value_field(&state, T("id")) = value_string(id);
	if (region.length > 0)
		*value_field(&state, T("region")) = value_string(region);
	return state;
}

struct complaint {
	const struct operation *operation;
	struct text id;
};

static void complain(struct call *call, void *argument)
{
	const struct complaint *complaint = argument;
	diag_error(call, NULL, "Out of memory",
		   "There was no memory to finish the operation on the %s %.*s. The state has what EC2 is known to "
		   "have done until then. Refresh and plan again.",
		   complaint->operation->resource->set.noun, TEXT_ARG(complaint->id));
}

void state_complain_of_memory(const struct operation *operation, struct text id)
{
	struct complaint complaint = { operation, id };
	(void)call_run(operation->call, complain, &complaint);
}
