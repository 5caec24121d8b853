// SPDX-License-Identifier: MPL-2.0
// Who gets in: the holder of the one-time certificate that started this process, and nobody else.
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static const int64_t refused_ms = 5000;
static const long hour = 3600;

static grpc_status_code ask_as(const struct fixture *fixture, const struct channel_tls *tls)
{
	struct channel channel;
	channel_open(&channel, fixture->host.target, tls);
	struct answer answer;
	channel_call(&channel, PROVIDER_RPC("GetMetadata"), T(""), refused_ms, &answer);
	grpc_status_code status = answer.status;
	answer_free(&answer);
	channel_close(&channel);
	return status;
}

// A certificate that is the host's in everything but the key.
static void assert_stranger_is_refused(struct fixture *fixture, long from_seconds, long until_seconds)
{
	struct identity stranger;
	identity_make(&stranger, from_seconds, until_seconds);
	const struct channel_tls tls = { fixture->host.plugin_certificate, stranger.key, stranger.certificate };
	assert_int_equal(ask_as(fixture, &tls), GRPC_STATUS_UNAVAILABLE);
	identity_free(&stranger);
}

static void only_the_host_gets_in(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_start(&fixture, false, NULL);
	struct channel_tls tls;
	assert_int_equal(ask_as(&fixture, plugin_host_tls(&fixture.host, &tls)), GRPC_STATUS_OK);
	assert_stranger_is_refused(&fixture, -hour, hour);
	assert_stranger_is_refused(&fixture, -2 * hour, -hour);
	const struct channel_tls none = { fixture.host.plugin_certificate, NULL, NULL };
	assert_int_equal(ask_as(&fixture, &none), GRPC_STATUS_UNAVAILABLE);
	assert_int_equal(ask_as(&fixture, NULL), GRPC_STATUS_UNAVAILABLE);
	// The host's own certificate with another key.
	struct identity other;
	identity_make(&other, -hour, hour);
	const struct channel_tls mixed = { fixture.host.plugin_certificate, other.key,
					   fixture.host.identity.certificate };
	assert_int_not_equal(ask_as(&fixture, &mixed), GRPC_STATUS_OK);
	identity_free(&other);
	// None of that disturbs the host.
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	fixture_stop(&fixture);
}

// The certificate that started the process is itself the trusted one: even then its dates count.
static void a_host_whose_certificate_has_expired_is_refused(void **state)
{
	(void)state;
	struct identity expired;
	identity_make(&expired, -2 * hour, -hour);
	struct text name = T("PLUGIN_CLIENT_CERT=");
	struct arena arena;
	arena_init(&arena, 0);
	struct text variable = text_print(&arena, "%.*s%s", TEXT_ARG(name), expired.certificate);
	const char *const variables[] = { text_to_c_string(&arena, variable), NULL };
	struct plugin_host host;
	const struct plugin_launch launch = { .binary = PROVIDER, .variables = variables };
	assert_null(plugin_host_start(&host, &launch));
	const struct fixture fixture = { .host = host };
	const struct channel_tls tls = { host.plugin_certificate, expired.key, expired.certificate };
	assert_int_equal(ask_as(&fixture, &tls), GRPC_STATUS_UNAVAILABLE);
	plugin_host_free(&host);
	identity_free(&expired);
	arena_free(&arena);
}

// Two launches share no key: what one of them shows does not open the other.
static void every_launch_has_a_certificate_of_its_own(void **state)
{
	(void)state;
	struct fixture one, other;
	fixture_start(&one, false, NULL);
	fixture_start(&other, false, NULL);
	assert_string_not_equal(one.host.plugin_certificate, other.host.plugin_certificate);
	assert_string_not_equal(one.host.target, other.host.target);
	struct channel_tls tls;
	plugin_host_tls(&one.host, &tls);
	assert_int_equal(ask_as(&other, &tls), GRPC_STATUS_UNAVAILABLE);
	fixture_stop(&one);
	fixture_stop(&other);
}

static void without_certificates_it_is_plain(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_start(&fixture, true, NULL);
	assert_int_equal(ask_as(&fixture, NULL), GRPC_STATUS_OK);
	struct identity host;
	identity_make(&host, -hour, hour);
	const struct channel_tls tls = { host.certificate, host.key, host.certificate };
	assert_int_equal(ask_as(&fixture, &tls), GRPC_STATUS_UNAVAILABLE);
	identity_free(&host);
	fixture_stop(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_host_gets_in),
		cmocka_unit_test(a_host_whose_certificate_has_expired_is_refused),
		cmocka_unit_test(every_launch_has_a_certificate_of_its_own),
		cmocka_unit_test(without_certificates_it_is_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
