// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

void fixture_start(struct fixture *fixture, bool plain, const char *const *variables)
{
	*fixture = (struct fixture){ .schema = NULL };
	arena_init(&fixture->arena, 0);
	const struct plugin_launch launch = { .binary = PROVIDER, .plain = plain, .variables = variables };
	const char *problem = plugin_host_start(&fixture->host, &launch);
	if (problem)
		fail_msg("%s\n%s", problem, child_errors(&fixture->host.child));
	plugin_host_connect(&fixture->host);
}

void fixture_stop(struct fixture *fixture)
{
	struct child_end end = plugin_host_stop(&fixture->host);
	size_t said = 0;
	assert_true(end.ended);
	assert_int_equal(end.status, 0);
	assert_true(child_drain(&fixture->host.child, PLUGIN_HOST_PATIENCE_MS, &said));
	assert_int_equal(said, 0);
	fixture_free(fixture);
}

void fixture_free(struct fixture *fixture)
{
	plugin_host_free(&fixture->host);
	arena_free(&fixture->arena);
}

void *fixture_ask(struct fixture *fixture, const char *rpc, const ProtobufCMessage *request,
		  const ProtobufCMessageDescriptor *type)
{
	char path[128];
	(void)snprintf(path, sizeof path, PROVIDER_RPC("%s"), rpc);
	struct answer answer;
	plugin_host_call(&fixture->host, path, message_pack(&fixture->arena, request), FIXTURE_CALL_MS, &answer);
	if (answer.status != GRPC_STATUS_OK)
		fail_msg("%s: gRPC status %d, %s", rpc, (int)answer.status, answer.details);
	// The arena outlives the answer's own memory, and texts of messages are copied into it.
	void *message = message_unpack(&fixture->arena, type, answer.bytes);
	answer_free(&answer);
	assert_non_null(message);
	return message;
}

grpc_status_code fixture_status(struct fixture *fixture, const char *path, struct text request)
{
	struct answer answer;
	plugin_host_call(&fixture->host, path, request, FIXTURE_CALL_MS, &answer);
	grpc_status_code status = answer.status;
	answer_free(&answer);
	return status;
}

void fixture_read_schema(struct fixture *fixture)
{
	const Tfplugin6__GetProviderSchema__Request request = TFPLUGIN6__GET_PROVIDER_SCHEMA__REQUEST__INIT;
	fixture->schema = fixture_ask(fixture, "GetProviderSchema", &request.base,
				      &tfplugin6__get_provider_schema__response__descriptor);
	assert_null(message_first_error(fixture->schema->diagnostics, fixture->schema->n_diagnostics));
	assert_non_null(fixture->schema->provider);
}

struct text fixture_object(struct fixture *fixture, const char *type_name, const struct message_field *fields,
			   size_t count)
{
	const Tfplugin6__Schema *schema = message_resource_schema(fixture->schema, type_name);
	assert_non_null(schema);
	return message_object(&fixture->arena, schema, fields, count);
}

void fixture_configure(struct fixture *fixture, const char *endpoint)
{
	struct arena *arena = &fixture->arena;
	const Tfplugin6__Schema *schema = fixture->schema->provider;
	struct text where = message_string(arena, endpoint);
	const struct message_field endpoints[] = { { "ec2", where }, { "sts", where }, { "elbv2", where } };
	const struct message_field fields[] = {
		{ "region", message_string(arena, "eu-central-1") },
		{ "access_key", message_string(arena, "AKIAPROTOCOLTESTS000") },
		{ "secret_key", message_string(arena, FIXTURE_SECRET_KEY) },
		{ "token", message_string(arena, FIXTURE_TOKEN) },
		{ "max_retries", T("\x01") },
		{ "skip_preflight", T("\xc3") }, // true: nobody answers what it would ask
		{ "endpoints", message_block(arena, schema, "endpoints", endpoints, 3) },
	};
	Tfplugin6__DynamicValue config =
		message_dynamic(message_object(arena, schema, fields, sizeof fields / sizeof fields[0]));
	Tfplugin6__ConfigureProvider__Request request;
	tfplugin6__configure_provider__request__init(&request);
	request.terraform_version = (char *)(uintptr_t) "1.11.4";
	request.config = &config;
	const Tfplugin6__ConfigureProvider__Response *response = fixture_ask(
		fixture, "ConfigureProvider", &request.base, &tfplugin6__configure_provider__response__descriptor);
	const Tfplugin6__Diagnostic *error = message_first_error(response->diagnostics, response->n_diagnostics);
	if (error)
		fail_msg("%s: %s", error->summary, error->detail);
}

const Tfplugin6__PlanResourceChange__Response *fixture_plan_target(struct fixture *fixture)
{
	const struct message_field fields[] = {
		{ "network_interface_id", message_string(&fixture->arena, "eni-0a1b2c3d4e5f60718") },
	};
	Tfplugin6__DynamicValue config = message_dynamic(fixture_object(fixture, FIXTURE_TARGET, fields, 1));
	Tfplugin6__DynamicValue prior = message_dynamic(T(MESSAGE_NIL));
	Tfplugin6__PlanResourceChange__Request request;
	tfplugin6__plan_resource_change__request__init(&request);
	request.type_name = (char *)(uintptr_t)FIXTURE_TARGET;
	request.prior_state = &prior;
	request.config = &config;
	request.proposed_new_state = &config;
	const Tfplugin6__PlanResourceChange__Response *response = fixture_ask(
		fixture, "PlanResourceChange", &request.base, &tfplugin6__plan_resource_change__response__descriptor);
	const Tfplugin6__Diagnostic *error = message_first_error(response->diagnostics, response->n_diagnostics);
	if (error)
		fail_msg("%s: %s", error->summary, error->detail);
	assert_non_null(response->planned_state);
	return response;
}

struct text fixture_read_request(struct fixture *fixture)
{
	const struct message_field fields[] = {
		{ "id", message_string(&fixture->arena, "tmt-0a1b2c3d4e5f60718") },
		{ "region", message_string(&fixture->arena, "eu-central-1") },
	};
	Tfplugin6__DynamicValue current = message_dynamic(fixture_object(fixture, FIXTURE_TARGET, fields, 2));
	Tfplugin6__ReadResource__Request request;
	tfplugin6__read_resource__request__init(&request);
	request.type_name = (char *)(uintptr_t)FIXTURE_TARGET;
	request.current_state = &current;
	return message_pack(&fixture->arena, &request.base);
}
