// SPDX-License-Identifier: MPL-2.0
// The handlers of the RPCs that are served: one file each, of the RPC's name. Private to provider/.
#ifndef VNS_PROVIDER_HANDLERS_H
#define VNS_PROVIDER_HANDLERS_H

#include "tfplugin6.pb-c.h"

#define HANDLER(file, rpc)                                                                                             \
	void file##_serve(Tfplugin6__Provider_Service *service, const Tfplugin6__##rpc##__Request *request,            \
			  Tfplugin6__##rpc##__Response_Closure closure, void *closure_data)

HANDLER(get_metadata, GetMetadata);
HANDLER(get_provider_schema, GetProviderSchema);
HANDLER(get_resource_identity_schemas, GetResourceIdentitySchemas);
HANDLER(validate_provider_config, ValidateProviderConfig);
HANDLER(validate_resource_config, ValidateResourceConfig);
HANDLER(configure_provider, ConfigureProvider);
HANDLER(upgrade_resource_state, UpgradeResourceState);
HANDLER(upgrade_resource_identity, UpgradeResourceIdentity);
HANDLER(read_resource, ReadResource);
HANDLER(plan_resource_change, PlanResourceChange);
HANDLER(apply_resource_change, ApplyResourceChange);
HANDLER(import_resource_state, ImportResourceState);
HANDLER(stop_provider, StopProvider);

#endif
