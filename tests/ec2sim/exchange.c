// SPDX-License-Identifier: MPL-2.0
#include "exchange.h"

#include <stdarg.h>
#include <string.h>

// Codes whose HTTP status is not 400.
static const struct {
	const char *code;
	unsigned status;
} statuses[] = {
	{ "AuthFailure", 401 },          { "DryRunOperation", 412 },       { "InternalError", 500 },
	{ "InternalFailure", 500 },      { "InvalidClientTokenId", 403 },  { "MissingAuthenticationToken", 403 },
	{ "RequestLimitExceeded", 503 }, { "ServiceUnavailable", 503 },    { "SignatureDoesNotMatch", 403 },
	{ "Unavailable", 503 },          { "UnauthorizedOperation", 403 },
};

static unsigned status_of(const char *code)
{
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		if (strcmp(statuses[i].code, code) == 0)
			return statuses[i].status;
	}
	return 400;
}

bool exchange_refuse(struct exchange *exchange, const char *code, const char *format, ...)
{
	if (exchange->error_code)
		return false;
	va_list arguments;
	va_start(arguments, format);
	exchange->error_message = arena_print(exchange->arena, format, arguments);
	va_end(arguments);
	exchange->error_code = code;
	exchange->status = status_of(code);
	return false;
}

const char *exchange_text(const struct exchange *exchange, const char *parameter)
{
	return json_string_value(json_object_get(exchange->parameters, parameter));
}

const json_t *exchange_list(const struct exchange *exchange, const char *parameter)
{
	return json_object_get(exchange->parameters, parameter);
}

int64_t exchange_integer(const struct exchange *exchange, const char *parameter, int64_t otherwise)
{
	const json_t *value = json_object_get(exchange->parameters, parameter);
	return value ? json_integer_value(value) : otherwise;
}

bool exchange_has(const struct exchange *exchange, const char *parameter)
{
	return json_object_get(exchange->parameters, parameter) != NULL;
}

bool exchange_answer(struct exchange *exchange, const char *element, json_t *value)
{
	if (!exchange->result)
		exchange->result = json_object();
	json_object_set_new(exchange->result, element, value);
	return true;
}
