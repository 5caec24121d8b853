// SPDX-License-Identifier: MPL-2.0
// Validates the provider block by its rows.
#include "provider/handlers.h"
#include "provider/subject.h"
#include "provider/wire.h"
#include "resources/provider_settings.h"
#include "schema/validate.h"

struct work {
	const struct provider *provider;
	const Tfplugin6__ValidateProviderConfig__Request *request;
};

static void answer(struct call *call, void *argument)
{
	const struct work *work = argument;
	struct value config;
	if (wire_read(call, "config of ValidateProviderConfig", work->request->config, work->provider->settings_type,
		      &config))
		validate_config(call, &provider_settings, &config);
}

HANDLER(validate_provider_config, ValidateProviderConfig)
{
	struct work work = { .provider = subject_provider(service), .request = request };
	Tfplugin6__ValidateProviderConfig__Response response = TFPLUGIN6__VALIDATE_PROVIDER_CONFIG__RESPONSE__INIT;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	response.n_diagnostics = outcome.count;
	response.diagnostics = outcome.list;
	closure(&response, closure_data);
}
