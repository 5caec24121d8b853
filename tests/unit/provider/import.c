// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "provider/identity.h"

#define ID "tmf-0123456789abcdef0"

static const Tfplugin6__ImportResourceState__Response *import(struct host *host, const char *id, const char *identity)
{
	Tfplugin6__ImportResourceState__Request request;
	tfplugin6__import_resource_state__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(FILTER));
	if (id)
		request.id = text_to_c_string(&host->arena, text_of(id));
	if (identity)
		request.identity = host_identity(host, identity);
	return HOST_CALL(host, import_resource_state, ImportResourceState, &request);
}

static void assert_imported(struct host *host, const Tfplugin6__ImportResourceState__Response *response,
			    const char *region)
{
	assert_no_diagnostics(response);
	assert_int_equal(response->n_imported_resources, 1);
	const Tfplugin6__ImportResourceState__ImportedResource *imported = response->imported_resources[0];
	assert_string_equal(imported->type_name, FILTER);
	assert_int_equal(imported->private_.len, 0);
	const struct value made = host_decode(host, host_type(host, FILTER), imported->state);
	assert_string_equal(host_string(host, &made, "id"), ID);
	assert_string_equal(host_string(host, &made, "region"), region);
	const struct value identity = host_decode(host, &identity_type, imported->identity->identity_data);
	assert_string_equal(host_string(host, &identity, "id"), ID);
	assert_string_equal(host_string(host, &identity, "region"), region);
	assert_string_equal(host_string(host, &identity, "account_id"), "123456789012");
}

static void by_id_in_the_region_of_the_provider(void **state)
{
	host_configure(*state);
	assert_imported(*state, import(*state, ID, NULL), "eu-central-1");
}

static void by_id_and_region(void **state)
{
	host_configure(*state);
	assert_imported(*state, import(*state, ID "@us-west-2", NULL), "us-west-2");
	assert_error(import(*state, ID "@Frankfurt", NULL), "Frankfurt");
}

static void by_identity(void **state)
{
	host_configure(*state);
	assert_imported(*state, import(*state, NULL, "{\"id\":\"" ID "\"}"), "eu-central-1");
	assert_imported(
		*state,
		import(*state, NULL, "{\"id\":\"" ID "\",\"region\":\"us-west-2\",\"account_id\":\"123456789012\"}"),
		"us-west-2");
}

static void another_account_is_an_error(void **state)
{
	host_configure(*state);
	const Tfplugin6__ImportResourceState__Response *response =
		import(*state, NULL, "{\"id\":\"" ID "\",\"account_id\":\"999999999999\"}");
	assert_error(response, "999999999999");
	assert_int_equal(response->n_imported_resources, 0);
}

static void an_id_of_another_form_is_an_error(void **state)
{
	host_configure(*state);
	assert_error(import(*state, "tmt-0123456789abcdef0", NULL), "tmt-");
	assert_error(import(*state, "", NULL), "id");
}

static void without_credentials_there_is_an_error(void **state)
{
	host_configure(*state);
	stand_in.account_id = NULL;
	const Tfplugin6__ImportResourceState__Response *response = import(*state, ID, NULL);
	assert_error(response, "No credentials");
	assert_non_null(strstr(response->diagnostics[0]->detail, ID));
	assert_int_equal(response->n_imported_resources, 0);
}

static void without_a_region_there_is_an_error(void **state)
{
	host_configure_with(*state, "{}");
	assert_error(import(*state, ID, NULL), "No region");
}

static void before_configuration_there_is_an_error(void **state)
{
	assert_error(import(*state, ID, NULL), "not configured");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_id_in_the_region_of_the_provider, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(by_id_and_region, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(by_identity, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(another_account_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(an_id_of_another_form_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(without_credentials_there_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(without_a_region_there_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(before_configuration_there_is_an_error, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
