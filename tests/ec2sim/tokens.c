// SPDX-License-Identifier: MPL-2.0
#include "tokens.h"

#include "actions.h"
#include "place.h"

#include <string.h>

#define TOKENS_LENGTH_MAX 64

// Tokens of different actions do not meet.
static const char *key_of(const struct exchange *exchange, const char *token)
{
	return text_print(exchange->arena, "%s %s", exchange->action->name, token).at;
}

static bool is_well_formed(const char *token)
{
	size_t length = 0;
	for (; token[length]; length++) {
		if ((unsigned char)token[length] > 0x7e)
			return false;
	}
	return length <= TOKENS_LENGTH_MAX;
}

bool tokens_replay(struct exchange *exchange, bool *ret_done)
{
	const char *token = exchange_text(exchange, "ClientToken");
	if (!token)
		return true;
	if (!is_well_formed(token))
		return exchange_refuse(
			exchange, "InvalidParameterValue",
			"Value (%s) for parameter ClientToken is invalid. Tokens must be at most %d ASCII "
			"characters long.",
			token, TOKENS_LENGTH_MAX);
	const json_t *kept = json_object_get(exchange->place->tokens, key_of(exchange, token));
	if (!kept)
		return true;
	if (!json_equal(json_object_get(kept, "parameters"), exchange->parameters))
		return exchange_refuse(exchange, "IdempotentParameterMismatch",
				       "Client token %s was used before with other parameters", token);
	exchange->result = json_incref(json_object_get(kept, "result"));
	*ret_done = true;
	return false;
}

void tokens_keep(struct exchange *exchange)
{
	const char *token = exchange_text(exchange, "ClientToken");
	if (!token)
		return;
	exchange_answer(exchange, "clientToken", json_string(token));
	json_object_set_new(exchange->place->tokens, key_of(exchange, token),
			    json_pack("{s:O, s:O}", "parameters", exchange->parameters, "result", exchange->result));
}
