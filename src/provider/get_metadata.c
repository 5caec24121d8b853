// SPDX-License-Identifier: MPL-2.0
// What the provider serves, by name.
#include "provider/handlers.h"
#include "provider/schema_message.h"
#include "provider/wire.h"
#include "resources/resources.h"

static void answer(struct call *call, void *argument)
{
	Tfplugin6__GetMetadata__Response *response = argument;
	response->server_capabilities = schema_message_capabilities(call->arena);
	response->resources = ARENA_ARRAY(call->arena, Tfplugin6__GetMetadata__ResourceMetadata *, resources_count);
	for (size_t i = 0; i < resources_count; i++) {
		Tfplugin6__GetMetadata__ResourceMetadata *resource =
			ARENA_NEW(call->arena, Tfplugin6__GetMetadata__ResourceMetadata);
		tfplugin6__get_metadata__resource_metadata__init(resource);
		resource->type_name = schema_message_string(call->arena, resources_all[i]->set.name);
		response->resources[i] = resource;
	}
	response->n_resources = resources_count;
}

HANDLER(get_metadata, GetMetadata)
{
	(void)service;
	(void)request;
	Tfplugin6__GetMetadata__Response response = TFPLUGIN6__GET_METADATA__RESPONSE__INIT;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &response, &outcome);
	response.n_diagnostics = outcome.count;
	response.diagnostics = outcome.list;
	closure(&response, closure_data);
}
