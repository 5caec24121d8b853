// SPDX-License-Identifier: MPL-2.0
#include "aws/user_agent.h"

// Users write products, and a header ends where a line does.
static struct text clean(struct arena *arena, struct text products)
{
	char *bytes = text_to_c_string(arena, products);
	for (size_t i = 0; i < products.length; i++) {
		if (bytes[i] < ' ' || bytes[i] > '~')
			bytes[i] = ' ';
	}
	return text_trim((struct text){ bytes, products.length });
}

struct text user_agent_make(struct arena *arena, struct text products, const struct environment *environment)
{
	const struct text own = products.length ? products : T("terraform-provider-vns/" VNS_VERSION);
	const struct text application = environment_get(environment, "AWS_SDK_UA_APP_ID");
	const struct text appended = environment_get(environment, "TF_APPEND_USER_AGENT");
	return clean(arena, text_print(arena, "%.*s%s%.*s %.*s", TEXT_ARG(own), application.length ? " app/" : "",
				       TEXT_ARG(application), TEXT_ARG(appended)));
}

struct text user_agent_extend(struct arena *arena, struct text user_agent, struct text products)
{
	if (products.length == 0)
		return user_agent;
	return clean(arena, text_print(arena, "%.*s %.*s", TEXT_ARG(user_agent), TEXT_ARG(products)));
}
