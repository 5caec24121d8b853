// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ec2/recent.h"
#include "provider/configured.h"
#include "schema/private.h"

#include <string.h>

#define PRIOR "{\"id\":\"tmf-1\",\"region\":\"eu-west-1\",\"owner_id\":\"1\",\"name\":\"before\"}"
// Not what the provider would make: it is carried through, never made anew.
#define IDENTITY "{\"account_id\":\"9\",\"region\":\"eu-west-1\",\"id\":\"tmf-1\"}"
#define PLANNED  "{\"id\":\"tmf-1\",\"region\":\"eu-west-1\",\"owner_id\":\"1\",\"name\":\"after\"}"

static const Tfplugin6__ApplyResourceChange__Response *apply(struct host *host, const char *prior,
							     const struct value *planned, const char *private_data)
{
	Tfplugin6__ApplyResourceChange__Request request;
	tfplugin6__apply_resource_change__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(FILTER));
	request.prior_state = prior ? host_dynamic(host, FILTER, prior) : NULL;
	request.planned_state = planned ? host_encode(host, planned) : NULL;
	request.config = request.planned_state;
	request.planned_private = host_bytes(private_data);
	request.planned_identity = prior ? host_identity(host, IDENTITY) : NULL;
	return HOST_CALL(host, apply_resource_change, ApplyResourceChange, &request);
}

static struct value new_state(struct host *host, const Tfplugin6__ApplyResourceChange__Response *response)
{
	return host_decode(host, host_type(host, FILTER), response->new_state);
}

static void assert_private(const Tfplugin6__ApplyResourceChange__Response *response, const char *expected)
{
	assert_int_equal(response->private_.len, strlen(expected));
	assert_memory_equal(response->private_.data, expected, response->private_.len);
}

static void assert_identity(struct host *host, const Tfplugin6__ApplyResourceChange__Response *response)
{
	const ProtobufCBinaryData expected = host_identity(host, IDENTITY)->identity_data->msgpack;
	assert_non_null(response->new_identity);
	assert_int_equal(response->new_identity->identity_data->msgpack.len, expected.len);
	assert_memory_equal(response->new_identity->identity_data->msgpack.data, expected.data, expected.len);
}

static struct value new_filter(struct host *host)
{
	struct value planned = host_value(host, FILTER, "{\"region\":\"eu-west-1\",\"name\":\"n\"}");
	host_make_unknown(&planned, "id");
	host_make_unknown(&planned, "owner_id");
	return planned;
}

static const Tfplugin6__ApplyResourceChange__Response *create(struct host *host)
{
	host_configure(host);
	const struct value planned = new_filter(host);
	return apply(host, NULL, &planned, "secret");
}

static const Tfplugin6__ApplyResourceChange__Response *update(struct host *host, const char *private_data)
{
	host_configure(host);
	const struct value planned = host_value(host, FILTER, PLANNED);
	return apply(host, PRIOR, &planned, private_data);
}

static void a_create_returns_what_was_created(void **state)
{
	struct host *host = *state;
	const Tfplugin6__ApplyResourceChange__Response *response = create(host);
	assert_no_diagnostics(response);
	assert_int_equal(stand_in.creates, 1);
	assert_string_equal(stand_in.client_region, "eu-west-1");
	const struct value made = new_state(host, response);
	assert_string_equal(host_string(host, &made, "id"), "made-by-ec2");
	assert_true(value_is_wholly_known(&made));
	assert_private(response, "secret");
	assert_non_null(response->new_identity);
	assert_false(response->legacy_type_system);
}

static void a_create_that_made_nothing_leaves_nothing(void **state)
{
	stand_in.outcome = STAND_IN_FAILS;
	const Tfplugin6__ApplyResourceChange__Response *response = create(*state);
	assert_error(response, "EC2 refused");
	const struct value made = new_state(*state, response);
	assert_true(value_is_null(&made));
	assert_null(response->new_identity);
}

static void a_create_that_failed_half_way_returns_what_exists(void **state)
{
	struct host *host = *state;
	stand_in.outcome = STAND_IN_FAILS_HALF_WAY;
	const Tfplugin6__ApplyResourceChange__Response *response = create(host);
	assert_error(response, "EC2 refused");
	assert_int_equal(response->n_diagnostics, 1);
	const struct value made = new_state(host, response);
	assert_string_equal(host_string(host, &made, "id"), "made-by-ec2");
	assert_private(response, "secret");
	assert_non_null(response->new_identity);
}

static int64_t created_s(struct host *host, const Tfplugin6__ApplyResourceChange__Response *response)
{
	int64_t seconds = 0;
	const struct text stored = { (const char *)response->private_.data, response->private_.len };
	return private_created(&host->arena, stored, &seconds) ? seconds : 0;
}

static void a_create_uses_its_token_and_remembers_when_it_was(void **state)
{
	struct host *host = *state;
	host_configure(host);
	static const enum stand_in_outcome outcomes[] = { STAND_IN_SUCCEEDS, STAND_IN_FAILS_HALF_WAY, STAND_IN_RUNS_OUT,
							  STAND_IN_USES_UP };
	for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
		stand_in.outcome = outcomes[i];
		const struct value planned = new_filter(host);
		const int64_t before_s = clock_realtime_us(&clock_system) / 1000000;
		const Tfplugin6__ApplyResourceChange__Response *response =
			apply(host, NULL, &planned, "{\"configured\":[],\"client_token\":\"t\"}");
		const int64_t after_s = clock_realtime_us(&clock_system) / 1000000;
		assert_in_range(created_s(host, response), before_s, after_s);
		assert_string_equal(stand_in.client_token, "t");
	}
}

// It is new from when EC2 took it, not from when it was first asked for.
static void a_create_that_took_long_remembers_its_end(void **state)
{
	struct host *host = *state;
	host_configure(host);
	stand_in.create_takes_ms = 180000;
	static const enum stand_in_outcome outcomes[] = { STAND_IN_SUCCEEDS, STAND_IN_FAILS_HALF_WAY };
	for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
		stand_in.outcome = outcomes[i];
		const struct value planned = new_filter(host);
		const int64_t before_s = clock_realtime_us(&host->clock) / 1000000;
		const Tfplugin6__ApplyResourceChange__Response *response = apply(host, NULL, &planned, "{}");
		const int64_t after_s = clock_realtime_us(&host->clock) / 1000000;
		assert_in_range(created_s(host, response), before_s + 180, after_s);
	}
}

// A delete or an update of what another process created must not believe that it is gone, either.
static void a_change_recalls_the_age(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const int64_t now_s = clock_realtime_us(&clock_system) / 1000000;
	const struct text remembered = text_print(&host->arena, "{\"created\":%lld}", (long long)now_s);
	assert_false(recent_has(&clock_system, T("tmf-1")));
	const Tfplugin6__ApplyResourceChange__Response *response = apply(host, PRIOR, NULL, remembered.at);
	assert_no_diagnostics(response);
	assert_true(recent_has(&clock_system, T("tmf-1")));
	recent_forget(T("tmf-1"));
	assert_int_equal(created_s(host, update(host, remembered.at)), now_s);
	assert_true(recent_has(&clock_system, T("tmf-1")));
}

// The half of a replacement that deletes comes with the plan of the half that creates. Of a tainted object that plan
// remembers nothing.
static void the_delete_of_a_replacement_doubts_that_it_is_gone(void **state)
{
	struct host *host = *state;
	host_configure(host);
	recent_forget(T("tmf-1"));
	assert_no_diagnostics(apply(host, PRIOR, NULL, "{\"configured\":[]}"));
	assert_false(recent_has(&clock_system, T("tmf-1")));
	assert_no_diagnostics(apply(host, PRIOR, NULL, "{\"client_token\":\"t\",\"configured\":[],\"created\":17}"));
	assert_false(recent_has(&clock_system, T("tmf-1")));
	assert_no_diagnostics(apply(host, PRIOR, NULL, "{\"client_token\":\"t\",\"configured\":[]}"));
	assert_true(recent_has(&clock_system, T("tmf-1")));
	recent_forget(T("tmf-1"));
}

static void an_update_returns_what_is_now(void **state)
{
	struct host *host = *state;
	const Tfplugin6__ApplyResourceChange__Response *response = update(host, "secret");
	assert_no_diagnostics(response);
	assert_int_equal(stand_in.updates, 1);
	const struct value now = new_state(host, response);
	assert_string_equal(host_string(host, &now, "name"), "after");
	assert_private(response, "secret");
	assert_identity(host, response);
}

static void a_failed_update_returns_what_was_and_remembers_both_plans(void **state)
{
	struct host *host = *state;
	stand_in.outcome = STAND_IN_FAILS;
	const Tfplugin6__ApplyResourceChange__Response *response =
		update(host, "{\"before\":[\"packet_length\"],\"configured\":[\"virtual_network_id\"]}");
	assert_error(response, "EC2 refused");
	const struct value now = new_state(host, response);
	assert_string_equal(host_string(host, &now, "name"), "before");
	const struct text kept = { (const char *)response->private_.data, response->private_.len };
	const struct private_data data = private_read(&host->arena, kept);
	assert_true(value_has_string(&data.configured, T("packet_length")));
	assert_true(value_has_string(&data.configured, T("virtual_network_id")));
	assert_identity(host, response);
}

static void an_update_that_failed_half_way_returns_what_is_now(void **state)
{
	struct host *host = *state;
	stand_in.outcome = STAND_IN_FAILS_HALF_WAY;
	const Tfplugin6__ApplyResourceChange__Response *response = update(host, "secret");
	assert_error(response, "EC2 refused");
	const struct value now = new_state(host, response);
	assert_string_equal(host_string(host, &now, "name"), "after");
}

static void an_update_without_memory_keeps_what_was(void **state)
{
	struct host *host = *state;
	stand_in.outcome = STAND_IN_RUNS_OUT;
	const Tfplugin6__ApplyResourceChange__Response *response = update(host, "secret");
	assert_error(response, "Out of memory");
	const struct value now = new_state(host, response);
	assert_string_equal(host_string(host, &now, "name"), "before");
	assert_private(response, "secret");
	assert_identity(host, response);
}

static void a_delete_leaves_nothing(void **state)
{
	struct host *host = *state;
	host_configure(host);
	struct configured *configured = configured_acquire(host->provider);
	assert_false(configured->preflight.ended);
	const Tfplugin6__ApplyResourceChange__Response *response = apply(host, PRIOR, NULL, "secret");
	assert_no_diagnostics(response);
	assert_int_equal(stand_in.removes, 1);
	assert_true(configured->preflight.ended); // what is planned now has been planned before
	configured_release(host->provider, configured);
	const struct value now = new_state(host, response);
	assert_true(value_is_null(&now));
	assert_null(response->new_identity);
}

static void a_failed_delete_keeps_everything(void **state)
{
	struct host *host = *state;
	host_configure(host);
	for (int outcome = STAND_IN_FAILS; outcome <= STAND_IN_RUNS_OUT; outcome++) {
		stand_in.outcome = (enum stand_in_outcome)outcome;
		const Tfplugin6__ApplyResourceChange__Response *response = apply(host, PRIOR, NULL, "secret");
		assert_error(response, outcome == STAND_IN_RUNS_OUT ? "Out of memory" : "EC2 refused");
		if (outcome == STAND_IN_FAILS) // hosts do not say what is being deleted
			assert_non_null(strstr(response->diagnostics[0]->detail, "tmf-1"));
		const struct value now = new_state(host, response);
		assert_string_equal(host_string(host, &now, "id"), "tmf-1");
		assert_private(response, "secret");
		assert_identity(host, response);
	}
}

static void from_nothing_to_nothing_is_an_error(void **state)
{
	struct host *host = *state;
	host_configure(host);
	assert_error(apply(host, NULL, NULL, ""), "Nothing to apply");
}

static void before_configuration_there_is_an_error(void **state)
{
	struct host *host = *state;
	const Tfplugin6__ApplyResourceChange__Response *response = apply(host, PRIOR, NULL, "secret");
	assert_error(response, "not configured");
	assert_int_equal(stand_in.removes, 0);
	assert_private(response, "secret");
	assert_identity(host, response);
}

static void broken_bytes_are_an_error_and_change_nothing(void **state)
{
	struct host *host = *state;
	host_configure(host);
	Tfplugin6__DynamicValue broken;
	tfplugin6__dynamic_value__init(&broken);
	broken.msgpack = host_bytes("\xa5id");
	char type_name[] = FILTER;
	Tfplugin6__ApplyResourceChange__Request request;
	tfplugin6__apply_resource_change__request__init(&request);
	request.type_name = type_name;
	request.planned_state = &broken;
	assert_error(HOST_CALL(host, apply_resource_change, ApplyResourceChange, &request),
		     "planned_state of ApplyResourceChange");
	assert_int_equal(stand_in.creates, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_create_returns_what_was_created, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_create_that_made_nothing_leaves_nothing, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_create_that_failed_half_way_returns_what_exists, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(a_create_uses_its_token_and_remembers_when_it_was, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(a_create_that_took_long_remembers_its_end, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_change_recalls_the_age, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(the_delete_of_a_replacement_doubts_that_it_is_gone, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(an_update_returns_what_is_now, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_failed_update_returns_what_was_and_remembers_both_plans, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(an_update_that_failed_half_way_returns_what_is_now, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(an_update_without_memory_keeps_what_was, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_delete_leaves_nothing, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_failed_delete_keeps_everything, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(from_nothing_to_nothing_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(before_configuration_there_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(broken_bytes_are_an_error_and_change_nothing, host_setup,
						host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
