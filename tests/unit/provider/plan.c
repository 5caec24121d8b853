// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include "provider/configured.h"
#include "schema/private.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define SESSION_CONFIG                                                                                                 \
	"\"network_interface_id\":\"eni-0123456789abcdef0\",\"traffic_mirror_target_id\":\"tmt-0123456789abcdef0\","   \
	"\"traffic_mirror_filter_id\":\"tmf-0123456789abcdef0\""

struct plan {
	const char *type_name;
	Tfplugin6__DynamicValue *prior;
	Tfplugin6__DynamicValue *config;
	const char *private_data;
	ProtobufCBinaryData planned_private; // of the first plan of the same change
	Tfplugin6__ResourceIdentityData *identity;
};

static const Tfplugin6__PlanResourceChange__Response *plan(struct host *host, const struct plan *wanted)
{
	Tfplugin6__PlanResourceChange__Request request;
	tfplugin6__plan_resource_change__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, text_of(wanted->type_name));
	request.prior_state = wanted->prior;
	request.config = wanted->config;
	request.proposed_new_state = wanted->config;
	if (wanted->private_data)
		request.prior_private = host_bytes(wanted->private_data);
	request.planned_private = wanted->planned_private;
	request.prior_identity = wanted->identity;
	return HOST_CALL(host, plan_resource_change, PlanResourceChange, &request);
}

static const Tfplugin6__PlanResourceChange__Response *plan_new_filter(struct host *host)
{
	return plan(host, &(struct plan){ .type_name = FILTER, .config = host_dynamic(host, FILTER, "{}") });
}

// A filter as it is after its creation.
static struct value filter_state(struct host *host)
{
	const Tfplugin6__PlanResourceChange__Response *response = plan_new_filter(host);
	struct value made = host_decode(host, host_type(host, FILTER), response->planned_state);
	*value_field(&made, T("id")) = value_string(T("tmf-0123456789abcdef0"));
	*value_field(&made, T("arn")) = value_string(T("arn:aws:ec2:..."));
	*value_field(&made, T("owner_id")) = value_string(T("123456789012"));
	static const char *const maps[] = { "ingress_rules", "egress_rules" };
	for (size_t i = 0; i < 2; i++) {
		struct value *rule = &value_field(&made, text_of(maps[i]))->items[0];
		*value_field(rule, T("traffic_mirror_filter_rule_id")) = value_string(T("tmfr-0123456789abcdef0"));
	}
	return made;
}

static void a_new_filter_is_planned_with_every_default(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const Tfplugin6__PlanResourceChange__Response *response = plan_new_filter(host);
	assert_no_diagnostics(response);
	const struct value planned = host_decode(host, host_type(host, FILTER), response->planned_state);
	assert_string_equal(host_string(host, &planned, "name"), "VirtualNetworkSensor-TrafficMirrorFilter");
	assert_string_equal(host_string(host, &planned, "region"), "eu-central-1");
	assert_true(value_is_unknown(value_field(&planned, T("id"))));
	assert_int_equal(value_field(&planned, T("deviations"))->count, 0);
	assert_int_equal(response->n_requires_replace, 0);
	assert_true(response->planned_private.len > 0);
	assert_false(response->legacy_type_system);
	// Hosts can neither store nor show an identity with an unknown id.
	assert_null(response->planned_identity);
}

// Nobody looked whether it already exists: said once, and no reason to fail.
static void a_look_that_failed_is_told_once(void **state)
{
	struct host *host = *state;
	host_configure(host);
	stand_in.silent = true;
	const Tfplugin6__PlanResourceChange__Response *response = plan_new_filter(host);
	assert_int_equal(response->n_diagnostics, 1);
	assert_int_equal(response->diagnostics[0]->severity, TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING);
	assert_non_null(strstr(response->diagnostics[0]->summary, "traffic mirror filter"));
	assert_non_null(strstr(response->diagnostics[0]->detail, "Nobody answers."));
	assert_int_equal(plan_new_filter(host)->n_diagnostics, 0);
}

// The private data that a plan of a new filter remembers; `earlier` is what the first plan of the change remembered.
static struct text remembered(struct host *host, const char *earlier)
{
	const ProtobufCBinaryData bytes = plan(host, &(struct plan){ .type_name = FILTER,
								     .config = host_dynamic(host, FILTER, "{}"),
								     .planned_private = host_bytes(earlier) })
						  ->planned_private;
	return text_copy(&host->arena, (struct text){ (const char *)bytes.data, bytes.len });
}

static void a_create_keeps_its_token_where_the_host_passes_it_back(void **state)
{
	struct host *host = *state;
	host_configure_with(host, "{\"region\":\"eu-central-1\",\"skip_preflight\":true}");
	struct text first = remembered(host, "");
	struct text token = private_token(&host->arena, first);
	assert_int_equal(token.length, 36);
	struct configured *configured = configured_acquire(host->provider);
	assert_false(configured->preflight.ended);
	assert_true(text_equal(private_token(&host->arena, remembered(host, first.at)), token));
	assert_true(configured->preflight.ended); // it is the plan's second time, during the apply
	configured_release(host->provider, configured);
	assert_false(text_equal(private_token(&host->arena, remembered(host, "")), token));
}

static void the_region_of_the_environment_is_known_in_the_plan(void **state)
{
	struct host *host = *state;
	stand_in.region = "us-west-2";
	host_configure_with(host, "{}");
	const struct value planned = host_decode(host, host_type(host, FILTER), plan_new_filter(host)->planned_state);
	assert_string_equal(host_string(host, &planned, "region"), "us-west-2");
}

static void default_tags_outlive_the_call_that_configured_them(void **state)
{
	struct host *host = *state;
	host_configure_with(host, "{\"region\":\"eu-central-1\",\"default_tags\":[{\"tags\":{\"Team\":\"blue\"}}]}");
	const struct value planned = host_decode(host, host_type(host, FILTER), plan_new_filter(host)->planned_state);
	const struct value *team = value_key(value_field(&planned, T("tags_all")), T("Team"));
	assert_non_null(team);
	assert_true(text_equal(team->string, T("blue")));
}

static void a_create_asks_for_the_account_and_fails_early(void **state)
{
	struct host *host = *state;
	stand_in.account_id = NULL;
	host_configure(host);
	const Tfplugin6__PlanResourceChange__Response *response = plan_new_filter(host);
	assert_error(response, "No credentials");
	// One such error is enough for a run.
	assert_no_diagnostics(plan_new_filter(host));
	host_configure(host);
	assert_error(plan_new_filter(host), "No credentials");
}

static void an_unchanged_object_stays_and_asks_nothing(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const struct value prior = filter_state(host);
	stand_in.account_questions = 0;
	const Tfplugin6__PlanResourceChange__Response *response =
		plan(host, &(struct plan){ .type_name = FILTER,
					   .prior = host_encode(host, &prior),
					   .config = host_dynamic(host, FILTER, "{}") });
	assert_no_diagnostics(response);
	const struct value planned = host_decode(host, host_type(host, FILTER), response->planned_state);
	assert_true(value_equal(&prior, &planned));
	assert_int_equal(stand_in.account_questions, 0);
	// A state of an older host has no identity yet.
	assert_non_null(response->planned_identity);
}

static void an_identity_is_kept(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const struct value prior = filter_state(host);
	Tfplugin6__ResourceIdentityData *identity = host_identity(
		host, "{\"account_id\":\"999999999999\",\"region\":\"eu-central-1\",\"id\":\"tmf-0123456789abcdef0\"}");
	const Tfplugin6__PlanResourceChange__Response *response =
		plan(host, &(struct plan){ .type_name = FILTER,
					   .prior = host_encode(host, &prior),
					   .config = host_dynamic(host, FILTER, "{\"name\":\"x\"}"),
					   .identity = identity });
	assert_warning(response, "name");
	const ProtobufCBinaryData *kept = &response->planned_identity->identity_data->msgpack;
	assert_int_equal(kept->len, identity->identity_data->msgpack.len);
	assert_memory_equal(kept->data, identity->identity_data->msgpack.data, kept->len);
}

// A replacement is planned as a creation.
static void a_new_object_does_not_inherit_an_identity(void **state)
{
	struct host *host = *state;
	host_configure(host);
	Tfplugin6__ResourceIdentityData *identity = host_identity(
		host, "{\"account_id\":\"999999999999\",\"region\":\"eu-central-1\",\"id\":\"tmf-0123456789abcdef0\"}");
	const Tfplugin6__PlanResourceChange__Response *response = plan(
		host, &(struct plan){
			      .type_name = FILTER, .config = host_dynamic(host, FILTER, "{}"), .identity = identity });
	assert_no_diagnostics(response);
	assert_null(response->planned_identity);
}

static void a_destroy_is_planned_as_null_and_keeps_private_data(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const struct value prior = filter_state(host);
	const Tfplugin6__PlanResourceChange__Response *response =
		plan(host, &(struct plan){ .type_name = FILTER,
					   .prior = host_encode(host, &prior),
					   .private_data = "{\"configured\":[]}" });
	assert_no_diagnostics(response);
	const struct value planned = host_decode(host, host_type(host, FILTER), response->planned_state);
	assert_true(value_is_null(&planned));
	assert_int_equal(response->planned_private.len, strlen("{\"configured\":[]}"));
	assert_memory_equal(response->planned_private.data, "{\"configured\":[]}", response->planned_private.len);
}

static void replacement_is_asked_for_by_path(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const struct value prior = filter_state(host);
	const Tfplugin6__PlanResourceChange__Response *response =
		plan(host, &(struct plan){ .type_name = FILTER,
					   .prior = host_encode(host, &prior),
					   .config = host_dynamic(host, FILTER, "{\"region\":\"eu-west-1\"}") });
	assert_no_diagnostics(response);
	assert_int_equal(response->n_requires_replace, 1);
	assert_int_equal(response->requires_replace[0]->n_steps, 1);
	assert_string_equal(response->requires_replace[0]->steps[0]->attribute_name, "region");
}

static void deviations_warn_at_the_attribute(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const Tfplugin6__PlanResourceChange__Response *response = plan(
		host,
		&(struct plan){ .type_name = SESSION,
				.config = host_dynamic(host, SESSION, "{" SESSION_CONFIG ",\"packet_length\":100}") });
	assert_warning(response, "packet_length");
	assert_string_equal(response->diagnostics[0]->attribute->steps[0]->attribute_name, "packet_length");
}

static void deviations_can_be_errors_or_silent(void **state)
{
	struct host *host = *state;
	const struct plan wanted = {
		.type_name = SESSION,
		.config = host_dynamic(host, SESSION, "{" SESSION_CONFIG ",\"packet_length\":100}"),
	};
	host_configure_with(host, "{\"region\":\"eu-central-1\",\"deviation_severity\":\"error\"}");
	assert_error(plan(host, &wanted), "packet_length");
	host_configure_with(host, "{\"region\":\"eu-central-1\",\"deviation_severity\":\"none\"}");
	assert_no_diagnostics(plan(host, &wanted));
}

static void an_unknown_provider_configuration_is_no_hindrance(void **state)
{
	struct host *host = *state;
	char version[] = "1.11.4";
	struct value config = host_value(host, "vns", "{}");
	host_make_unknown(&config, "region");
	host_make_unknown(&config, "access_key");
	Tfplugin6__ConfigureProvider__Request request;
	tfplugin6__configure_provider__request__init(&request);
	request.terraform_version = version;
	request.config = host_encode(host, &config);
	assert_no_diagnostics(HOST_CALL(host, configure_provider, ConfigureProvider, &request));
	const Tfplugin6__PlanResourceChange__Response *response = plan_new_filter(host);
	assert_no_diagnostics(response);
	const struct value planned = host_decode(host, host_type(host, FILTER), response->planned_state);
	assert_true(value_is_unknown(value_field(&planned, T("region"))));
	assert_int_equal(stand_in.account_questions, 0);
}

static void no_region_at_all_is_an_error(void **state)
{
	struct host *host = *state;
	host_configure_with(host, "{}");
	assert_error(plan_new_filter(host), "region");
}

static void before_configuration_there_is_an_error(void **state)
{
	assert_error(plan_new_filter(*state), "not configured");
}

static void unknown_type_and_broken_bytes_are_errors(void **state)
{
	struct host *host = *state;
	host_configure(host);
	assert_error(plan(host, &(struct plan){ .type_name = "aws_instance" }), "aws_instance");
	Tfplugin6__DynamicValue broken;
	tfplugin6__dynamic_value__init(&broken);
	broken.msgpack = host_bytes("\xc1");
	assert_error(plan(host, &(struct plan){ .type_name = FILTER, .prior = &broken }),
		     "prior_state of PlanResourceChange");
	assert_error(plan(host, &(struct plan){ .type_name = FILTER, .config = &broken }),
		     "config of PlanResourceChange");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_filter_is_planned_with_every_default, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_look_that_failed_is_told_once, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_create_keeps_its_token_where_the_host_passes_it_back, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(the_region_of_the_environment_is_known_in_the_plan, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(default_tags_outlive_the_call_that_configured_them, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(a_create_asks_for_the_account_and_fails_early, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(an_unchanged_object_stays_and_asks_nothing, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(an_identity_is_kept, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_new_object_does_not_inherit_an_identity, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_destroy_is_planned_as_null_and_keeps_private_data, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(replacement_is_asked_for_by_path, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(deviations_warn_at_the_attribute, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(deviations_can_be_errors_or_silent, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(an_unknown_provider_configuration_is_no_hindrance, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(no_region_at_all_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(before_configuration_there_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(unknown_type_and_broken_bytes_are_errors, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
