// SPDX-License-Identifier: MPL-2.0
// Plans a change, and asks AWS beforehand what would make it fail.
#include "provider/configured.h"
#include "provider/handlers.h"
#include "provider/identity.h"
#include "provider/module.h"
#include "provider/subject.h"
#include "provider/wire.h"
#include "schema/plan.h"
#include "schema/private.h"

struct work {
	const struct provider *provider;
	struct configured *configured;
	const Tfplugin6__PlanResourceChange__Request *request;
	Tfplugin6__PlanResourceChange__Response response;
};

static void fill_in_replacements(struct call *call, Tfplugin6__PlanResourceChange__Response *response,
				 const struct plan_result *result)
{
	const size_t count = result->requires_replace_count;
	response->requires_replace = ARENA_ARRAY(call->arena, Tfplugin6__AttributePath *, count);
	for (size_t i = 0; i < count; i++)
		response->requires_replace[i] = wire_path(call->arena, result->requires_replace[i]);
	response->n_requires_replace = count;
}

// An object that exists keeps its identity. A new one has none before it has an id: hosts cannot store or show one that
// holds an unknown value (seen: Terraform 1.16 loses the plan's text, OpenTofu 1.12 refuses to apply).
static Tfplugin6__ResourceIdentityData *plan_identity(struct call *call, struct work *work, const struct value *prior)
{
	if (value_is_null(prior))
		return NULL;
	return identity_answer(call, work->configured, work->request->prior_identity, prior);
}

// Asks for the account before anything is created, so that credentials, endpoints and regions that do not work fail in
// the plan rather than in the apply. The answer is kept, and needed there. Then looks whether it exists already.
static void try_aws(struct call *call, struct work *work, const struct resource *resource, struct text products,
		    const struct value *planned)
{
	struct configured *configured = work->configured;
	const struct value *region = value_field(planned, T("region"));
	if (configured_account_id(call, configured, region).length == 0 || configured->settings.skip_preflight)
		return;
	const struct operation operation = {
		.call = call,
		.client = configured_client(call, configured, region),
		.resource = resource,
		.settings = &configured->settings,
		.reads = configured->reads,
		.changes = &configured->changes,
		.products = products,
	};
	if (operation.client)
		preflight_warn(&operation, &configured->preflight, planned);
}

// Nothing names a region: on an EC2 instance its own is asked for, and only now. When that fails too, the resource's
// row says what to set.
static struct settings settings_with_region(struct call *call, const struct configured *configured,
					    const struct value *config)
{
	struct settings settings = configured->settings;
	if (!value_is_null(&settings.region) || !configured->reaches_aws || !value_is_known(config) ||
	    !value_is_null(value_field(config, T("region"))))
		return settings;
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	struct text region;
	if (aws_region(&asking, configured->aws, &region))
		settings.region = value_string(text_copy(call->arena, region));
	return settings;
}

static void answer(struct call *call, void *argument)
{
	struct work *work = argument;
	const Tfplugin6__PlanResourceChange__Request *request = work->request;
	struct subject subject;
	struct value prior, config;
	struct text products;
	if (!subject_find(call, work->provider, request->type_name, &subject) ||
	    !configured_present(call, work->configured) ||
	    !wire_read(call, "prior_state of PlanResourceChange", request->prior_state, subject.type, &prior) ||
	    !wire_read(call, "config of PlanResourceChange", request->config, subject.type, &config) ||
	    !module_products(call, work->provider, "provider_meta of PlanResourceChange", request->provider_meta,
			     &products))
		return;
	const struct settings settings = settings_with_region(call, work->configured, &config);
	const struct plan_request plan = {
		.set = &subject.resource->set,
		.prior = &prior,
		.config = &config,
		.prior_private = wire_text(request->prior_private),
		.settings = &settings,
	};
	struct plan_result result;
	if (!plan_resource(call, &plan, &result))
		return;
	Tfplugin6__DynamicValue *planned = wire_write(call, &result.planned);
	if (!planned)
		return;
	fill_in_replacements(call, &work->response, &result);
	if (request->planned_private.len > 0) // of the first plan of the change: this one is made during the apply
		preflight_end(&work->configured->preflight);
	if (value_is_null(&prior) && value_is_known(&result.planned))
		try_aws(call, work, subject.resource, products, &result.planned);
	work->response.planned_identity = plan_identity(call, work, &prior);
	if (value_is_null(&prior) && value_is_known(&result.planned))
		result.private_data =
			private_with_token(call->arena, result.private_data, wire_text(request->planned_private));
	work->response.planned_private = wire_bytes(call->arena, result.private_data);
	work->response.planned_state = planned;
}

HANDLER(plan_resource_change, PlanResourceChange)
{
	struct provider *provider = subject_provider(service);
	struct work work = {
		.provider = provider,
		.configured = configured_acquire(provider),
		.request = request,
		.response = TFPLUGIN6__PLAN_RESOURCE_CHANGE__RESPONSE__INIT,
	};
	// Without a plan, nothing changes.
	work.response.planned_state = request->prior_state;
	work.response.planned_private = request->prior_private;
	work.response.planned_identity = request->prior_identity;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	work.response.n_diagnostics = outcome.count;
	work.response.diagnostics = outcome.list;
	closure(&work.response, closure_data);
	configured_release(provider, work.configured);
}
