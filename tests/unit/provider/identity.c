// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "provider/identity.h"

static const Tfplugin6__UpgradeResourceIdentity__Response *upgrade(struct host *host, int64_t version, const char *json)
{
	Tfplugin6__RawState raw;
	tfplugin6__raw_state__init(&raw);
	raw.json = host_bytes(json);
	Tfplugin6__UpgradeResourceIdentity__Request request;
	tfplugin6__upgrade_resource_identity__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(TARGET));
	request.version = version;
	request.raw_identity = &raw;
	return HOST_CALL(host, upgrade_resource_identity, UpgradeResourceIdentity, &request);
}

static void a_stored_identity_is_read_as_it_is(void **state)
{
	struct host *host = *state;
	const Tfplugin6__UpgradeResourceIdentity__Response *response =
		upgrade(host, 0, "{\"account_id\":\"1\",\"region\":\"r\",\"id\":\"tmt-1\"}");
	assert_no_diagnostics(response);
	const struct value identity = host_decode(host, &identity_type, response->upgraded_identity->identity_data);
	assert_string_equal(host_string(host, &identity, "account_id"), "1");
	assert_string_equal(host_string(host, &identity, "region"), "r");
	assert_string_equal(host_string(host, &identity, "id"), "tmt-1");
}

static void a_newer_or_damaged_identity_is_refused(void **state)
{
	assert_error(upgrade(*state, 1, "{}"), "newer provider version");
	assert_error(upgrade(*state, 0, "["), "raw_identity of UpgradeResourceIdentity");
	assert_null(upgrade(*state, 0, "[")->upgraded_identity);
}

static void without_an_owner_the_account_is_asked_for(void **state)
{
	struct host *host = *state;
	host_configure(host);
	Tfplugin6__ReadResource__Request request;
	tfplugin6__read_resource__request__init(&request);
	char type_name[] = FILTER;
	request.type_name = type_name;
	request.current_state = host_dynamic(host, FILTER, "{\"id\":\"tmf-1\",\"region\":\"eu-west-1\"}");
	const Tfplugin6__ReadResource__Response *response = HOST_CALL(host, read_resource, ReadResource, &request);
	assert_no_diagnostics(response);
	const struct value identity = host_decode(host, &identity_type, response->new_identity->identity_data);
	assert_string_equal(host_string(host, &identity, "account_id"), "123456789012");
	assert_string_equal(host_string(host, &identity, "region"), "eu-west-1");
	assert_int_equal(stand_in.account_questions, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_stored_identity_is_read_as_it_is, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_newer_or_damaged_identity_is_refused, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(without_an_owner_the_account_is_asked_for, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
