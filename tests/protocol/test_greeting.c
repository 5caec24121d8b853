// SPDX-License-Identifier: MPL-2.0
// What the provider makes of the environment that a host, or a person, gives it.
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

// Starts and ends it; the greeting must be in order. `ret_network` may be NULL.
static void assert_serves(bool plain, const char *const *variables, size_t field_count, const char *network)
{
	struct fixture fixture;
	fixture_start(&fixture, plain, variables);
	assert_int_equal(fixture.host.greeting.protocol, 6);
	assert_int_equal(fixture.host.greeting.field_count, field_count);
	assert_true(text_equal(fixture.host.greeting.network, text_of(network)));
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	fixture_stop(&fixture);
}

// It says what is wrong on standard error, nothing on standard output, and ends with status 1.
static void assert_refuses(const char *const *variables, const char *says)
{
	struct plugin_host host;
	const struct plugin_launch launch = { .binary = PROVIDER, .plain = true, .variables = variables };
	assert_non_null(plugin_host_start(&host, &launch));
	assert_int_equal(host.line.length, 0);
	struct child_end end = child_wait(&host.child, PLUGIN_HOST_PATIENCE_MS);
	assert_true(end.ended);
	assert_int_equal(end.status, 1);
	char *errors = child_errors(&host.child);
	if (!strstr(errors, says))
		fail_msg("\"%s\" is not in: %s", says, errors);
	free(errors);
	plugin_host_free(&host);
}

static void a_host_as_terraform_is_served(void **state)
{
	(void)state;
	assert_serves(false, NULL, 6, "unix");
	assert_serves(true, NULL, 6, "unix");
}

static void without_the_cookie_it_explains_itself(void **state)
{
	(void)state;
	static const char *const variants[][2] = {
		{ "TF_PLUGIN_MAGIC_COOKIE", NULL },
		{ "TF_PLUGIN_MAGIC_COOKIE=", NULL },
		{ "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b", NULL },
		{ "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2 ", NULL },
		{ "TF_PLUGIN_MAGIC_COOKIE=D602BF8F470BC67CA7FAA0386276BBDD4330EFAF76D1A219CB4D6991CA9872B2", NULL },
	};
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
		assert_refuses(variants[i], "is a plugin");
}

// The host then reports the mismatch in its own words (facts: protocol, 1.1).
static void whatever_versions_are_offered_it_answers_six(void **state)
{
	(void)state;
	static const char *const variants[][2] = {
		{ "PLUGIN_PROTOCOL_VERSIONS=5", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS=5,6", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS=", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS=,,,", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS=six", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS=7,8,9", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS=-6,06,+6", NULL },
		{ "PLUGIN_PROTOCOL_VERSIONS=99999999999999999999999", NULL },
	};
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
		assert_serves(true, variants[i], 6, "unix");
}

static void odd_environments_do_not_matter(void **state)
{
	(void)state;
	static char huge[100000] = "PLUGIN_NONSENSE=";
	memset(huge + strlen(huge), 'x', sizeof huge - strlen(huge) - 1);
	const char *const variants[][4] = {
		{ "PATH", "HOME", "LANG", NULL },
		{ "PLUGIN_MIN_PORT=25000", "PLUGIN_MAX_PORT=10000", NULL },
		{ "PLUGIN_MIN_PORT=none", "PLUGIN_MAX_PORT=-1", NULL },
		{ "LC_ALL=xx_XX.UTF-16", "TZ=:/dev/zero", "TERM=", NULL },
		{ "GRPC_VERBOSITY=debug", "GRPC_TRACE=all", NULL },
		{ "GRPC_DNS_RESOLVER=ares", "http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9", NULL },
		{ "SSL_CERT_FILE=/nowhere", "OPENSSL_CONF=/nowhere", NULL },
		{ "AWS_PROFILE=nobody", "AWS_CONFIG_FILE=/dev/null", "AWS_REGION=", NULL },
		{ huge, NULL },
	};
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
		assert_serves(false, variants[i], 6, "unix");
}

static void a_host_that_asks_for_multiplexing_sees_the_flag(void **state)
{
	(void)state;
	static const char *const variables[] = { "PLUGIN_MULTIPLEX_GRPC=true", NULL };
	assert_serves(false, variables, 7, "unix");
}

static void where_no_socket_fits_there_is_a_port(void **state)
{
	(void)state;
	char overlong[256] = "TMPDIR=/tmp/";
	memset(overlong + strlen(overlong), 'd', 120);
	const char *const variants[][2] = {
		{ overlong, NULL },
		{ "TMPDIR=/nowhere/at/all", NULL },
		{ "PLUGIN_UNIX_SOCKET_DIR=/nowhere/at/all", NULL },
		{ "PLUGIN_UNIX_SOCKET_DIR=/dev/null", NULL },
	};
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
		assert_serves(true, variants[i], 6, "tcp");
	// With certificates the socket has no file, so TMPDIR is not looked at.
	assert_serves(false, variants[0], 6, "unix");
	assert_serves(false, variants[2], 6, "tcp");
}

// A path is a path, and no URI that would have to be decoded.
static void a_folder_may_have_any_name(void **state)
{
	(void)state;
	char scratch[SCRATCH_SIZE];
	scratch_make(scratch);
	static const char *const names[] = { "t%41x", "100%", "a b#c?d" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char variable[64], path[128];
		(void)snprintf(variable, sizeof variable, "%s/%s", scratch, names[i]);
		const char *folder = variable + strlen("TMPDIR=");
		assert_int_equal(mkdir(folder, S_IRWXU), 0);
		const char *const variables[] = { variable, NULL };
		struct fixture fixture;
		fixture_start(&fixture, true, variables);
		(void)snprintf(path, sizeof path, "%.*s", TEXT_ARG(fixture.host.greeting.address));
		assert_int_equal(strncmp(path, folder, strlen(folder)), 0);
		assert_int_equal(access(path, F_OK), 0);
		assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
		fixture_stop(&fixture);
		assert_int_equal(rmdir(folder), 0); // it is empty again
	}
	scratch_remove(scratch);
}

// The port of the loopback interface that the provider serves at with this environment.
static int port_with(const char *lowest, const char *highest)
{
	const char *const variables[] = { "TMPDIR=/nowhere/at/all", lowest, highest, NULL };
	struct fixture fixture;
	fixture_start(&fixture, true, variables);
	assert_true(text_equal(fixture.host.greeting.network, T("tcp")));
	int64_t port = 0;
	const struct text address = fixture.host.greeting.address;
	const size_t colon = text_find_char(address, ':');
	assert_true(text_to_int64(text_part(address, colon + 1, address.length), &port));
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	fixture_stop(&fixture);
	return (int)port;
}

// A socket that has a port of the loopback interface to itself.
static int take_port(int *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*ret_port = ntohs(address.sin_port);
	return fd;
}

static void a_port_is_one_that_the_host_allows(void **state)
{
	(void)state;
	char lowest[64], highest[64];
	int taken;
	int fd = take_port(&taken);
	(void)snprintf(lowest, sizeof lowest, "PLUGIN_MIN_PORT=%d", taken);
	(void)snprintf(highest, sizeof highest, "PLUGIN_MAX_PORT=%d", taken);
	const char *const variables[] = { "TMPDIR=/nowhere/at/all", lowest, highest, NULL };
	assert_refuses(variables, "PLUGIN_MIN_PORT");
	(void)snprintf(highest, sizeof highest, "PLUGIN_MAX_PORT=%d", taken < 65000 ? taken + 200 : 65535);
	const int port = port_with(lowest, highest);
	assert_true(port > taken && port <= (taken < 65000 ? taken + 200 : 65535));
	(void)close(fd);
	// What is no range binds nobody.
	assert_true(port_with("PLUGIN_MIN_PORT=none", "PLUGIN_MAX_PORT=10") > 1023);
	assert_true(port_with("PLUGIN_MIN_PORT=9", "PLUGIN_MAX_PORT=8") > 1023);
}

static void a_socket_file_is_for_its_user_and_goes_away(void **state)
{
	(void)state;
	char directory[] = "/tmp/vns-protocol-XXXXXX";
	assert_non_null(mkdtemp(directory));
	char variable[64];
	(void)snprintf(variable, sizeof variable, "PLUGIN_UNIX_SOCKET_DIR=%s", directory);
	const char *const variables[] = { variable, NULL };
	struct fixture fixture;
	fixture_start(&fixture, false, variables);
	const char *path = fixture.host.target + strlen("unix:");
	struct stat file;
	assert_int_equal(stat(path, &file), 0);
	assert_true(S_ISSOCK(file.st_mode));
	assert_int_equal(file.st_mode & (S_IRWXG | S_IRWXO), 0);
	fixture_stop(&fixture);
	assert_int_equal(rmdir(directory), 0); // it is empty again
}

// What a report about a fault should name.
static void the_versions_of_all_libraries_are_printed(void **state)
{
	(void)state;
	static const char *const names[] = { "gRPC core ", "OpenSSL ",   "protobuf-c ", "libcurl ",
					     "Expat ",     "msgpack-c ", "Jansson " };
	static const char *const arguments[] = { "-version", NULL };
	struct child child;
	assert_true(child_start(&child, PROVIDER, arguments, NULL));
	bool printed[sizeof names / sizeof names[0]] = { false };
	struct text line;
	while (child_read_line(&child, PLUGIN_HOST_START_MS, &line)) {
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
			printed[i] = printed[i] || text_starts_with(line, text_of(names[i]));
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (!printed[i])
			fail_msg("no version of %s", names[i]);
	}
	assert_int_equal(child_wait(&child, PLUGIN_HOST_PATIENCE_MS).status, 0);
	child_free(&child);
}

// As a host does that runs plugins under another user.
static void a_socket_file_is_for_the_group_that_the_host_names(void **state)
{
	(void)state;
	// cppcheck-suppress getgrgidCalled ; nobody else asks for groups
	const struct group *own = getgrgid(getgid());
	assert_non_null(own);
	char by_name[128], by_number[128];
	(void)snprintf(by_name, sizeof by_name, "PLUGIN_UNIX_SOCKET_GROUP=%s", own->gr_name);
	(void)snprintf(by_number, sizeof by_number, "PLUGIN_UNIX_SOCKET_GROUP=%u", (unsigned)own->gr_gid);
	const char *const variants[][2] = { { by_name, NULL }, { by_number, NULL } };
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
		struct fixture fixture;
		struct stat file;
		fixture_start(&fixture, true, variants[i]);
		assert_int_equal(stat(fixture.host.target + strlen("unix:"), &file), 0);
		assert_int_equal(file.st_mode & 0777, 0660);
		assert_int_equal(file.st_gid, own->gr_gid);
		fixture_stop(&fixture);
	}
	static const char *const nobody[] = { "PLUGIN_UNIX_SOCKET_GROUP=no-such-group", NULL };
	assert_refuses(nobody, "PLUGIN_UNIX_SOCKET_GROUP");
	assert_serves(false, nobody, 6, "unix"); // an abstract socket is nobody's
}

static void a_bad_host_certificate_is_said_clearly(void **state)
{
	(void)state;
	static const char *const variants[][2] = {
		{ "PLUGIN_CLIENT_CERT=nonsense", NULL },
		{ "PLUGIN_CLIENT_CERT=-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", NULL },
		{ "PLUGIN_CLIENT_CERT=-----BEGIN CERTIFICATE-----\n", NULL },
	};
	for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
		assert_refuses(variants[i], "PLUGIN_CLIENT_CERT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_as_terraform_is_served),
		cmocka_unit_test(without_the_cookie_it_explains_itself),
		cmocka_unit_test(whatever_versions_are_offered_it_answers_six),
		cmocka_unit_test(odd_environments_do_not_matter),
		cmocka_unit_test(a_host_that_asks_for_multiplexing_sees_the_flag),
		cmocka_unit_test(where_no_socket_fits_there_is_a_port),
		cmocka_unit_test(a_folder_may_have_any_name),
		cmocka_unit_test(a_port_is_one_that_the_host_allows),
		cmocka_unit_test(a_socket_file_is_for_its_user_and_goes_away),
		cmocka_unit_test(the_versions_of_all_libraries_are_printed),
		cmocka_unit_test(a_socket_file_is_for_the_group_that_the_host_names),
		cmocka_unit_test(a_bad_host_certificate_is_said_clearly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
