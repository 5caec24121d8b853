// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include "ec2/recent.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define STATE "{\"id\":\"tmf-1\",\"region\":\"eu-west-1\",\"owner_id\":\"111111111111\",\"name\":\"n\"}"

static const Tfplugin6__ReadResource__Response *read_filter(struct host *host, Tfplugin6__DynamicValue *current,
							    Tfplugin6__ResourceIdentityData *identity)
{
	Tfplugin6__ReadResource__Request request;
	tfplugin6__read_resource__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(FILTER));
	request.current_state = current;
	request.private_ = host_bytes("remember");
	request.current_identity = identity;
	const Tfplugin6__ReadResource__Response *response = HOST_CALL(host, read_resource, ReadResource, &request);
	assert_int_equal(response->private_.len, strlen("remember"));
	assert_memory_equal(response->private_.data, "remember", response->private_.len);
	return response;
}

static void the_state_is_read_in_its_region(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const Tfplugin6__ReadResource__Response *response = read_filter(host, host_dynamic(host, FILTER, STATE), NULL);
	assert_no_diagnostics(response);
	assert_int_equal(stand_in.reads, 1);
	assert_string_equal(stand_in.client_region, "eu-west-1");
	const struct value read = host_decode(host, host_type(host, FILTER), response->new_state);
	assert_string_equal(host_string(host, &read, "name"), "n");
	// The owner is known from the state, so nobody asks for the account.
	assert_non_null(response->new_identity);
	assert_int_equal(stand_in.account_questions, 0);
}

static void the_age_is_told_by_private_data(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const int64_t now_s = clock_realtime_us(&clock_system) / 1000000;
	for (int64_t age_s = 0; age_s < 1000; age_s += 500) {
		const char *id = age_s ? "tmf-a0000000000000001" : "tmf-a0000000000000002";
		const struct text current = text_print(&host->arena, "{\"id\":\"%s\",\"region\":\"eu-west-1\"}", id);
		const struct text remembered =
			text_print(&host->arena, "{\"created\":%lld}", (long long)(now_s - age_s));
		Tfplugin6__ReadResource__Request request;
		tfplugin6__read_resource__request__init(&request);
		request.type_name = text_to_c_string(&host->arena, T(FILTER));
		request.current_state = host_dynamic(host, FILTER, current.at);
		request.private_ = host_bytes(remembered.at);
		assert_false(recent_has(&clock_system, text_of(id)));
		assert_no_diagnostics(HOST_CALL(host, read_resource, ReadResource, &request));
		assert_int_equal(recent_has(&clock_system, text_of(id)), age_s == 0);
	}
}

static void what_is_gone_is_null(void **state)
{
	struct host *host = *state;
	host_configure(host);
	stand_in.gone = true;
	const Tfplugin6__ReadResource__Response *response = read_filter(host, host_dynamic(host, FILTER, STATE), NULL);
	assert_no_diagnostics(response);
	const struct value read = host_decode(host, host_type(host, FILTER), response->new_state);
	assert_true(value_is_null(&read));
	assert_null(response->new_identity);
}

static void a_null_state_is_read_as_null(void **state)
{
	struct host *host = *state;
	host_configure(host);
	const Tfplugin6__ReadResource__Response *response = read_filter(host, NULL, NULL);
	assert_no_diagnostics(response);
	assert_int_equal(stand_in.reads, 0);
}

static void a_failure_keeps_the_state(void **state)
{
	struct host *host = *state;
	host_configure(host);
	stand_in.outcome = STAND_IN_FAILS;
	Tfplugin6__ResourceIdentityData *identity =
		host_identity(host, "{\"account_id\":\"9\",\"region\":\"eu-west-1\",\"id\":\"tmf-1\"}");
	const Tfplugin6__ReadResource__Response *response =
		read_filter(host, host_dynamic(host, FILTER, STATE), identity);
	assert_error(response, "EC2 refused");
	assert_non_null(
		strstr(response->diagnostics[0]->detail, "tmf-1")); // at an import hosts do not say what it is about
	const struct value kept = host_decode(host, host_type(host, FILTER), response->new_state);
	assert_string_equal(host_string(host, &kept, "id"), "tmf-1");
	assert_non_null(response->new_identity);
	assert_int_equal(response->new_identity->identity_data->msgpack.len, identity->identity_data->msgpack.len);
}

static void a_want_of_memory_keeps_the_state(void **state)
{
	struct host *host = *state;
	host_configure(host);
	stand_in.outcome = STAND_IN_RUNS_OUT;
	const Tfplugin6__ReadResource__Response *response = read_filter(host, host_dynamic(host, FILTER, STATE), NULL);
	assert_error(response, "Out of memory");
	const struct value kept = host_decode(host, host_type(host, FILTER), response->new_state);
	assert_string_equal(host_string(host, &kept, "id"), "tmf-1");
}

static void before_configuration_there_is_an_error(void **state)
{
	struct host *host = *state;
	assert_error(read_filter(host, host_dynamic(host, FILTER, STATE), NULL), "not configured");
}

static void broken_bytes_are_an_error(void **state)
{
	struct host *host = *state;
	host_configure(host);
	Tfplugin6__DynamicValue broken;
	tfplugin6__dynamic_value__init(&broken);
	broken.msgpack = host_bytes("\x91\xc0");
	assert_error(read_filter(host, &broken, NULL), "current_state of ReadResource");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_state_is_read_in_its_region, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(the_age_is_told_by_private_data, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(what_is_gone_is_null, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_null_state_is_read_as_null, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_failure_keeps_the_state, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_want_of_memory_keeps_the_state, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(before_configuration_there_is_an_error, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(broken_bytes_are_an_error, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
