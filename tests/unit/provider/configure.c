// SPDX-License-Identifier: MPL-2.0
#include "host.h"
#include "stand_in.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

static const Tfplugin6__ConfigureProvider__Response *configure(struct host *host, const struct value *config,
							       char *terraform_version)
{
	Tfplugin6__ConfigureProvider__Request request;
	tfplugin6__configure_provider__request__init(&request);
	request.terraform_version = terraform_version;
	request.config = host_encode(host, config);
	return HOST_CALL(host, configure_provider, ConfigureProvider, &request);
}

static void settings_reach_aws(void **state)
{
	struct host *host = *state;
	host_configure_with(host, "{\"region\":\"eu-west-1\",\"access_key\":\"AKID\",\"secret_key\":\"s3cret\","
				  "\"max_retries\":3,\"endpoints\":[{\"ec2\":\"http://127.0.0.1:1\"}]}");
	assert_string_equal(stand_in.settings_region, "eu-west-1");
	assert_true(stand_in.has_sources);
	assert_string_equal(stand_in.secret_key, "s3cret");
	assert_string_equal(stand_in.endpoint, "http://127.0.0.1:1");
	assert_string_equal(stand_in.unknown, "");
	assert_int_equal(stand_in.max_attempts, 3);
}

static void the_user_agent_tells_the_versions(void **state)
{
	struct host *host = *state;
	host_configure(host);
	assert_ptr_equal(strstr(stand_in.user_agent, "Terraform/1.11.4 terraform-provider-vns/1.2.3"),
			 stand_in.user_agent);
	char odd[] = "1.0\r\nX-Evil: 1";
	const struct value config = host_value(host, "vns", "{}");
	assert_no_diagnostics(configure(host, &config, odd));
	assert_null(strpbrk(stand_in.user_agent, "\r\n:"));
}

static void unknown_values_are_accepted_and_named(void **state)
{
	struct host *host = *state;
	char version[] = "1.11.4";
	struct value config = host_value(host, "vns", "{}");
	host_make_unknown(&config, "region");
	assert_no_diagnostics(configure(host, &config, version));
	assert_string_equal(stand_in.unknown, "region");

	config = host_value(host, "vns", "{\"endpoints\":[{}]}");
	host_make_unknown(&value_field(&config, T("endpoints"))->items[0], "sts");
	assert_no_diagnostics(configure(host, &config, version));
	assert_string_equal(stand_in.unknown, "endpoints.sts");

	config = host_value(host, "vns", "{}");
	host_make_unknown(&config, "endpoints");
	assert_no_diagnostics(configure(host, &config, version));
	assert_string_equal(stand_in.unknown, "endpoints");
}

static void unknown_tags_are_no_hindrance_to_aws(void **state)
{
	struct host *host = *state;
	char version[] = "1.11.4";
	struct value config = host_value(host, "vns", "{\"default_tags\":[{}]}");
	host_make_unknown(&value_field(&config, T("default_tags"))->items[0], "tags");
	host_make_unknown(&config, "deviation_severity");
	assert_no_diagnostics(configure(host, &config, version));
	assert_string_equal(stand_in.unknown, "");
}

static void wrong_settings_are_an_error_and_configure_nothing(void **state)
{
	struct host *host = *state;
	char version[] = "1.11.4";
	const struct value config = host_value(host, "vns", "{}");
	stand_in.refuses_settings = true;
	assert_error(configure(host, &config, version), "aws_new says no");
	assert_int_equal(stand_in.alive, 0);
}

static void a_second_configuration_takes_the_place_of_the_first(void **state)
{
	struct host *host = *state;
	host_configure(host);
	host_configure_with(host, "{\"region\":\"eu-west-1\"}");
	assert_int_equal(stand_in.alive, 1);
}

static void the_secret_does_not_stay_in_the_request(void **state)
{
	struct host *host = *state;
	char version[] = "1.11.4";
	Tfplugin6__ConfigureProvider__Request request;
	tfplugin6__configure_provider__request__init(&request);
	request.terraform_version = version;
	request.config = host_dynamic(host, "vns", "{\"access_key\":\"AKID\",\"secret_key\":\"s3cret\"}");
	assert_no_diagnostics(HOST_CALL(host, configure_provider, ConfigureProvider, &request));
	assert_null(memmem(request.config->msgpack.data, request.config->msgpack.len, "s3cret", 6));
}

static void broken_bytes_are_an_error(void **state)
{
	struct host *host = *state;
	Tfplugin6__DynamicValue broken;
	tfplugin6__dynamic_value__init(&broken);
	broken.msgpack = host_bytes("\x93");
	Tfplugin6__ConfigureProvider__Request request;
	tfplugin6__configure_provider__request__init(&request);
	request.config = &broken;
	assert_error(HOST_CALL(host, configure_provider, ConfigureProvider, &request), "config of ConfigureProvider");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(settings_reach_aws, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(the_user_agent_tells_the_versions, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(unknown_values_are_accepted_and_named, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(unknown_tags_are_no_hindrance_to_aws, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(wrong_settings_are_an_error_and_configure_nothing, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(a_second_configuration_takes_the_place_of_the_first, host_setup,
						host_teardown),
		cmocka_unit_test_setup_teardown(the_secret_does_not_stay_in_the_request, host_setup, host_teardown),
		cmocka_unit_test_setup_teardown(broken_bytes_are_an_error, host_setup, host_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
