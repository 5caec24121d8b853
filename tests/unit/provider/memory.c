// SPDX-License-Identifier: MPL-2.0
// The n-th block of memory is refused, for every n: the answer is a success or says that memory ran out, and keeps what
// was. Names and rules are long, so that a call needs many blocks.
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

// Calls again and again, with one more block each time, until the call succeeds. Returns how often that took.
#define UNTIL_IT_SUCCEEDS(host, call, check_failure)                                                                   \
	for ((host)->blocks_to_grant = 0;; (host)->blocks_to_grant++) {                                                \
		assert_true((host)->blocks_to_grant < 1000);                                                           \
		response = (call);                                                                                     \
		if (response->n_diagnostics == 0)                                                                      \
			break;                                                                                         \
		assert_error(response, "Out of memory");                                                               \
		assert_int_equal(response->n_diagnostics, 1);                                                          \
		check_failure;                                                                                         \
	}                                                                                                              \
	assert_true((host)->blocks_to_grant > 1)

// A filter with a long description in each of ten rules.
static const char *large_config(struct host *host, const char *more)
{
	char *text = arena_take(&host->arena, 70 * 1024);
	size_t length = (size_t)snprintf(text, 1024, "{%s\"ingress_rules\":{", more);
	for (int number = 1; number <= 10; number++) {
		length +=
			(size_t)snprintf(text + length, 128, "%s\"%d\":{\"rule_action\":\"accept\",\"description\":\"",
					 number > 1 ? "," : "", number);
		memset(text + length, 'd', 250);
		length += 250;
		memcpy(text + length, "\"}", 2);
		length += 2;
	}
	memcpy(text + length, "},\"tags\":{\"long\":\"", 18);
	length += 18;
	memset(text + length, 't', 48 * 1024);
	length += (size_t)48 * 1024;
	memcpy(text + length, "\"}}", 4);
	return text;
}

static bool same(const ProtobufCBinaryData *a, const ProtobufCBinaryData *b)
{
	return a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

static void planning(void **state)
{
	struct host *host = *state;
	host_configure_with(host, "{\"region\":\"eu-central-1\",\"deviation_severity\":\"none\"}");
	char type_name[] = FILTER;
	Tfplugin6__PlanResourceChange__Request request;
	tfplugin6__plan_resource_change__request__init(&request);
	request.type_name = type_name;
	request.config = host_dynamic(host, FILTER, large_config(host, ""));
	request.prior_state = host_dynamic(host, FILTER, "{\"id\":\"tmf-1\",\"owner_id\":\"1\",\"region\":\"x\"}");
	request.prior_private = host_bytes("remember");
	const Tfplugin6__PlanResourceChange__Response *response;
	UNTIL_IT_SUCCEEDS(host, HOST_CALL(host, plan_resource_change, PlanResourceChange, &request), {
		assert_true(same(&response->planned_private, &request.prior_private));
		assert_true(same(&response->planned_state->msgpack, &request.prior_state->msgpack));
	});
	assert_true(response->n_requires_replace > 0);
}

static void reading(void **state)
{
	struct host *host = *state;
	host_configure(host);
	char type_name[] = FILTER;
	Tfplugin6__ReadResource__Request request;
	tfplugin6__read_resource__request__init(&request);
	request.type_name = type_name;
	request.current_state =
		host_dynamic(host, FILTER, large_config(host, "\"id\":\"tmf-1\",\"owner_id\":\"1\",\"region\":\"x\","));
	request.private_ = host_bytes("remember");
	const Tfplugin6__ReadResource__Response *response;
	UNTIL_IT_SUCCEEDS(host, HOST_CALL(host, read_resource, ReadResource, &request), {
		assert_true(same(&response->private_, &request.private_));
		assert_true(same(&response->new_state->msgpack, &request.current_state->msgpack));
	});
	assert_non_null(response->new_identity);
}

static void validating(void **state)
{
	struct host *host = *state;
	char type_name[] = FILTER;
	Tfplugin6__ValidateResourceConfig__Request request;
	tfplugin6__validate_resource_config__request__init(&request);
	request.type_name = type_name;
	request.config = host_dynamic(host, FILTER, "{\"id\":\"not yours\"}");
	const Tfplugin6__ValidateResourceConfig__Response *response;
	for (host->blocks_to_grant = 0;; host->blocks_to_grant++) {
		response = HOST_CALL(host, validate_resource_config, ValidateResourceConfig, &request);
		assert_int_equal(response->n_diagnostics, 1);
		if (strcmp(response->diagnostics[0]->summary, "Out of memory") != 0)
			break;
	}
	assert_true(host->blocks_to_grant > 0);
	assert_error(response, "id");
}

static void configuring(void **state)
{
	struct host *host = *state;
	const char *json = "{\"region\":\"eu-central-1\",\"default_tags\":[{\"tags\":{\"a\":\"b\"}}]}";
	const Tfplugin6__ConfigureProvider__Response *response;
	Tfplugin6__ConfigureProvider__Request request;
	tfplugin6__configure_provider__request__init(&request);
	UNTIL_IT_SUCCEEDS(host,
			  (request.config = host_dynamic(host, "vns", json),
			   HOST_CALL(host, configure_provider, ConfigureProvider, &request)),
			  assert_int_equal(stand_in.alive, 0));
	assert_int_equal(stand_in.alive, 1);
}

static void creating(void **state)
{
	struct host *host = *state;
	host_configure(host);
	struct value planned = host_value(host, FILTER, large_config(host, "\"region\":\"x\","));
	host_make_unknown(&planned, "id");
	host_make_unknown(&planned, "owner_id");
	char type_name[] = FILTER;
	Tfplugin6__ApplyResourceChange__Request request;
	tfplugin6__apply_resource_change__request__init(&request);
	request.type_name = type_name;
	request.planned_state = request.config = host_encode(host, &planned);
	const Tfplugin6__ApplyResourceChange__Response *response;
	UNTIL_IT_SUCCEEDS(host, HOST_CALL(host, apply_resource_change, ApplyResourceChange, &request),
			  assert_int_equal(stand_in.creates, 0));
	assert_int_equal(stand_in.creates, 1);
	assert_non_null(response->new_identity);
}

// After the effect no memory is needed for the state: the object is never lost.
static void after_the_effect(void **state)
{
	struct host *host = *state;
	host_configure(host);
	struct value planned = host_value(host, FILTER, large_config(host, "\"region\":\"x\","));
	host_make_unknown(&planned, "id");
	char type_name[] = FILTER;
	Tfplugin6__ApplyResourceChange__Request request;
	tfplugin6__apply_resource_change__request__init(&request);
	request.type_name = type_name;
	request.planned_state = request.config = host_encode(host, &planned);
	request.planned_private = host_bytes("remember");
	stand_in.outcome = STAND_IN_USES_UP;
	const Tfplugin6__ApplyResourceChange__Response *response =
		HOST_CALL(host, apply_resource_change, ApplyResourceChange, &request);
	assert_error(response, "Out of memory");
	const struct value made = host_decode(host, host_type(host, FILTER), response->new_state);
	assert_string_equal(host_string(host, &made, "id"), "made-by-ec2");
	assert_true(same(&response->private_, &request.planned_private));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(planning, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(reading, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(validating, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(configuring, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(creating, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(after_the_effect, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
