// SPDX-License-Identifier: MPL-2.0
// Reads an object for a refresh or an import.
#include "ec2/error.h"
#include "engine/read.h"
#include "provider/configured.h"
#include "provider/handlers.h"
#include "provider/identity.h"
#include "provider/known.h"
#include "provider/module.h"
#include "provider/subject.h"
#include "provider/wire.h"
#include "schema/private.h"

struct work {
	const struct provider *provider;
	struct configured *configured;
	const Tfplugin6__ReadResource__Request *request;
	Tfplugin6__ReadResource__Response response;
};

// An object that is not there any more has a null state, and no identity.
static void fill_in(struct call *call, struct work *work, const struct row *rows, const struct value *prior,
		    const struct value *state)
{
	Tfplugin6__DynamicValue *new_state = wire_write(call, state);
	if (!new_state)
		return;
	Tfplugin6__ResourceIdentityData *carried = work->request->current_identity;
	if (value_is_known(state)) {
		carried = identity_answer(call, work->configured, carried, state);
		const struct text stored = wire_text(work->request->private_);
		work->response.private_ =
			wire_bytes(call->arena, private_with_empty(call->arena, stored, rows, prior, state));
	}
	work->response.new_state = new_state;
	work->response.new_identity = carried;
}

static void answer(struct call *call, void *argument)
{
	struct work *work = argument;
	const Tfplugin6__ReadResource__Request *request = work->request;
	struct subject subject;
	struct value prior;
	struct text products;
	if (!subject_find(call, work->provider, request->type_name, &subject) ||
	    !configured_present(call, work->configured) ||
	    !wire_read(call, "current_state of ReadResource", request->current_state, subject.type, &prior) ||
	    !module_products(call, work->provider, "provider_meta of ReadResource", request->provider_meta, &products))
		return;
	if (value_is_null(&prior))
		return;
	struct operation operation = {
		.call = call,
		.client = configured_client(call, work->configured, value_field(&prior, T("region"))),
		.reads = work->configured->reads,
		.changes = &work->configured->changes,
		.resource = subject.resource,
		.settings = &work->configured->settings,
		.products = products,
		.remembered = wire_text(request->private_),
	};
	const struct value *id = value_field(&prior, T("id"));
	known_object(call, work->configured, &prior, request->private_);
	struct value state;
	if (operation.client && read_object(&operation, &prior, &state))
		fill_in(call, work, subject.resource->set.rows, &prior, &state);
	else if (value_is_known(id))
		error_name_object(call, subject.resource->set.noun, id->string);
}

HANDLER(read_resource, ReadResource)
{
	struct provider *provider = subject_provider(service);
	struct work work = {
		.provider = provider,
		.configured = configured_acquire(provider),
		.request = request,
		.response = TFPLUGIN6__READ_RESOURCE__RESPONSE__INIT,
	};
	// What was stored stays so unless the object could be read; private data always does.
	work.response.new_state = request->current_state;
	work.response.private_ = request->private_;
	work.response.new_identity = request->current_identity;
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	work.response.n_diagnostics = outcome.count;
	work.response.diagnostics = outcome.list;
	closure(&work.response, closure_data);
	configured_release(provider, work.configured);
}
