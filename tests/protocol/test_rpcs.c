// SPDX-License-Identifier: MPL-2.0
// Every method that a host may call: what is served answers, and the rest says that it is not. What the answers to real
// requests are is asked in test_answers.c.
#include "aws_stub.h"
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

// A method that is not here must answer UNIMPLEMENTED: hosts rely on that.
static const char *const served[] = {
	"GetMetadata",
	"GetProviderSchema",
	"GetResourceIdentitySchemas",
	"ValidateProviderConfig",
	"ValidateResourceConfig",
	"ConfigureProvider",
	"UpgradeResourceState",
	"UpgradeResourceIdentity",
	"ReadResource",
	"PlanResourceChange",
	"ApplyResourceChange",
	"ImportResourceState",
	"StopProvider",
};

static bool is_served(const char *name)
{
	for (size_t i = 0; i < sizeof served / sizeof served[0]; i++) {
		if (strcmp(served[i], name) == 0)
			return true;
	}
	return false;
}

static int start(void **state)
{
	static struct fixture fixture;
	fixture_start(&fixture, false, NULL);
	fixture_read_schema(&fixture);
	*state = &fixture;
	return 0;
}

static int stop(void **state)
{
	fixture_stop(*state);
	return 0;
}

// An empty message names no resource and holds no value: it must end in diagnostics, never in a gRPC error.
static void every_method_answers(void **state)
{
	const ProtobufCServiceDescriptor *service = &tfplugin6__provider__descriptor;
	assert_true(service->n_methods >= 36);
	for (unsigned i = 0; i < service->n_methods; i++) {
		char path[128];
		(void)snprintf(path, sizeof path, PROVIDER_RPC("%s"), service->methods[i].name);
		grpc_status_code status = fixture_status(*state, path, T(""));
		grpc_status_code wanted =
			is_served(service->methods[i].name) ? GRPC_STATUS_OK : GRPC_STATUS_UNIMPLEMENTED;
		if (status != wanted)
			fail_msg("%s: gRPC status %d, not %d", service->methods[i].name, (int)status, (int)wanted);
	}
}

static void what_does_not_exist_is_unimplemented(void **state)
{
	static const char *const paths[] = {
		"/tfplugin6.Provider/NoSuchMethod",
		"/tfplugin6.Provider/",
		"/tfplugin6.Provider",
		"/tfplugin6.Provider/GetMetadata/",
		"/tfplugin6.Provider//GetMetadata",
		"/tfplugin6.Provider/getmetadata",
		"/tfplugin5.Provider/GetSchema",
		"/tfplugin5.Provider/GetMetadata",
		"/plugin.GRPCBroker/",
		"/plugin.GRPCController/",
		"/grpc.health.v1.Health/Watch",
		"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
		"/",
	};
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_int_equal(fixture_status(*state, paths[i], T("")), GRPC_STATUS_UNIMPLEMENTED);
}

// Bytes that are no message are the caller's fault, and must not reach a handler.
static void a_broken_message_is_an_error(void **state)
{
	static const struct text broken[] = {
		TEXT("\xFF"),
		TEXT("\x0A\x05"
		     "abc"),
		TEXT("\x0A\xFF\xFF\xFF\xFF\x0F"),
		TEXT("\x0B"),
	};
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
		assert_int_equal(fixture_status(*state, PROVIDER_RPC("ValidateResourceConfig"), broken[i]),
				 GRPC_STATUS_INTERNAL);
	assert_int_equal(fixture_status(*state, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
}

static void the_schema_is_one_that_core_takes(void **state)
{
	struct fixture *fixture = *state;
	const Tfplugin6__GetProviderSchema__Response *schema = fixture->schema;
	assert_true(schema->n_resource_schemas >= 3);
	assert_non_null(schema->server_capabilities);
	assert_true(schema->server_capabilities->get_provider_schema_optional);
	assert_true(schema->server_capabilities->plan_destroy);
	const Tfplugin6__GetMetadata__Request request = TFPLUGIN6__GET_METADATA__REQUEST__INIT;
	const Tfplugin6__GetMetadata__Response *metadata =
		fixture_ask(fixture, "GetMetadata", &request.base, &tfplugin6__get_metadata__response__descriptor);
	assert_int_equal(metadata->n_resources, schema->n_resource_schemas);
	for (size_t i = 0; i < metadata->n_resources; i++) {
		const Tfplugin6__Schema *one = message_resource_schema(schema, metadata->resources[i]->type_name);
		assert_non_null(one);
		for (size_t k = 0; k < one->block->n_attributes; k++) {
			const Tfplugin6__Schema__Attribute *attribute = one->block->attributes[k];
			assert_true(attribute->required || attribute->optional || attribute->computed);
			assert_true((attribute->type.len > 0) != (attribute->nested_type != NULL));
		}
	}
}

static void an_empty_config_is_valid_but_for_what_is_required(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *type;
		bool valid;
	} types[] = { { "vns_mirror_filter", true }, { FIXTURE_TARGET, false }, { "vns_mirror_session", true } };
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		Tfplugin6__DynamicValue config = message_dynamic(fixture_object(fixture, types[i].type, NULL, 0));
		Tfplugin6__ValidateResourceConfig__Request request;
		tfplugin6__validate_resource_config__request__init(&request);
		request.type_name = (char *)(uintptr_t)types[i].type;
		request.config = &config;
		const Tfplugin6__ValidateResourceConfig__Response *response =
			fixture_ask(fixture, "ValidateResourceConfig", &request.base,
				    &tfplugin6__validate_resource_config__response__descriptor);
		const Tfplugin6__Diagnostic *error =
			message_first_error(response->diagnostics, response->n_diagnostics);
		assert_int_equal(error == NULL, types[i].valid);
	}
}

static void an_unknown_type_is_said_by_name(void **state)
{
	Tfplugin6__ValidateResourceConfig__Request request;
	tfplugin6__validate_resource_config__request__init(&request);
	request.type_name = (char *)(uintptr_t) "vns_nonsense";
	const Tfplugin6__ValidateResourceConfig__Response *response =
		fixture_ask(*state, "ValidateResourceConfig", &request.base,
			    &tfplugin6__validate_resource_config__response__descriptor);
	const Tfplugin6__Diagnostic *error = message_first_error(response->diagnostics, response->n_diagnostics);
	assert_non_null(error);
	assert_true(strstr(error->summary, "vns_nonsense") || strstr(error->detail, "vns_nonsense"));
}

static void a_plan_of_a_creation_has_a_state_and_private_data(void **state)
{
	struct fixture *fixture = *state;
	struct aws_stub stub;
	aws_stub_start(&stub);
	fixture_configure(fixture, stub.endpoint);
	const Tfplugin6__PlanResourceChange__Response *response = fixture_plan_target(fixture);
	struct text planned = { (const char *)response->planned_state->msgpack.data,
				response->planned_state->msgpack.len };
	assert_true(text_find(planned, T("eni-0a1b2c3d4e5f60718")) != SIZE_MAX);
	assert_true(text_find(planned, T("VirtualNetworkSensor-TrafficMirrorTarget")) != SIZE_MAX);
	assert_true(response->planned_private.len > 0);
	assert_false(response->legacy_type_system);
	aws_stub_stop(&stub);
}

// fixture_stop sees that they do not keep the process.
static void the_streams_of_go_plugin_are_held(void **state)
{
	struct fixture *fixture = *state;
	struct channel *channel = &fixture->host.channel;
	assert_false(channel_wait(channel, &fixture->host.broker, 200));
	assert_false(channel_wait(channel, &fixture->host.stdio, 200));
}

static void health_is_serving(void **state)
{
	struct fixture *fixture = *state;
	struct answer answer;
	plugin_host_call(&fixture->host, PLUGIN_HOST_HEALTH, T("\x0A\x06plugin"), FIXTURE_CALL_MS, &answer);
	assert_int_equal(answer.status, GRPC_STATUS_OK);
	assert_true(text_equal(answer.bytes, T("\x08\x01")));
	answer_free(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_answers),
		cmocka_unit_test(what_does_not_exist_is_unimplemented),
		cmocka_unit_test(a_broken_message_is_an_error),
		cmocka_unit_test(the_schema_is_one_that_core_takes),
		cmocka_unit_test(an_empty_config_is_valid_but_for_what_is_required),
		cmocka_unit_test(an_unknown_type_is_said_by_name),
		cmocka_unit_test(a_plan_of_a_creation_has_a_state_and_private_data),
		cmocka_unit_test(the_streams_of_go_plugin_are_held),
		cmocka_unit_test(health_is_serving),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
