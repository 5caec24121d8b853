// SPDX-License-Identifier: MPL-2.0
// A real request for each method that asks or changes something, and what is in its answer.
#include "aws_stub.h"
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define TARGET_ID "tmt-0a1b2c3d4e5f60718"
#define REGION    "eu-central-1"
#define ACCOUNT   "123456789012"

static struct aws_stub stub;
static struct fixture fixture;

static int start(void **state)
{
	(void)state;
	aws_stub_start(&stub);
	fixture_start(&fixture, false, NULL);
	fixture_read_schema(&fixture);
	fixture_configure(&fixture, stub.endpoint);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	fixture_stop(&fixture);
	return 0;
}

static struct text view(ProtobufCBinaryData bytes)
{
	return (struct text){ (const char *)bytes.data, bytes.len };
}

static ProtobufCBinaryData bytes_of(const char *string)
{
	return (ProtobufCBinaryData){ strlen(string), (uint8_t *)(uintptr_t)string };
}

static void assert_has(const Tfplugin6__DynamicValue *value, const char *string)
{
	assert_non_null(value);
	assert_true(text_find(view(value->msgpack), text_of(string)) != SIZE_MAX);
}

static void assert_no_error(Tfplugin6__Diagnostic *const *diagnostics, size_t count)
{
	const Tfplugin6__Diagnostic *error = message_first_error(diagnostics, count);
	if (error)
		fail_msg("%s: %s", error->summary, error->detail);
}

static const Tfplugin6__ValidateProviderConfig__Response *validate_region(const char *region)
{
	const struct message_field fields[] = { { "region", message_string(&fixture.arena, region) } };
	Tfplugin6__DynamicValue config =
		message_dynamic(message_object(&fixture.arena, fixture.schema->provider, fields, 1));
	Tfplugin6__ValidateProviderConfig__Request request;
	tfplugin6__validate_provider_config__request__init(&request);
	request.config = &config;
	return fixture_ask(&fixture, "ValidateProviderConfig", &request.base,
			   &tfplugin6__validate_provider_config__response__descriptor);
}

static void a_provider_block_is_validated(void **state)
{
	(void)state;
	const Tfplugin6__ValidateProviderConfig__Response *right = validate_region(REGION);
	assert_no_error(right->diagnostics, right->n_diagnostics);
	const Tfplugin6__ValidateProviderConfig__Response *wrong = validate_region("no region");
	const Tfplugin6__Diagnostic *error = message_first_error(wrong->diagnostics, wrong->n_diagnostics);
	assert_non_null(error);
	assert_int_equal(error->attribute->n_steps, 1);
	assert_string_equal(error->attribute->steps[0]->attribute_name, "region");
}

static void every_resource_has_an_identity(void **state)
{
	(void)state;
	const Tfplugin6__GetResourceIdentitySchemas__Request request =
		TFPLUGIN6__GET_RESOURCE_IDENTITY_SCHEMAS__REQUEST__INIT;
	const Tfplugin6__GetResourceIdentitySchemas__Response *response =
		fixture_ask(&fixture, "GetResourceIdentitySchemas", &request.base,
			    &tfplugin6__get_resource_identity_schemas__response__descriptor);
	assert_no_error(response->diagnostics, response->n_diagnostics);
	assert_int_equal(response->n_identity_schemas, fixture.schema->n_resource_schemas);
	for (size_t i = 0; i < response->n_identity_schemas; i++) {
		assert_non_null(message_resource_schema(fixture.schema, response->identity_schemas[i]->key));
		const Tfplugin6__ResourceIdentitySchema *schema = response->identity_schemas[i]->value;
		size_t required = 0;
		for (size_t k = 0; k < schema->n_identity_attributes; k++) {
			const Tfplugin6__ResourceIdentitySchema__IdentityAttribute *attribute =
				schema->identity_attributes[k];
			assert_true(attribute->required_for_import != attribute->optional_for_import);
			if (attribute->required_for_import) {
				assert_string_equal(attribute->name, "id");
				required++;
			}
		}
		assert_int_equal(required, 1);
	}
}

static void a_stored_state_is_read(void **state)
{
	(void)state;
	Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
	raw.json = bytes_of("{\"id\":\"" TARGET_ID "\",\"region\":\"" REGION "\",\"tags\":{\"kept\":\"here\"}}");
	Tfplugin6__UpgradeResourceState__Request request;
	tfplugin6__upgrade_resource_state__request__init(&request);
	request.type_name = (char *)(uintptr_t)FIXTURE_TARGET;
	request.raw_state = &raw;
	const Tfplugin6__UpgradeResourceState__Response *response =
		fixture_ask(&fixture, "UpgradeResourceState", &request.base,
			    &tfplugin6__upgrade_resource_state__response__descriptor);
	assert_no_error(response->diagnostics, response->n_diagnostics);
	assert_has(response->upgraded_state, TARGET_ID);
	assert_has(response->upgraded_state, REGION);
	assert_has(response->upgraded_state, "here");
}

static void a_stored_identity_is_read(void **state)
{
	(void)state;
	Tfplugin6__RawState raw = TFPLUGIN6__RAW_STATE__INIT;
	raw.json = bytes_of("{\"id\":\"" TARGET_ID "\",\"region\":\"" REGION "\",\"account_id\":\"" ACCOUNT "\"}");
	Tfplugin6__UpgradeResourceIdentity__Request request;
	tfplugin6__upgrade_resource_identity__request__init(&request);
	request.type_name = (char *)(uintptr_t)FIXTURE_TARGET;
	request.raw_identity = &raw;
	const Tfplugin6__UpgradeResourceIdentity__Response *response =
		fixture_ask(&fixture, "UpgradeResourceIdentity", &request.base,
			    &tfplugin6__upgrade_resource_identity__response__descriptor);
	assert_no_error(response->diagnostics, response->n_diagnostics);
	assert_non_null(response->upgraded_identity);
	assert_has(response->upgraded_identity->identity_data, TARGET_ID);
	assert_has(response->upgraded_identity->identity_data, REGION);
	assert_has(response->upgraded_identity->identity_data, ACCOUNT);
}

static void an_import_names_the_object(void **state)
{
	(void)state;
	Tfplugin6__ImportResourceState__Request request;
	tfplugin6__import_resource_state__request__init(&request);
	request.type_name = (char *)(uintptr_t)FIXTURE_TARGET;
	request.id = (char *)(uintptr_t)TARGET_ID;
	const Tfplugin6__ImportResourceState__Response *response =
		fixture_ask(&fixture, "ImportResourceState", &request.base,
			    &tfplugin6__import_resource_state__response__descriptor);
	assert_no_error(response->diagnostics, response->n_diagnostics);
	assert_int_equal(response->n_imported_resources, 1);
	const Tfplugin6__ImportResourceState__ImportedResource *imported = response->imported_resources[0];
	assert_string_equal(imported->type_name, FIXTURE_TARGET);
	assert_has(imported->state, TARGET_ID);
	assert_has(imported->state, REGION);
	assert_non_null(imported->identity);
	assert_has(imported->identity->identity_data, TARGET_ID);
	assert_has(imported->identity->identity_data, ACCOUNT);
}

// From here on the endpoint is a closed port. Nothing can have been made, and nothing is said to exist.
static void a_creation_that_reaches_nobody_leaves_nothing(void **state)
{
	(void)state;
	const Tfplugin6__PlanResourceChange__Response *plan = fixture_plan_target(&fixture);
	aws_stub_stop(&stub);
	const struct message_field fields[] = {
		{ "network_interface_id", message_string(&fixture.arena, "eni-0a1b2c3d4e5f60718") },
	};
	Tfplugin6__DynamicValue config = message_dynamic(fixture_object(&fixture, FIXTURE_TARGET, fields, 1));
	Tfplugin6__DynamicValue prior = message_dynamic(T(MESSAGE_NIL));
	Tfplugin6__ApplyResourceChange__Request request;
	tfplugin6__apply_resource_change__request__init(&request);
	request.type_name = (char *)(uintptr_t)FIXTURE_TARGET;
	request.prior_state = &prior;
	request.planned_state = plan->planned_state;
	request.config = &config;
	request.planned_private = plan->planned_private;
	const Tfplugin6__ApplyResourceChange__Response *response =
		fixture_ask(&fixture, "ApplyResourceChange", &request.base,
			    &tfplugin6__apply_resource_change__response__descriptor);
	const Tfplugin6__Diagnostic *error = message_first_error(response->diagnostics, response->n_diagnostics);
	assert_non_null(error);
	assert_non_null(strstr(error->detail, "127.0.0.1"));
	assert_non_null(response->new_state);
	assert_true(text_equal(view(response->new_state->msgpack), T(MESSAGE_NIL)));
	assert_false(response->legacy_type_system);
}

// The fault is told, and the object is not taken for gone.
static void a_read_that_fails_keeps_the_state(void **state)
{
	(void)state;
	const struct message_field fields[] = {
		{ "id", message_string(&fixture.arena, TARGET_ID) },
		{ "region", message_string(&fixture.arena, REGION) },
	};
	Tfplugin6__DynamicValue current = message_dynamic(fixture_object(&fixture, FIXTURE_TARGET, fields, 2));
	Tfplugin6__DynamicValue names = message_dynamic(T("\x83"
							  "\xAA"
							  "account_id"
							  "\xAC" ACCOUNT "\xA6"
							  "region"
							  "\xAC" REGION "\xA2"
							  "id"
							  "\xB5" TARGET_ID));
	Tfplugin6__ResourceIdentityData identity = TFPLUGIN6__RESOURCE_IDENTITY_DATA__INIT;
	identity.identity_data = &names;
	Tfplugin6__ReadResource__Request request;
	tfplugin6__read_resource__request__init(&request);
	request.type_name = (char *)(uintptr_t)FIXTURE_TARGET;
	request.current_state = &current;
	request.private_ = bytes_of("{\"kept\":1}");
	request.current_identity = &identity;
	const Tfplugin6__ReadResource__Response *response =
		fixture_ask(&fixture, "ReadResource", &request.base, &tfplugin6__read_resource__response__descriptor);
	assert_non_null(message_first_error(response->diagnostics, response->n_diagnostics));
	assert_non_null(response->new_state);
	assert_true(text_equal(view(response->new_state->msgpack), view(current.msgpack)));
	assert_true(text_equal(view(response->private_), view(request.private_)));
	assert_non_null(response->new_identity);
	assert_true(text_equal(view(response->new_identity->identity_data->msgpack), view(names.msgpack)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_provider_block_is_validated),
		cmocka_unit_test(every_resource_has_an_identity),
		cmocka_unit_test(a_stored_state_is_read),
		cmocka_unit_test(a_stored_identity_is_read),
		cmocka_unit_test(an_import_names_the_object),
		cmocka_unit_test(a_creation_that_reaches_nobody_leaves_nothing),
		cmocka_unit_test(a_read_that_fails_keeps_the_state),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
