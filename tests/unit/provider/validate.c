// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

static const Tfplugin6__ValidateResourceConfig__Response *validate(struct host *host, const char *type_name,
								   Tfplugin6__DynamicValue *config)
{
	Tfplugin6__ValidateResourceConfig__Request request;
	tfplugin6__validate_resource_config__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, text_of(type_name));
	request.config = config;
	return HOST_CALL(host, validate_resource_config, ValidateResourceConfig, &request);
}

static const Tfplugin6__ValidateProviderConfig__Response *validate_provider(struct host *host, const char *json)
{
	Tfplugin6__ValidateProviderConfig__Request request;
	tfplugin6__validate_provider_config__request__init(&request);
	request.config = host_dynamic(host, "vns", json);
	return HOST_CALL(host, validate_provider_config, ValidateProviderConfig, &request);
}

static void good_config_needs_no_configured_provider(void **state)
{
	assert_no_diagnostics(validate(*state, FILTER, host_dynamic(*state, FILTER, "{}")));
}

static void faults_stand_at_their_attributes(void **state)
{
	struct host *host = *state;
	const char *config = "{\"network_interface_id\":\"eni-0123456789abcdef0\",\"packet_length\":9999,"
			     "\"traffic_mirror_target_id\":\"tmt-0123456789abcdef0\","
			     "\"traffic_mirror_filter_id\":\"tmf-0123456789abcdef0\"}";
	const Tfplugin6__ValidateResourceConfig__Response *response =
		validate(host, SESSION, host_dynamic(host, SESSION, config));
	assert_error(response, "8500");
	assert_int_equal(response->n_diagnostics, 1);
	assert_int_equal(response->diagnostics[0]->attribute->n_steps, 1);
	assert_string_equal(response->diagnostics[0]->attribute->steps[0]->attribute_name, "packet_length");
}

static void unknown_values_are_not_complained_about(void **state)
{
	struct host *host = *state;
	struct value config = host_value(host, TARGET, "{}");
	host_make_unknown(&config, "network_interface_id");
	host_make_unknown(&config, "tags");
	assert_no_diagnostics(validate(host, TARGET, host_encode(host, &config)));
}

static void unknown_type_is_an_error(void **state)
{
	assert_error(validate(*state, "vns_mirror_hall", NULL), "vns_mirror_hall");
}

static void no_config_is_no_fault(void **state)
{
	assert_no_diagnostics(validate(*state, FILTER, NULL));
}

static void broken_bytes_name_the_place(void **state)
{
	Tfplugin6__DynamicValue broken;
	tfplugin6__dynamic_value__init(&broken);
	broken.msgpack = host_bytes("\xde\xff\xff");
	assert_error(validate(*state, FILTER, &broken), "config of ValidateResourceConfig");
	broken.msgpack = host_bytes("\x81\xa4name\xc2");
	assert_error(validate(*state, FILTER, &broken), "config of ValidateResourceConfig");
}

static void json_is_read_where_a_host_sends_it(void **state)
{
	Tfplugin6__DynamicValue json;
	tfplugin6__dynamic_value__init(&json);
	json.json = host_bytes("{\"name\":7,\"id\":\"x\"}");
	assert_error(validate(*state, FILTER, &json), "id");
}

static void provider_config_is_validated(void **state)
{
	assert_no_diagnostics(validate_provider(*state, "{\"region\":\"eu-central-1\",\"max_retries\":3,"
							"\"default_tags\":[{\"tags\":{\"a\":\"b\"}}]}"));
	assert_error(validate_provider(*state, "{\"max_retries\":-1}"), "max_retries");
	assert_error(validate_provider(*state, "{\"deviation_severity\":\"loud\"}"), "deviation_severity");
	assert_error(validate_provider(*state, "{\"endpoints\":[{\"ec2\":\"nowhere\"}]}"), "ec2");
	assert_error(validate_provider(*state, "{\"region\":\"Frankfurt\"}"), "region");
	assert_error(validate_provider(*state, "{\"sts_region\":\"evil.example/x\"}"), "sts_region");
}

static void empty_text_counts_as_none(void **state)
{
	static const char *const names[] = {
		"region",          "sts_region", "retry_mode", "ec2_metadata_service_endpoint",
		"profile",         "access_key", "secret_key", "ec2_metadata_service_endpoint_mode",
		"token",           "no_proxy",   "http_proxy", "skip_metadata_api_check",
		"custom_ca_bundle"
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char config[128];
		(void)snprintf(config, sizeof config, "{\"%s\":\"\"}", names[i]);
		assert_no_diagnostics(validate_provider(*state, config));
	}
	assert_no_diagnostics(validate_provider(*state, "{\"endpoints\":[{\"ec2\":\"\",\"iam\":\"\"}]}"));
	assert_error(validate_provider(*state, "{\"access_key\":\"AKID\",\"secret_key\":\"\"}"), "secret_key");
}

static void half_of_the_credentials_is_an_error(void **state)
{
	assert_error(validate_provider(*state, "{\"access_key\":\"AKID\"}"), "secret_key");
	assert_error(validate_provider(*state, "{\"secret_key\":\"s\"}"), "access_key");
	assert_error(validate_provider(*state, "{\"token\":\"t\"}"), "access_key");
	assert_no_diagnostics(
		validate_provider(*state, "{\"access_key\":\"AKID\",\"secret_key\":\"s\",\"token\":\"t\"}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good_config_needs_no_configured_provider, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(faults_stand_at_their_attributes, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(unknown_values_are_not_complained_about, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(unknown_type_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(no_config_is_no_fault, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(broken_bytes_name_the_place, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(json_is_read_where_a_host_sends_it, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(provider_config_is_validated, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(empty_text_counts_as_none, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(half_of_the_credentials_is_an_error, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
