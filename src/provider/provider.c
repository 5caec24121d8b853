// SPDX-License-Identifier: MPL-2.0
// The provider as a whole: which RPC is served by which file, and what is made once.
#include "provider/provider.h"

#include "provider/configured.h"
#include "provider/handlers.h"
#include "provider/schema_message.h"
#include "provider/subject.h"
#include "resources/provider_meta.h"
#include "resources/provider_settings.h"
#include "resources/resources.h"

#include <stdlib.h>
#include <string.h>

// An RPC that is not named here has a NULL slot.
static const Tfplugin6__Provider_Service vtable = {
	.base = { .descriptor = &tfplugin6__provider__descriptor },
	.get_metadata = get_metadata_serve,
	.get_provider_schema = get_provider_schema_serve,
	.get_resource_identity_schemas = get_resource_identity_schemas_serve,
	.validate_provider_config = validate_provider_config_serve,
	.validate_resource_config = validate_resource_config_serve,
	.configure_provider = configure_provider_serve,
	.upgrade_resource_state = upgrade_resource_state_serve,
	.upgrade_resource_identity = upgrade_resource_identity_serve,
	.read_resource = read_resource_serve,
	.plan_resource_change = plan_resource_change_serve,
	.apply_resource_change = apply_resource_change_serve,
	.import_resource_state = import_resource_state_serve,
	.stop_provider = stop_provider_serve,
};

const char *const provider_quick_methods[] = {
	"GetMetadata",
	"GetProviderSchema",
	"GetResourceIdentitySchemas",
	"UpgradeResourceState",
	"UpgradeResourceIdentity",
	"ValidateProviderConfig",
	"ValidateResourceConfig",
	NULL,
};

static void make_types(struct call *call, void *argument)
{
	struct provider *provider = argument;
	provider->settings_type = row_type(call->arena, provider_settings.rows);
	provider->meta_type = row_type(call->arena, provider_meta.rows);
	provider->subject_types = ARENA_ARRAY(call->arena, const struct type *, resources_count);
	for (size_t i = 0; i < resources_count; i++)
		provider->subject_types[i] = row_type(call->arena, resources_all[i]->set.rows);
}

struct provider *provider_new(const char *version)
{
	struct provider *provider = calloc(1, sizeof *provider);
	if (!provider)
		return NULL;
	provider->service = vtable;
	provider->version = version;
	pthread_mutex_init(&provider->lock, NULL);
	arena_init(&provider->arena, 0);
	struct call making = { .arena = &provider->arena, .log = &log_none, .clock = &clock_system };
	if (call_run(&making, make_types, provider))
		return provider;
	provider_free(provider);
	return NULL;
}

void provider_free(struct provider *provider)
{
	if (!provider)
		return;
	configured_publish(provider, NULL);
	schema_message_forget(provider);
	arena_free(&provider->arena);
	pthread_mutex_destroy(&provider->lock);
	free(provider);
}

ProtobufCService *provider_service(struct provider *provider)
{
	return &provider->service.base;
}

struct provider *provider_of_service(ProtobufCService *service)
{
	return subject_provider((Tfplugin6__Provider_Service *)service);
}

bool provider_packed_answer(struct call *call, void *context, struct text method, struct text *ret_bytes)
{
	if (!text_equal(method, T("GetProviderSchema")))
		return false;
	*ret_bytes = schema_message_packed(call, context);
	return ret_bytes->length > 0;
}
