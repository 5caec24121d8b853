// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "resources/resources.h"

#include <string.h>

static const Tfplugin6__Schema__Attribute *find(Tfplugin6__Schema__Attribute **list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i]->name, name) == 0)
			return list[i];
	}
	fail_msg("no attribute %s", name);
	return NULL;
}

static const Tfplugin6__Schema__Block *resource_block(const Tfplugin6__GetProviderSchema__Response *response,
						      const char *type_name)
{
	for (size_t i = 0; i < response->n_resource_schemas; i++) {
		if (strcmp(response->resource_schemas[i]->key, type_name) == 0)
			return response->resource_schemas[i]->value->block;
	}
	fail_msg("no resource %s", type_name);
	return NULL;
}

static void assert_bytes(ProtobufCBinaryData bytes, const char *expected)
{
	assert_int_equal(bytes.len, strlen(expected));
	assert_memory_equal(bytes.data, expected, bytes.len);
}

static const Tfplugin6__GetProviderSchema__Response *get_schema(struct host *host)
{
	Tfplugin6__GetProviderSchema__Request request;
	tfplugin6__get_provider_schema__request__init(&request);
	return HOST_CALL(host, get_provider_schema, GetProviderSchema, &request);
}

static const Tfplugin6__GetResourceIdentitySchemas__Response *get_identity_schemas(struct host *host)
{
	Tfplugin6__GetResourceIdentitySchemas__Request request;
	tfplugin6__get_resource_identity_schemas__request__init(&request);
	return HOST_CALL(host, get_resource_identity_schemas, GetResourceIdentitySchemas, &request);
}

static void schema_has_every_resource_and_the_capabilities(void **state)
{
	const Tfplugin6__GetProviderSchema__Response *response = get_schema(*state);
	assert_no_diagnostics(response);
	assert_int_equal(response->n_resource_schemas, resources_count);
	assert_true(response->server_capabilities->plan_destroy);
	assert_true(response->server_capabilities->get_provider_schema_optional);
	assert_false(response->server_capabilities->move_resource_state);
}

static void attributes_say_what_their_rows_say(void **state)
{
	const Tfplugin6__Schema__Block *block = resource_block(get_schema(*state), SESSION);
	const Tfplugin6__Schema__Attribute *id = find(block->attributes, block->n_attributes, "id");
	assert_true(id->computed);
	assert_false(id->optional || id->required || id->sensitive);
	assert_bytes(id->type, "\"string\"");
	const Tfplugin6__Schema__Attribute *target =
		find(block->attributes, block->n_attributes, "traffic_mirror_target_id");
	assert_true(target->required);
	const Tfplugin6__Schema__Attribute *tags = find(block->attributes, block->n_attributes, "tags");
	assert_true(tags->optional);
	assert_bytes(tags->type, "[\"map\",\"string\"]");
	assert_int_equal(tags->description_kind, TFPLUGIN6__STRING_KIND__MARKDOWN);
	assert_true(strlen(tags->description) > 0);
	assert_int_equal(block->n_block_types, 0);
}

static void rules_are_a_nested_map(void **state)
{
	const Tfplugin6__Schema__Block *block = resource_block(get_schema(*state), FILTER);
	const Tfplugin6__Schema__Attribute *rules = find(block->attributes, block->n_attributes, "ingress_rules");
	assert_int_equal(rules->type.len, 0);
	assert_non_null(rules->nested_type);
	assert_int_equal(rules->nested_type->nesting, TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__MAP);
	const Tfplugin6__Schema__Attribute *ports =
		find(rules->nested_type->attributes, rules->nested_type->n_attributes, "source_port_range");
	assert_int_equal(ports->nested_type->nesting, TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE);
	const Tfplugin6__Schema__Attribute *from =
		find(ports->nested_type->attributes, ports->nested_type->n_attributes, "from_port");
	assert_bytes(from->type, "\"number\"");
}

static void the_provider_has_blocks_and_secrets(void **state)
{
	const Tfplugin6__Schema__Block *block = get_schema(*state)->provider->block;
	assert_true(find(block->attributes, block->n_attributes, "secret_key")->sensitive);
	assert_true(find(block->attributes, block->n_attributes, "token")->sensitive);
	assert_false(find(block->attributes, block->n_attributes, "region")->sensitive);
	static const struct {
		const char *name;
		int most;
	} blocks[] = { { "assume_role", 50 },
		       { "assume_role_with_web_identity", 1 },
		       { "endpoints", 50 },
		       { "default_tags", 1 },
		       { "ignore_tags", 1 } };
	assert_int_equal(block->n_block_types, 5);
	for (size_t i = 0; i < block->n_block_types; i++) {
		assert_string_equal(block->block_types[i]->type_name, blocks[i].name);
		assert_int_equal(block->block_types[i]->nesting, TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__LIST);
		assert_int_equal(block->block_types[i]->max_items, blocks[i].most);
		assert_int_equal(block->block_types[i]->min_items, 0);
	}
	const Tfplugin6__Schema__Block *web = block->block_types[1]->block;
	assert_true(find(web->attributes, web->n_attributes, "web_identity_token")->sensitive);
	const Tfplugin6__Schema__Block *endpoints = block->block_types[2]->block;
	assert_non_null(find(endpoints->attributes, endpoints->n_attributes, "elbv2"));
}

static void modules_may_say_who_they_are(void **state)
{
	const Tfplugin6__Schema__Block *block = get_schema(*state)->provider_meta->block;
	assert_int_equal(block->n_attributes, 1);
	const Tfplugin6__Schema__Attribute *products = find(block->attributes, block->n_attributes, "user_agent");
	assert_true(products->optional);
	assert_bytes(products->type, "[\"list\",\"string\"]");
}

static void the_packed_answer_is_made_once_and_is_the_same(void **state)
{
	struct host *host = *state;
	const Tfplugin6__GetProviderSchema__Response *response = get_schema(host);
	const size_t size = protobuf_c_message_get_packed_size(&response->base);
	uint8_t *bytes = arena_take(&host->arena, size);
	(void)protobuf_c_message_pack(&response->base, bytes);

	struct text packed, again;
	host_begin(host);
	assert_false(provider_packed_answer(&host->call, host->provider, T("PlanResourceChange"), &packed));
	assert_true(provider_packed_answer(&host->call, host->provider, T("GetProviderSchema"), &packed));
	host_begin(host);
	assert_true(provider_packed_answer(&host->call, host->provider, T("GetProviderSchema"), &again));
	assert_ptr_equal(packed.at, again.at);
	assert_int_equal(host->blocks_asked_for, 0);
	assert_int_equal(packed.length, size);
	assert_memory_equal(packed.at, bytes, size);
}

static void metadata_names_the_resources(void **state)
{
	struct host *host = *state;
	Tfplugin6__GetMetadata__Request request;
	tfplugin6__get_metadata__request__init(&request);
	const Tfplugin6__GetMetadata__Response *response = HOST_CALL(host, get_metadata, GetMetadata, &request);
	assert_no_diagnostics(response);
	assert_int_equal(response->n_resources, resources_count);
	assert_string_equal(response->resources[0]->type_name, FILTER);
	assert_true(response->server_capabilities->plan_destroy);
}

static void identities_are_importable_by_id_alone(void **state)
{
	const Tfplugin6__GetResourceIdentitySchemas__Response *response = get_identity_schemas(*state);
	assert_no_diagnostics(response);
	assert_int_equal(response->n_identity_schemas, resources_count);
	const Tfplugin6__ResourceIdentitySchema *schema = response->identity_schemas[0]->value;
	assert_int_equal(schema->n_identity_attributes, 3);
	for (size_t i = 0; i < 3; i++) {
		const Tfplugin6__ResourceIdentitySchema__IdentityAttribute *attribute = schema->identity_attributes[i];
		assert_bytes(attribute->type, "\"string\"");
		assert_int_equal(attribute->required_for_import, strcmp(attribute->name, "id") == 0);
		assert_int_equal(attribute->optional_for_import, strcmp(attribute->name, "id") != 0);
	}
}

// Hosts store the version of the schema, and come back with it.
static void the_versions_of_the_schemas_are_read(void **state)
{
	struct host *host = *state;
	for (size_t i = 0; i < resources_count; i++) {
		char *type_name = text_to_c_string(&host->arena, text_of(resources_all[i]->set.name));
		Tfplugin6__UpgradeResourceState__Request request;
		tfplugin6__upgrade_resource_state__request__init(&request);
		request.version = get_schema(host)->resource_schemas[i]->value->version;
		request.type_name = type_name;
		assert_no_diagnostics(HOST_CALL(host, upgrade_resource_state, UpgradeResourceState, &request));

		Tfplugin6__UpgradeResourceIdentity__Request identity;
		tfplugin6__upgrade_resource_identity__request__init(&identity);
		identity.version = get_identity_schemas(host)->identity_schemas[i]->value->version;
		identity.type_name = type_name;
		assert_no_diagnostics(HOST_CALL(host, upgrade_resource_identity, UpgradeResourceIdentity, &identity));
	}
}

static void what_is_not_served_has_no_handler(void **state)
{
	const struct host *host = *state;
	assert_null(host->service->move_resource_state);
	assert_null(host->service->read_data_source);
	assert_null(host->service->list_resource);
	assert_null(host->service->call_function);
}

static void stop_fires_the_signal_and_answers(void **state)
{
	struct host *host = *state;
	struct cancel *cancel = cancel_acquire(host->cancel_source);
	Tfplugin6__StopProvider__Request request;
	tfplugin6__stop_provider__request__init(&request);
	assert_string_equal(HOST_CALL(host, stop_provider, StopProvider, &request)->error, "");
	assert_true(cancel_fired(cancel));
	cancel_release(cancel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(schema_has_every_resource_and_the_capabilities, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(attributes_say_what_their_rows_say, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(rules_are_a_nested_map, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(the_provider_has_blocks_and_secrets, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(modules_may_say_who_they_are, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(the_packed_answer_is_made_once_and_is_the_same, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(metadata_names_the_resources, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(identities_are_importable_by_id_alone, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(the_versions_of_the_schemas_are_read, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(what_is_not_served_has_no_handler, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(stop_fires_the_signal_and_answers, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
