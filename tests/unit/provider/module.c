// SPDX-License-Identifier: MPL-2.0
// What a module says of itself in provider_meta goes with everything that is asked for its resources.
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#define STATE "{\"id\":\"tmf-1\",\"region\":\"eu-west-1\",\"owner_id\":\"111111111111\",\"name\":\"n\"}"

typedef void call_fn(struct host *host, Tfplugin6__DynamicValue *meta);

static Tfplugin6__DynamicValue *filter(struct host *host)
{
	return host_dynamic(host, FILTER, STATE);
}

static void call_read(struct host *host, Tfplugin6__DynamicValue *meta)
{
	Tfplugin6__ReadResource__Request request;
	tfplugin6__read_resource__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(FILTER));
	request.current_state = filter(host);
	request.provider_meta = meta;
	(void)HOST_CALL(host, read_resource, ReadResource, &request);
}

static void call_plan(struct host *host, Tfplugin6__DynamicValue *meta)
{
	Tfplugin6__PlanResourceChange__Request request;
	tfplugin6__plan_resource_change__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(FILTER));
	request.config = host_dynamic(host, FILTER, "{}");
	request.proposed_new_state = request.config;
	request.provider_meta = meta;
	(void)HOST_CALL(host, plan_resource_change, PlanResourceChange, &request);
}

static void apply(struct host *host, Tfplugin6__DynamicValue *prior, Tfplugin6__DynamicValue *planned,
		  Tfplugin6__DynamicValue *meta)
{
	Tfplugin6__ApplyResourceChange__Request request;
	tfplugin6__apply_resource_change__request__init(&request);
	request.type_name = text_to_c_string(&host->arena, T(FILTER));
	request.prior_state = prior;
	request.planned_state = planned;
	request.config = planned;
	request.provider_meta = meta;
	(void)HOST_CALL(host, apply_resource_change, ApplyResourceChange, &request);
}

static void call_create(struct host *host, Tfplugin6__DynamicValue *meta)
{
	apply(host, NULL, filter(host), meta);
}

static void call_update(struct host *host, Tfplugin6__DynamicValue *meta)
{
	apply(host, filter(host), filter(host), meta);
}

static void call_delete(struct host *host, Tfplugin6__DynamicValue *meta)
{
	apply(host, filter(host), NULL, meta);
}

static call_fn *const calls[] = { call_read, call_plan, call_create, call_update, call_delete };
enum { CALLS = sizeof calls / sizeof calls[0] };

static void expect_products(struct host *host, const char *json, const char *products)
{
	for (size_t i = 0; i < CALLS; i++) {
		Tfplugin6__DynamicValue *meta = json ? host_dynamic(host, "provider_meta", json) : NULL;
		host_configure(host); // anew: a plan looks around once
		memcpy(stand_in.products, "?", sizeof "?");
		calls[i](host, meta);
		assert_int_equal(host->diagnostics.errors, 0);
		assert_string_equal(stand_in.products, products);
	}
}

static void products_go_with_every_operation(void **state)
{
	struct host *host = *state;
	expect_products(host, "{\"user_agent\":[\"module/1\",\"other/2 (comment)\"]}", "module/1 other/2 (comment)");
	expect_products(host, "{\"user_agent\":[\"module/1\",null]}", "module/1");
}

static void a_module_may_say_nothing(void **state)
{
	struct host *host = *state;
	expect_products(host, NULL, "");
	expect_products(host, "{}", "");
	expect_products(host, "{\"user_agent\":[]}", "");
}

static void what_is_no_block_is_an_error(void **state)
{
	struct host *host = *state;
	host_configure(host);
	for (size_t i = 0; i < CALLS; i++) {
		Tfplugin6__DynamicValue garbage = TFPLUGIN6__DYNAMIC_VALUE__INIT;
		garbage.msgpack = host_bytes("\xc1");
		calls[i](host, &garbage);
		assert_int_equal(host->diagnostics.errors, 1);
		assert_non_null(strstr(host->diagnostics.first->detail.at, "provider_meta of "));
	}
	assert_int_equal(stand_in.creates + stand_in.updates + stand_in.removes + stand_in.reads, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(products_go_with_every_operation, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(a_module_may_say_nothing, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(what_is_no_block_is_an_error, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
