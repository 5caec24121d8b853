// SPDX-License-Identifier: MPL-2.0
#include "ec2/send.h"

#include "ec2/changes.h"
#include "ec2/patience.h"
#include "ec2/recent.h"

// Whether "InvalidXId.NotFound" speaks of the parameter XId or XId.N. CreateTags names any object in ResourceId.N.
static bool code_blames(struct text code, struct text parameter)
{
	const struct text name = text_part(parameter, 0, text_find_char(parameter, '.'));
	const struct text rest = text_part(code, sizeof "Invalid" - 1, code.length);
	const struct text blamed = text_part(rest, 0, text_find_char(rest, '.'));
	return text_equal(name, T("ResourceId")) || text_equal(name, blamed);
}

// The new object that a refusal does not know; NULL when it is of something else.
static const struct text *find_too_new(const struct clock *clock, const struct query *parameters, struct text code)
{
	if (!text_starts_with(code, T("Invalid")) || !text_ends_with(code, T(".NotFound")))
		return NULL;
	for (const struct query_parameter *each = parameters->first; each; each = each->next) {
		if (code_blames(code, each->name) && recent_has(clock, each->value))
			return &each->value;
	}
	return NULL;
}

struct sending {
	const struct operation *operation;
	const struct action *action;
	struct action_answer *answer;
	bool answered;
};

static void send_until_known(struct call *call, void *argument)
{
	struct sending *sending = argument;
	const struct action *action = sending->action;
	struct patience patience = patience_of(RECENT_MS); // an object that is not new any more ends it sooner
	bool deleted = false;
	for (;;) {
		sending->answered = client_send(call, sending->operation->client, action, sending->answer);
		if (!sending->answered)
			return;
		const struct text code = sending->answer->error_code;
		const struct text *id = find_too_new(call->clock, action->parameters, code);
		if (!id)
			return;
		// A delete may be why nothing is found, when an earlier attempt was lost: that is doubted less long.
		if (!deleted && text_starts_with(action->name, T("DeleteTrafficMirror")) &&
		    sending->answer->outcome_unknown) {
			deleted = true;
			patience = patience_of(PATIENCE_UNSEEN_MS);
		}
		if (!patience_wait(call, &patience)) {
			if (deleted && patience_is_over(&patience))
				recent_forget(*id);
			return;
		}
		LOG(call->log, LOG_DEBUG, "EC2 does not know a new object yet", LOG_TEXT("action", action->name),
		    LOG_TEXT("code", code));
	}
}

bool send_action(const struct operation *operation, struct text name, const struct query *parameters,
		 enum action_effect effect, struct action_answer *ret_answer)
{
	return send_action_for(operation, name, parameters, effect, T(""), ret_answer);
}

bool send_action_for(const struct operation *operation, struct text name, const struct query *parameters,
		     enum action_effect effect, struct text needed, struct action_answer *ret_answer)
{
	struct call *call = operation->call;
	const struct action action = {
		AWS_EC2, name, parameters, effect, operation->in_passing, needed, operation->products
	};
	struct sending sending = { operation, &action, ret_answer, false };
	const bool came_back = call_run(call, send_until_known, &sending);
	// Whatever became of it, EC2 may have made the change by now.
	if (effect != ACTION_ASKS)
		changes_add(operation->changes);
	if (!came_back)
		arena_leave(call->arena);
	return sending.answered;
}
