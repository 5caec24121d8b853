// SPDX-License-Identifier: MPL-2.0
#include "rpcs.h"

#include "allocations.h"
#include "provider/identity.h"
#include "resources/resources.h"
#include "small_ec2.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define FILES ",\"shared_config_files\":[\"" VNS_TORTURE_CONFIG "\"],\"shared_credentials_files\":[\"/dev/null\"]"
#define MUCH                                                                                                           \
	SCENES_PROVIDER(FILES ",\"profile\":\"keys\",\"default_tags\":[{\"tags\":{\"a\":\"b\",\"c\":\"d\"}}],"         \
			      "\"ignore_tags\":[{\"keys\":[\"x\"],\"key_prefixes\":[\"y\"]}]")

static const char no_id[] = "";

// The request that is played; it lives in the host's arena.
static union {
	Tfplugin6__PlanResourceChange__Request plan;
	Tfplugin6__ReadResource__Request read;
	Tfplugin6__ImportResourceState__Request import;
	Tfplugin6__UpgradeResourceState__Request upgrade_state;
	Tfplugin6__UpgradeResourceIdentity__Request upgrade_identity;
	Tfplugin6__ConfigureProvider__Request configure;
	Tfplugin6__ValidateProviderConfig__Request validate;
	Tfplugin6__GetProviderSchema__Request schema;
	Tfplugin6__GetResourceIdentitySchemas__Request identity_schemas;
	Tfplugin6__GetMetadata__Request metadata;
	Tfplugin6__StopProvider__Request stop;
} request;

bool rpcs_has(enum scene_kind kind)
{
	return kind >= SCENE_PLANS_AND_LOOKS;
}

bool rpcs_of_provider(enum scene_kind kind)
{
	return kind >= SCENE_CONFIGURES;
}

bool rpcs_is_for_all(enum scene_kind kind)
{
	return rpcs_of_provider(kind) || kind == SCENE_READS_WITH_PROCESS;
}

// --- before ---

static struct text print_state(struct host *host, const struct scene *scene)
{
	return text_print(&host->arena, "{\"id\":\"%s\",\"region\":\"eu-central-1\",\"tags\":{\"a\":\"b\"}}",
			  scene->id);
}

static struct text print_identity(struct host *host, const struct scene *scene)
{
	return text_print(&host->arena, "{\"id\":\"%s\",\"region\":\"eu-central-1\",\"account_id\":\"123456789012\"}",
			  scene->id);
}

static char *string_of(struct host *host, struct text text)
{
	return text_to_c_string(&host->arena, text);
}

static Tfplugin6__RawState *raw(struct host *host, struct text json)
{
	Tfplugin6__RawState *made = ARENA_NEW(&host->arena, Tfplugin6__RawState);
	tfplugin6__raw_state__init(made);
	made->json = (ProtobufCBinaryData){ json.length, (uint8_t *)string_of(host, json) };
	return made;
}

static void prepare_plan(struct host *host, const struct scene *scene)
{
	host_configure_with(host, SCENES_PROVIDER(SCENES_KEYS));
	tfplugin6__plan_resource_change__request__init(&request.plan);
	request.plan.type_name = scene->type_name;
	request.plan.config = host_dynamic(host, scene->type_name, scene->config);
	request.plan.proposed_new_state = request.plan.config;
}

static void prepare_read(struct host *host, const struct scene *scene)
{
	host_configure_with(host, SCENES_PROVIDER(FILES ",\"profile\":\"process\",\"skip_preflight\":true"));
	tfplugin6__read_resource__request__init(&request.read);
	request.read.type_name = scene->type_name;
	request.read.current_state = host_dynamic(host, scene->type_name, string_of(host, print_state(host, scene)));
}

static void prepare_import(struct host *host, const struct scene *scene)
{
	const bool by_id = scene->kind == SCENE_IMPORTS;
	tfplugin6__import_resource_state__request__init(&request.import);
	request.import.type_name = scene->type_name;
	request.import.id = string_of(host, text_of(by_id ? scene->id : no_id));
	if (!by_id)
		request.import.identity = host_identity(host, string_of(host, print_identity(host, scene)));
}

static void prepare_upgrade(struct host *host, const struct scene *scene)
{
	if (scene->kind == SCENE_UPGRADES_STATE) {
		tfplugin6__upgrade_resource_state__request__init(&request.upgrade_state);
		request.upgrade_state.type_name = scene->type_name;
		request.upgrade_state.raw_state = raw(host, print_state(host, scene));
	} else {
		tfplugin6__upgrade_resource_identity__request__init(&request.upgrade_identity);
		request.upgrade_identity.type_name = scene->type_name;
		request.upgrade_identity.raw_identity = raw(host, print_identity(host, scene));
	}
}

static void prepare_provider(struct host *host, enum scene_kind kind)
{
	if (kind == SCENE_CONFIGURES) {
		tfplugin6__configure_provider__request__init(&request.configure);
		request.configure.terraform_version = string_of(host, T("1.11.4"));
		request.configure.config = host_dynamic(host, "vns", MUCH);
	} else if (kind == SCENE_VALIDATES_PROVIDER) {
		tfplugin6__validate_provider_config__request__init(&request.validate);
		request.validate.config = host_dynamic(host, "vns", MUCH);
	} else if (kind == SCENE_TELLS_SCHEMA) {
		tfplugin6__get_provider_schema__request__init(&request.schema);
	} else if (kind == SCENE_TELLS_IDENTITY_SCHEMAS) {
		tfplugin6__get_resource_identity_schemas__request__init(&request.identity_schemas);
	} else if (kind == SCENE_TELLS_METADATA) {
		tfplugin6__get_metadata__request__init(&request.metadata);
	} else if (kind == SCENE_STOPS) {
		tfplugin6__stop_provider__request__init(&request.stop);
	}
}

void rpcs_prepare(struct host *host, const struct scene *scene)
{
	small_ec2_reset(true);
	if (scene->kind == SCENE_PLANS_AND_LOOKS)
		prepare_plan(host, scene);
	else if (scene->kind == SCENE_READS_WITH_PROCESS)
		prepare_read(host, scene);
	else if (scene->kind == SCENE_IMPORTS || scene->kind == SCENE_IMPORTS_BY_IDENTITY)
		prepare_import(host, scene);
	else if (scene->kind == SCENE_UPGRADES_STATE || scene->kind == SCENE_UPGRADES_IDENTITY)
		prepare_upgrade(host, scene);
	else
		prepare_provider(host, scene->kind);
}

// --- the RPC ---

#define PLAY(slot, Rpc, message)                                                                                       \
	const Tfplugin6__##Rpc##__Response *answer = SCENES_PLAY(host, slot, Rpc, message);                            \
	scenes_tell(&ending, answer->diagnostics, answer->n_diagnostics)

static struct ending play_plan(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(plan_resource_change, PlanResourceChange, &request.plan);
	ending.state = answer->planned_state;
	const bool is_session = strcmp(request.plan.type_name, SESSION) == 0; // which nobody has and small_ec2 shows
	ending.lacks = !answer->planned_state || answer->planned_private.len == 0 ||
		       (is_session && answer->n_diagnostics == 0);
	return ending;
}

static struct ending play_read(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(read_resource, ReadResource, &request.read);
	ending.state = answer->new_state;
	ending.identity = answer->new_identity;
	ending.lacks = !ending.state || !ending.identity;
	return ending;
}

static struct ending play_import(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(import_resource_state, ImportResourceState, &request.import);
	ending.lacks = answer->n_imported_resources != 1;
	if (ending.lacks)
		return ending;
	ending.state = answer->imported_resources[0]->state;
	ending.identity = answer->imported_resources[0]->identity;
	ending.lacks = !ending.state || !ending.identity;
	return ending;
}

static struct ending play_upgrade_state(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(upgrade_resource_state, UpgradeResourceState, &request.upgrade_state);
	ending.state = answer->upgraded_state;
	ending.lacks = !ending.state;
	return ending;
}

static struct ending play_upgrade_identity(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(upgrade_resource_identity, UpgradeResourceIdentity, &request.upgrade_identity);
	ending.identity = answer->upgraded_identity;
	ending.lacks = !ending.identity;
	return ending;
}

static struct ending play_configure(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(configure_provider, ConfigureProvider, &request.configure);
	return ending;
}

static struct ending play_validate(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(validate_provider_config, ValidateProviderConfig, &request.validate);
	return ending;
}

static bool attributes_are_whole(Tfplugin6__Schema__Attribute **list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const Tfplugin6__Schema__Object *nested = list[i]->nested_type;
		if (nested ? !attributes_are_whole(nested->attributes, nested->n_attributes) : list[i]->type.len == 0)
			return false;
	}
	return count > 0;
}

static bool schema_is_whole(const Tfplugin6__GetProviderSchema__Response *schema)
{
	for (size_t i = 0; i < schema->n_resource_schemas; i++) {
		const Tfplugin6__Schema__Block *block = schema->resource_schemas[i]->value->block;
		if (!attributes_are_whole(block->attributes, block->n_attributes))
			return false;
	}
	return schema->n_resource_schemas == resources_count && schema->provider &&
	       attributes_are_whole(schema->provider->block->attributes, schema->provider->block->n_attributes);
}

static struct ending play_schema(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(get_provider_schema, GetProviderSchema, &request.schema);
	ending.lacks = !schema_is_whole(answer);
	return ending;
}

struct packing {
	struct host *host;
	struct text bytes;
};

static void pack_schema(struct call *call, void *argument)
{
	struct packing *packing = argument;
	(void)provider_packed_answer(call, packing->host->provider, T("GetProviderSchema"), &packing->bytes);
}

// As the server sends it: without a message.
static struct ending play_packed_schema(struct host *host)
{
	struct packing packing = { host, T("") };
	const bool came_back = call_run(&host->call, pack_schema, &packing);
	allocations_pause();
	if (!came_back || packing.bytes.length == 0)
		return (struct ending){ .failed = true, .told = "not packed" };
	ProtobufCMessage *schema =
		protobuf_c_message_unpack(&tfplugin6__get_provider_schema__response__descriptor, NULL,
					  packing.bytes.length, (const uint8_t *)packing.bytes.at);
	const bool is_whole = schema && schema_is_whole((const Tfplugin6__GetProviderSchema__Response *)schema);
	if (schema)
		protobuf_c_message_free_unpacked(schema, NULL);
	return (struct ending){ .lacks = !is_whole };
}

static struct ending play_identity_schemas(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(get_resource_identity_schemas, GetResourceIdentitySchemas, &request.identity_schemas);
	ending.lacks = answer->n_identity_schemas != resources_count;
	return ending;
}

static struct ending play_metadata(struct host *host)
{
	struct ending ending = { .failed = false };
	PLAY(get_metadata, GetMetadata, &request.metadata);
	ending.lacks = !answer->server_capabilities || answer->n_resources != resources_count;
	return ending;
}

static struct ending play_stop(struct host *host)
{
	const Tfplugin6__StopProvider__Response *answer = SCENES_PLAY(host, stop_provider, StopProvider, &request.stop);
	return (struct ending){ .failed = strlen(answer->error) > 0, .told = "not stopped" };
}

struct ending rpcs_play(struct host *host, enum scene_kind kind)
{
	static struct ending (*const plays[SCENE_KINDS])(struct host * host) = {
		[SCENE_PLANS_AND_LOOKS] = play_plan,
		[SCENE_READS_WITH_PROCESS] = play_read,
		[SCENE_IMPORTS] = play_import,
		[SCENE_IMPORTS_BY_IDENTITY] = play_import,
		[SCENE_UPGRADES_STATE] = play_upgrade_state,
		[SCENE_UPGRADES_IDENTITY] = play_upgrade_identity,
		[SCENE_CONFIGURES] = play_configure,
		[SCENE_VALIDATES_PROVIDER] = play_validate,
		[SCENE_TELLS_SCHEMA] = play_schema,
		[SCENE_TELLS_PACKED_SCHEMA] = play_packed_schema,
		[SCENE_TELLS_IDENTITY_SCHEMAS] = play_identity_schemas,
		[SCENE_TELLS_METADATA] = play_metadata,
		[SCENE_STOPS] = play_stop,
	};
	return plays[kind](host);
}

// --- after ---

// A provider that could not be configured is not half configured.
static void check_configured(struct host *host, bool failed)
{
	tfplugin6__import_resource_state__request__init(&request.import);
	request.import.type_name = string_of(host, T(SESSION));
	request.import.id = string_of(host, text_of(no_id));
	const char *complaint = failed ? "not configured" : "import id";
	assert_error(HOST_CALL(host, import_resource_state, ImportResourceState, &request.import), complaint);
}

void rpcs_check(struct host *host, const struct scene *scene, const struct ending *ending)
{
	assert_true(small_ec2.exists && small_ec2.changes == 0 && small_ec2.creates == 0);
	if (!ending->failed && ending->lacks)
		fail_msg("without an error, an answer is not whole");
	if (scene->kind == SCENE_READS_WITH_PROCESS)
		assert_non_null(ending->state); // what exists is not forgotten
	if (ending->state && scene->kind != SCENE_PLANS_AND_LOOKS) {
		const struct value state = host_decode(host, host_type(host, scene->type_name), ending->state);
		assert_string_equal(host_string(host, &state, "id"), scene->id);
	}
	if (ending->identity) {
		const struct value identity = host_decode(host, &identity_type, ending->identity->identity_data);
		assert_string_equal(host_string(host, &identity, "id"), scene->id);
		assert_string_equal(host_string(host, &identity, "account_id"), "123456789012");
	}
	if (scene->kind == SCENE_CONFIGURES)
		check_configured(host, ending->failed);
}
