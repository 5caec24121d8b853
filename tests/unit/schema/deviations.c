// SPDX-License-Identifier: MPL-2.0
// The list for an object of which no configuration is known; plans are in tests/cases/plan.
#include "schema_fixture.h"

#include "resources/resources.h"
#include "schema/deviations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

// The list for that state; it must be the one of a plan with a configuration that says the same.
static struct text of_state(struct fixture *fixture, const char *type_name, const char *json)
{
	const struct row_set *set = &resources_find(text_of(type_name))->set;
	const struct type *type = row_type(&fixture->arena, set->rows);
	json_t *parsed = json_loads(json, 0, NULL);
	struct value state = fixture_value(&fixture->arena, parsed, type);
	struct value list = deviations_of_state(&fixture->call, set, T(""), &state);
	assert_null(fixture->diagnostics.first);

	struct settings settings = fixture_settings(&fixture->arena, NULL);
	struct plan_request request = { set, &state, &state, T(""), &settings };
	struct plan_result result;
	plan_resource(&fixture->call, &request, &result);
	assert_text(fixture_print(&fixture->arena, value_field(&result.planned, T("deviations"))),
		    fixture_print(&fixture->arena, &list));
	fixture->diagnostics = (struct diagnostics){ NULL, NULL, 0 };
	struct text printed = fixture_print(&fixture->arena, &list);
	json_decref(parsed);
	return printed;
}

static void test_of_state(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_open(&fixture);
	assert_text(of_state(&fixture, "vns_mirror_session", "{\"session_number\": 1, \"virtual_network_id\": 777}"),
		    T("[]"));
	assert_text(of_state(&fixture, "vns_mirror_session", "{\"packet_length\": 8500}"), T("[]"));
	assert_text(of_state(&fixture, "vns_mirror_session", "{\"packet_length\": 100}"),
		    T("[\"packet_length is 100; recommended: not set. The sensor sees only the beginning of each "
		      "packet, so that detections which inspect the payload fail.\"]"));
	assert_text(of_state(&fixture, "vns_mirror_filter",
			     "{\"ingress_rules\": {\"100\": {\"rule_action\": \"accept\", \"source_cidr_block\": "
			     "\"0.0.0.0/0\", \"destination_cidr_block\": \"0.0.0.0/0\", "
			     "\"traffic_mirror_filter_rule_id\": \"tmfr-1\"}}, "
			     "\"network_services\": [\"amazon-dns\"]}"),
		    T("[]"));
	assert_text(of_state(&fixture, "vns_mirror_filter", "{\"ingress_rules\": {\"100\": {\"protocol\": 6}}}"),
		    T("[\"ingress_rules: rule 100: protocol is 6; recommended: not set. The rule does not match "
		      "traffic of any other protocol.\"]"));
	fixture_close(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_of_state) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
