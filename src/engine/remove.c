// SPDX-License-Identifier: MPL-2.0
#include "engine/remove.h"

#include "ec2/error.h"
#include "ec2/names.h"
#include "ec2/patience.h"
#include "ec2/recent.h"
#include "ec2/send.h"
#include "engine/absence.h"

static bool is_in_use(const struct resource *resource, const struct action_answer *answer)
{
	return resource->in_use_code && text_starts_with(answer->error_code, text_of(resource->in_use_code));
}

// Sends DeleteX until the answer is not "in use", or patience ends. False: no answer was to be had.
static bool send_patiently(const struct operation *operation, struct text action, const struct query *query,
			   struct action_answer *ret_answer)
{
	struct patience patience = patience_of(PATIENCE_IN_USE_MS);
	do {
		if (!send_action(operation, action, query, ACTION_CHANGES, ret_answer))
			return false;
	} while (is_in_use(operation->resource, ret_answer) && patience_wait(operation->call, &patience));
	return true;
}

static void explain(const struct operation *operation, const struct value *prior, struct text action,
		    const struct action_answer *answer)
{
	const struct resource *resource = operation->resource;
	if (is_in_use(resource, answer) && resource->explain_in_use) {
		resource->explain_in_use(operation, prior, answer);
		return;
	}
	struct text id = value_field(prior, T("id"))->string;
	const struct error_place place = {
		.action = action,
		.doing = text_print(operation->call->arena, "delete the %s %.*s", resource->set.noun, TEXT_ARG(id)),
	};
	error_add(operation->call, &place, answer);
}

static void complain_of_delay(const struct operation *operation, struct text id)
{
	const char *noun = operation->resource->set.noun;
	struct text summary =
		text_print(operation->call->arena, "EC2 does not know the %s %.*s yet", noun, TEXT_ARG(id));
	struct text detail = text_print(operation->call->arena,
					"It was created less than %d minutes ago, EC2 needs a while to know a new "
					"object everywhere, and Terraform "
					"asked to stop. So the %s may exist, and stays in the state. Run this again.",
					RECENT_MS / 60000, noun);
	diag_add(operation->call, SEVERITY_ERROR, NULL, summary, detail);
}

bool remove_object(const struct operation *operation, const struct value *prior)
{
	struct arena *arena = operation->call->arena;
	const struct value *id = value_field(prior, T("id"));
	if (!value_is_known(id))
		return true; // a state without an id is of nothing
	struct text action = names_action(arena, "Delete", operation->resource);
	struct query query;
	query_init(&query, arena);
	query_add(&query, names_id_parameter(arena, operation->resource), id->string);
	struct action_answer answer;
	if (!send_patiently(operation, action, &query, &answer))
		return false;
	const bool is_absent = text_equal(answer.error_code, names_not_found(arena, operation->resource));
	// Patience with what is new ends early only when the host wants to stop.
	if (is_absent && recent_has(operation->call->clock, id->string)) {
		complain_of_delay(operation, id->string);
		return false;
	}
	if (is_absent && !absence_believe(operation, prior))
		return false;
	if (answer.error_code.length > 0 && !is_absent) {
		explain(operation, prior, action, &answer);
		return false;
	}
	recent_forget(id->string);
	return true;
}
