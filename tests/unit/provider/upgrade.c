// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "provider/configured.h"

static const Tfplugin6__UpgradeResourceState__Response *upgrade(struct host *host, int64_t version,
								Tfplugin6__RawState *raw)
{
	Tfplugin6__UpgradeResourceState__Request request;
	tfplugin6__upgrade_resource_state__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(FILTER));
	request.version = version;
	request.raw_state = raw;
	return HOST_CALL(host, upgrade_resource_state, UpgradeResourceState, &request);
}

static void stored_state_is_read_as_it_is(void **state)
{
	struct host *host = *state;
	Tfplugin6__RawState raw;
	tfplugin6__raw_state__init(&raw);
	raw.json = host_bytes("{\"id\":\"tmf-1\",\"tags\":{\"a\":\"b\"},\"of_another_version\":1}");
	const Tfplugin6__UpgradeResourceState__Response *response = upgrade(host, 0, &raw);
	assert_no_diagnostics(response);
	const struct value upgraded = host_decode(host, host_type(host, FILTER), response->upgraded_state);
	assert_string_equal(host_string(host, &upgraded, "id"), "tmf-1");
	assert_true(value_is_null(value_field(&upgraded, T("arn"))));
	assert_true(value_is_wholly_known(&upgraded));
}

// So that nothing in the state is taken for left behind, also when nothing is read.
static void what_the_state_holds_is_known_from_then_on(void **state)
{
	struct host *host = *state;
	host_configure(host);
	Tfplugin6__RawState raw;
	tfplugin6__raw_state__init(&raw);
	raw.json = host_bytes("{\"id\":\"tmf-1\"}");
	assert_no_diagnostics(upgrade(host, 0, &raw));
	assert_no_diagnostics(upgrade(host, 0, NULL));
	struct configured *configured = configured_acquire(host->provider);
	assert_true(id_set_may_have(&configured->preflight.known, T("tmf-1")));
	assert_int_equal(configured->preflight.known.bytes, sizeof "tmf-1" - 1); // and nothing else
	configured_release(host->provider, configured);
}

static void no_state_is_a_null(void **state)
{
	struct host *host = *state;
	const struct value upgraded =
		host_decode(host, host_type(host, FILTER), upgrade(host, 0, NULL)->upgraded_state);
	assert_true(value_is_null(&upgraded));
}

static void a_newer_state_is_refused(void **state)
{
	Tfplugin6__RawState raw;
	tfplugin6__raw_state__init(&raw);
	raw.json = host_bytes("{}");
	assert_error(upgrade(*state, 1, &raw), "newer provider version");
	assert_error(upgrade(*state, -1, &raw), "version");
}

static void damaged_state_names_the_place(void **state)
{
	Tfplugin6__RawState raw;
	tfplugin6__raw_state__init(&raw);
	raw.json = host_bytes("{\"id\":");
	assert_error(upgrade(*state, 0, &raw), "raw_state of UpgradeResourceState");
	raw.json = host_bytes("{\"tags\":[1]}");
	assert_error(upgrade(*state, 0, &raw), "tags");
}

static void a_flatmap_is_refused(void **state)
{
	char key[] = "id", value[] = "tmf-1";
	Tfplugin6__RawState__FlatmapEntry entry;
	tfplugin6__raw_state__flatmap_entry__init(&entry);
	entry.key = key;
	entry.value = value;
	Tfplugin6__RawState__FlatmapEntry *entries[] = { &entry };
	Tfplugin6__RawState raw;
	tfplugin6__raw_state__init(&raw);
	raw.flatmap = entries;
	raw.n_flatmap = 1;
	const Tfplugin6__UpgradeResourceState__Response *response = upgrade(*state, 0, &raw);
	assert_error(response, "0.11");
	assert_null(response->upgraded_state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stored_state_is_read_as_it_is, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(what_the_state_holds_is_known_from_then_on, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(no_state_is_a_null, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_newer_state_is_refused, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(damaged_state_names_the_place, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_flatmap_is_refused, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
