// SPDX-License-Identifier: MPL-2.0
// Called for every stored identity: it is how one is read.
#include "provider/handlers.h"
#include "provider/identity.h"
#include "provider/subject.h"
#include "provider/wire.h"

struct work {
	const struct provider *provider;
	const Tfplugin6__UpgradeResourceIdentity__Request *request;
	Tfplugin6__UpgradeResourceIdentity__Response response;
};

static bool can_read_version(struct call *call, int64_t version)
{
	if (version >= 0 && version <= identity_version)
		return true;
	diag_error(call, NULL, "The stored identity is of a newer provider version",
		   "It has version %lld, and this version of the provider knows versions up to %lld. Use the provider "
		   "version that wrote it, or a newer one.",
		   (long long)version, (long long)identity_version);
	return false;
}

static void answer(struct call *call, void *argument)
{
	struct work *work = argument;
	const Tfplugin6__UpgradeResourceIdentity__Request *request = work->request;
	struct subject subject;
	struct value identity;
	if (subject_find(call, work->provider, request->type_name, &subject) &&
	    can_read_version(call, request->version) &&
	    wire_read_raw(call, "raw_identity of UpgradeResourceIdentity", request->raw_identity, &identity_type,
			  &identity))
		work->response.upgraded_identity = identity_write(call, &identity);
}

HANDLER(upgrade_resource_identity, UpgradeResourceIdentity)
{
	struct work work = {
		.provider = subject_provider(service),
		.request = request,
		.response = TFPLUGIN6__UPGRADE_RESOURCE_IDENTITY__RESPONSE__INIT,
	};
	struct wire_outcome outcome;
	wire_run(closure_data, answer, &work, &outcome);
	work.response.n_diagnostics = outcome.count;
	work.response.diagnostics = outcome.list;
	closure(&work.response, closure_data);
}
