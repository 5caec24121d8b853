// SPDX-License-Identifier: MPL-2.0
// For servers that take messages; others send the packed answer (provider.h) without coming here.
#include "provider/handlers.h"
#include "provider/schema_message.h"
#include "provider/wire.h"

static void answer(struct call *call, void *argument)
{
	schema_message_fill(call->arena, argument);
}

HANDLER(get_provider_schema, GetProviderSchema)
{
	(void)service;
	(void)request;
	Tfplugin6__GetProviderSchema__Response response = TFPLUGIN6__GET_PROVIDER_SCHEMA__RESPONSE__INIT;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &response, &outcome);
	response.n_diagnostics = outcome.count;
	response.diagnostics = outcome.list;
	closure(&response, closure_data);
}
