// SPDX-License-Identifier: MPL-2.0
#include "ec2/send.h"

#include "ec2/patience.h"
#include "ec2/recent.h"

// Whether InvalidXId.NotFound speaks of the parameter XId or XId.N. CreateTags names any object in ResourceId.N.
static bool code_blames(struct text code, struct text parameter)
{
	parameter.length =
		text_find_char(parameter, '.') < parameter.length ? text_find_char(parameter, '.') : parameter.length;
	if (text_equal(parameter, T("ResourceId")))
		return true;
	struct text rest = text_part(code, sizeof "Invalid" - 1, code.length);
	return text_starts_with(rest, parameter) && rest.length == parameter.length + sizeof ".NotFound" - 1;
}

static bool is_too_new(const struct clock *clock, const struct query *parameters, struct text code)
{
	if (!text_starts_with(code, T("Invalid")) || !text_ends_with(code, T(".NotFound")))
		return false;
	for (const struct query_parameter *each = parameters->first; each; each = each->next) {
		if (code_blames(code, each->name) && recent_has(clock, each->value))
			return true;
	}
	return false;
}

bool send_action(const struct operation *operation, struct text name, const struct query *parameters, bool changes,
		 struct action_answer *ret_answer)
{
	struct call *call = operation->call;
	const struct action action = { AWS_EC2, name, parameters, changes };
	struct patience patience = patience_of(PATIENCE_CREATED_MS);
	for (;;) {
		if (!action_send(call, operation->client, &action, ret_answer))
			return false;
		if (!is_too_new(call->clock, parameters, ret_answer->error_code) || !patience_wait(call, &patience))
			return true;
		LOG(call->log, LOG_DEBUG, "EC2 does not know a new object yet", LOG_TEXT("action", name),
		    LOG_TEXT("code", ret_answer->error_code));
	}
}
