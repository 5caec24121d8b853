// SPDX-License-Identifier: MPL-2.0
// Called for every object in a state, also when there is nothing to upgrade: it is how a state is read.
#include "provider/configured.h"
#include "provider/handlers.h"
#include "provider/known.h"
#include "provider/subject.h"
#include "provider/wire.h"

struct work {
	const struct provider *provider;
	struct configured *configured; // NULL: not
	const Tfplugin6__UpgradeResourceState__Request *request;
	Tfplugin6__UpgradeResourceState__Response response;
};

static bool can_read_version(struct call *call, const struct row_set *set, int64_t version)
{
	if (version >= 0 && version <= set->version)
		return true;
	diag_error(
		call, NULL, "The stored state is of a newer provider version",
		"The state of this %s has schema version %lld, and this version of the provider knows versions up to "
		"%lld. Use the provider version that wrote it, or a newer one.",
		set->noun, (long long)version, (long long)set->version);
	return false;
}

static void answer(struct call *call, void *argument)
{
	struct work *work = argument;
	const Tfplugin6__UpgradeResourceState__Request *request = work->request;
	struct subject subject;
	struct value state;
	if (subject_find(call, work->provider, request->type_name, &subject) &&
	    can_read_version(call, &subject.resource->set, request->version) &&
	    wire_read_raw(call, "raw_state of UpgradeResourceState", request->raw_state, subject.type, &state)) {
		work->response.upgraded_state = wire_write(call, &state);
		if (work->configured) // commands that only show a state do not configure
			known_object(call, work->configured, &state, (ProtobufCBinaryData){ .len = 0 });
	}
}

HANDLER(upgrade_resource_state, UpgradeResourceState)
{
	struct provider *provider = subject_provider(service);
	struct work work = {
		.provider = provider,
		.configured = configured_acquire(provider),
		.request = request,
		.response = TFPLUGIN6__UPGRADE_RESOURCE_STATE__RESPONSE__INIT,
	};
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	work.response.n_diagnostics = outcome.count;
	work.response.diagnostics = outcome.list;
	closure(&work.response, closure_data);
	configured_release(provider, work.configured);
}
