// SPDX-License-Identifier: MPL-2.0
// Accepts a configuration that is not wholly known yet: what a resource then misses, it says itself.
#include "aws/environment.h"
#include "provider/configured.h"
#include "provider/handlers.h"
#include "provider/subject.h"
#include "provider/wire.h"
#include "resources/provider_environment.h"
#include "resources/provider_settings.h"

#include <string.h>

struct work {
	struct provider *provider;
	const Tfplugin6__ConfigureProvider__Request *request;
};

// The host's version as a token of a header: anything else in it is left out.
static struct text clean_version(struct arena *arena, const char *version)
{
	char *clean = text_to_c_string(arena, text_of(version));
	size_t length = 0;
	for (const char *c = version; *c; c++) {
		if ((*c >= '0' && *c <= '9') || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '.' ||
		    *c == '-' || *c == '+')
			clean[length++] = *c;
	}
	return length > 0 ? (struct text){ clean, length } : T("unknown");
}

// aws/ adds what TF_APPEND_USER_AGENT says.
static struct text user_agent(struct arena *arena, const char *terraform_version, const char *own_version,
			      struct text more)
{
	struct text version = clean_version(arena, terraform_version);
	return text_trim(text_print(arena, "Terraform/%.*s terraform-provider-vns/%s %.*s", TEXT_ARG(version),
				    own_version, TEXT_ARG(more)));
}

static void answer(struct call *call, void *argument)
{
	const struct work *work = argument;
	const struct type *type = work->provider->settings_type;
	struct value config;
	if (!wire_read(call, "config of ConfigureProvider", work->request->config, type, &config))
		return;
	if (!value_is_known(&config))
		config = value_object(call->arena, type);
	struct aws_settings aws_settings;
	struct settings settings;
	provider_settings_read(call, &config, &aws_settings, &settings);
	provider_environment_add_tags(call, &environment_process, &settings);
	aws_settings.user_agent = user_agent(call->arena, work->request->terraform_version, work->provider->version,
					     aws_settings.user_agent);
	struct configured *configured = configured_new(call, &aws_settings, &settings);
	if (configured)
		configured_publish(work->provider, configured);
}

// The configuration holds a secret, which the AWS client has copied by now.
static void forget(const Tfplugin6__ConfigureProvider__Request *request)
{
	if (request->config && request->config->msgpack.len > 0)
		explicit_bzero(request->config->msgpack.data, request->config->msgpack.len);
}

HANDLER(configure_provider, ConfigureProvider)
{
	struct work work = { .provider = subject_provider(service), .request = request };
	Tfplugin6__ConfigureProvider__Response response = TFPLUGIN6__CONFIGURE_PROVIDER__RESPONSE__INIT;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	forget(request);
	response.n_diagnostics = outcome.count;
	response.diagnostics = outcome.list;
	closure(&response, closure_data);
}
