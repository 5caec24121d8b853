// SPDX-License-Identifier: MPL-2.0
// By id, by id and region ("tmf-0123456789abcdef0@eu-central-1"), or by identity. The host reads the object afterwards.
#include "ec2/error.h"
#include "engine/import.h"
#include "provider/configured.h"
#include "provider/handlers.h"
#include "provider/identity.h"
#include "provider/subject.h"
#include "provider/wire.h"
#include "schema/check.h"

struct work {
	const struct provider *provider;
	struct configured *configured;
	const Tfplugin6__ImportResourceState__Request *request;
	Tfplugin6__ImportResourceState__Response response;
};

// Which object is meant. Empty: not said.
struct wanted {
	struct text id;
	struct text region;
	struct text account_id;
};

static struct text string_or_empty(const struct value *value)
{
	return value_is_known(value) ? value->string : T("");
}

static struct wanted wanted_by_id(const char *id)
{
	struct text rest = text_of(id);
	struct wanted wanted = { .region = T("") };
	if (text_take_until(&rest, '@', &wanted.id))
		wanted.region = rest;
	return wanted;
}

static bool find_wanted(struct call *call, const Tfplugin6__ImportResourceState__Request *request,
			struct wanted *ret_wanted)
{
	struct value identity;
	if (!identity_read(call, "identity of ImportResourceState", request->identity, &identity))
		return false;
	*ret_wanted = wanted_by_id(request->id);
	if (value_is_known(&identity))
		*ret_wanted = (struct wanted){
			.id = string_or_empty(&identity.items[IDENTITY_ID]),
			.region = string_or_empty(&identity.items[IDENTITY_REGION]),
			.account_id = string_or_empty(&identity.items[IDENTITY_ACCOUNT_ID]),
		};
	return true;
}

static bool settle_region(struct call *call, const struct configured *configured, struct wanted *wanted)
{
	if (wanted->region.length == 0)
		return aws_region(call, configured->aws, &wanted->region);
	const struct value region = value_string(wanted->region);
	const char *problem = check_region(call->arena, &region);
	if (!problem)
		return true;
	diag_error(call, NULL, "Invalid region in the import", "\"%.*s\": a region %s.", TEXT_ARG(wanted->region),
		   problem);
	return false;
}

// An object of another account would look as if it were gone.
static bool settle_account(struct call *call, struct configured *configured, struct wanted *wanted)
{
	const struct value region = value_string(wanted->region);
	const struct text account_id = configured_account_id(call, configured, &region);
	if (account_id.length == 0)
		return !diag_failed(call);
	if (wanted->account_id.length == 0)
		wanted->account_id = account_id;
	if (text_equal(account_id, wanted->account_id))
		return true;
	diag_error(
		call, NULL, "The object is in another account",
		"The import names account %.*s, but the provider's credentials are of account %.*s. Use credentials of "
		"that account.",
		TEXT_ARG(wanted->account_id), TEXT_ARG(account_id));
	return false;
}

static void fill_in(struct call *call, struct work *work, const struct wanted *wanted, const struct value *state)
{
	Tfplugin6__ImportResourceState__ImportedResource *imported =
		ARENA_NEW(call->arena, Tfplugin6__ImportResourceState__ImportedResource);
	tfplugin6__import_resource_state__imported_resource__init(imported);
	imported->type_name = work->request->type_name;
	imported->state = wire_write(call, state);
	const struct value identity = identity_of(call->arena, wanted->account_id, state);
	if (wanted->account_id.length > 0)
		imported->identity = identity_write(call, &identity);
	Tfplugin6__ImportResourceState__ImportedResource **list =
		ARENA_ARRAY(call->arena, Tfplugin6__ImportResourceState__ImportedResource *, 1);
	list[0] = imported;
	work->response.imported_resources = list;
	work->response.n_imported_resources = 1;
}

static void answer(struct call *call, void *argument)
{
	struct work *work = argument;
	struct subject subject;
	struct wanted wanted;
	struct value state;
	if (!subject_find(call, work->provider, work->request->type_name, &subject) ||
	    !configured_present(call, work->configured) || !find_wanted(call, work->request, &wanted))
		return;
	if (settle_region(call, work->configured, &wanted) &&
	    import_object(call, subject.resource, wanted.id, wanted.region, &state) &&
	    settle_account(call, work->configured, &wanted))
		fill_in(call, work, &wanted, &state);
	else
		error_name_object(call, subject.resource->set.noun, wanted.id);
}

HANDLER(import_resource_state, ImportResourceState)
{
	struct provider *provider = subject_provider(service);
	struct work work = {
		.provider = provider,
		.configured = configured_acquire(provider),
		.request = request,
		.response = TFPLUGIN6__IMPORT_RESOURCE_STATE__RESPONSE__INIT,
	};
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	work.response.n_diagnostics = outcome.count;
	work.response.diagnostics = outcome.list;
	closure(&work.response, closure_data);
	configured_release(provider, work.configured);
}
