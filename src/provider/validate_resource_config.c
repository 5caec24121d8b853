// SPDX-License-Identifier: MPL-2.0
// Comes before ConfigureProvider in a walk that only validates, so nothing here needs the configured provider.
#include "provider/handlers.h"
#include "provider/subject.h"
#include "provider/wire.h"
#include "schema/validate.h"

struct work {
	const struct provider *provider;
	const Tfplugin6__ValidateResourceConfig__Request *request;
};

static void answer(struct call *call, void *argument)
{
	const struct work *work = argument;
	struct subject subject;
	struct value config;
	if (subject_find(call, work->provider, work->request->type_name, &subject) &&
	    wire_read(call, "config of ValidateResourceConfig", work->request->config, subject.type, &config))
		validate_config(call, &subject.resource->set, &config);
}

HANDLER(validate_resource_config, ValidateResourceConfig)
{
	struct work work = { .provider = subject_provider(service), .request = request };
	Tfplugin6__ValidateResourceConfig__Response response = TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__RESPONSE__INIT;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	response.n_diagnostics = outcome.count;
	response.diagnostics = outcome.list;
	closure(&response, closure_data);
}
