// SPDX-License-Identifier: MPL-2.0
#include "engine/create.h"

#include "base/random.h"
#include "ec2/encode.h"
#include "ec2/names.h"
#include "ec2/recent.h"
#include "ec2/send.h"
#include "ec2/tags.h"
#include "engine/refusal.h"
#include "engine/state.h"

#include <stdint.h>

// Room for what the answer becomes: a state, and a diagnostic.
static const size_t answer_bytes = (size_t)256 * 1024;

// What is left to do once the object exists.
struct creation {
	const struct operation *operation;
	const struct value *planned;
	const struct xml_node *item;
	struct text id;
	struct value *state; // what exists; at first only the id
	bool good;
};

static void finish(struct call *call, void *argument)
{
	(void)call;
	struct creation *creation = argument;
	const struct operation *operation = creation->operation;
	const struct value *planned = creation->planned;
	struct value state; // with the planned tags: they are created with the object or it is not created
	bool good = state_of_item(operation, creation->id, creation->item, planned, &state);
	*creation->state = state;
	if (good && operation->resource->finish_create)
		good = operation->resource->finish_create(operation, planned, creation->state);
	creation->good = good;
}

struct request {
	const struct operation *operation;
	const struct value *planned;
	bool asked;                  // EC2 may have heard of it
	const struct xml_node *item; // what describes the new object; NULL: there is an error
};

static void complain_of_silence(struct call *call, const struct request *request)
{
	diag_error(call, NULL, "Out of memory",
		   "The provider asked EC2 to create the %s, but had no memory to read the response: it may exist now, "
		   "with an id that the provider does not know. Free memory, or run with a lower -parallelism, then "
		   "plan again; if an object with that name exists, import or delete it.",
		   request->operation->resource->set.noun);
}

// Sends CreateX. Each time with the same token: what EC2 refused it did not make.
static void send(struct call *call, void *argument)
{
	struct request *request = argument;
	const struct operation *operation = request->operation;
	const struct value *planned = request->planned;
	const struct resource *resource = operation->resource;
	const struct text action = names_action(call->arena, "Create", resource);
	const struct text id_path = names_id_path(call->arena, resource);
	const struct text element = names_element(call->arena, resource, ""); // now: later there may be no memory
	struct query query;
	query_init(&query, call->arena);
	encode_create(&query, resource->set.rows, planned);
	tags_encode(&query, resource->tag_type, value_field(planned, T("tags_all")));
	query_add(&query, T("ClientToken"),
		  operation->client_token.length > 0 ? operation->client_token : random_token(call->arena));
	const struct error_place place = {
		.action = action,
		.doing = text_print(call->arena, "create the %s", resource->set.noun),
		.rows = resource->set.rows,
		.object = planned,
	};
	struct patience patience = patience_of(PATIENCE_IN_USE_MS);
	struct action_answer answer;
	do {
		arena_reserve(call->arena, answer_bytes);
		request->asked = true;
		if (!send_action_for(operation, action, &query, ACTION_CREATES, id_path, &answer))
			return;
	} while (answer.error_code.length > 0 && refusal_passes(operation, &place, &answer, &patience));
	if (answer.error_code.length == 0)
		request->item = xml_child(answer.root, element);
}

bool create_object(const struct operation *operation, const struct value *planned, struct value *ret_state)
{
	struct call *call = operation->call;
	*ret_state = value_null(planned->type);
	struct text account_id;
	if (state_needs_account(operation) && !client_account_id(call, operation->client, &account_id))
		return false; // asked for before anything exists that would be left without an owner
	struct text id_element = names_element(call->arena, operation->resource, "Id");
	struct value shell = state_of_id(call->arena, planned->type, T(""), client_region(operation->client));
	struct value *shell_id = value_field(&shell, T("id"));

	struct request request = { operation, planned, false, NULL };
	if (!call_run(call, send, &request)) {
		if (!request.asked)
			arena_leave(call->arena);
		complain_of_silence(call, &request);
	}
	if (!request.item)
		return false;
	// From here on the object exists. Whatever happens, the host learns its id.
	struct creation creation = { operation, planned, request.item, xml_text(request.item, id_element),
				     ret_state, false };
	*shell_id = value_string(creation.id);
	*ret_state = shell;
	recent_add(call->clock, creation.id);
	if (call_run(call, finish, &creation))
		return creation.good;
	state_complain_of_memory(operation, creation.id);
	return false;
}
