// SPDX-License-Identifier: MPL-2.0
// The whole process, as a host starts it.
#include "fixture.h"
#include "process.h"
#include "protocol/identity.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COOKIE   PROCESS_COOKIE
#define VERSIONS "PLUGIN_PROTOCOL_VERSIONS=5,6"

static const char *const plain[] = { COOKIE, VERSIONS, NULL };

static void assert_field(const struct process *process, size_t index, const char *expected)
{
	assert_true(index < process->field_count);
	assert_int_equal(process->fields[index].length, strlen(expected));
	assert_memory_equal(process->fields[index].at, expected, strlen(expected));
}

// The address of the handshake line as gRPC has it.
static void open_client(const struct process *process, struct channel *client, const struct channel_tls *tls)
{
	char address[PATH_MAX];
	struct text field = process->fields[3];
	const char *kind = "";
	if (process->fields[2].at[0] == 'u')
		kind = field.at[0] == '@' ? "unix-abstract:" : "unix:";
	if (field.at[0] == '@')
		field = text_part(field, 1, field.length);
	(void)snprintf(address, sizeof address, "%s%.*s", kind, TEXT_ARG(field));
	channel_open(client, address, tls);
}

// Serves one call, then ends on Shutdown; the client sees both answered.
static void assert_serves_and_ends(struct process *process, const struct channel_tls *tls)
{
	struct channel client;
	open_client(process, &client, tls);
	assert_int_equal(fixture_ask(&client, "/toy.Toy/Packed", T("")), GRPC_STATUS_OK);
	assert_int_equal(fixture_ask(&client, "/plugin.GRPCController/Shutdown", T("")), GRPC_STATUS_OK);
	channel_close(&client);
	assert_int_equal(process_end(process), 0);
}

static void without_a_cookie_it_explains_itself(void **state)
{
	(void)state;
	static const char *const environments[][3] = { { NULL },
						       { VERSIONS, NULL },
						       { "TF_PLUGIN_MAGIC_COOKIE=d602", VERSIONS, NULL } };
	for (size_t i = 0; i < sizeof environments / sizeof environments[0]; i++) {
		struct process process;
		process_start(&process, NULL, environments[i]);
		char said[2048];
		process_read_all(process.error, said, sizeof said);
		assert_non_null(strstr(said, "is a plugin"));
		assert_non_null(strstr(said, "terraform init"));
		assert_false(process_read_line(&process));
		assert_int_equal(process_end(&process), 1);
	}
}

static void a_plain_host_gets_a_socket_file_for_its_user(void **state)
{
	(void)state;
	struct process process;
	process_start(&process, NULL, plain);
	assert_true(process_read_line(&process));
	assert_int_equal(process.field_count, 6);
	assert_field(&process, 0, "1");
	assert_field(&process, 1, "6");
	assert_field(&process, 2, "unix");
	assert_field(&process, 4, "grpc");
	assert_field(&process, 5, "");
	char path[PATH_MAX];
	(void)snprintf(path, sizeof path, "%.*s", TEXT_ARG(process.fields[3]));
	struct stat file;
	assert_int_equal(stat(path, &file), 0);
	assert_true(S_ISSOCK(file.st_mode));
	assert_int_equal(file.st_mode & (S_IRWXG | S_IRWXO), 0);
	assert_serves_and_ends(&process, NULL);
	assert_int_equal(stat(path, &file), -1);
}

static void a_host_that_multiplexes_sees_a_seventh_field(void **state)
{
	(void)state;
	static const char *const variables[] = { COOKIE, VERSIONS, "PLUGIN_MULTIPLEX_GRPC=true", NULL };
	struct process process;
	process_start(&process, NULL, variables);
	assert_true(process_read_line(&process));
	assert_int_equal(process.field_count, 7);
	assert_field(&process, 6, "false");
	assert_serves_and_ends(&process, NULL);
}

static void a_host_of_another_version_is_told_ours(void **state)
{
	(void)state;
	static const char *const variables[] = { COOKIE, "PLUGIN_PROTOCOL_VERSIONS=4,5", NULL };
	struct process process;
	process_start(&process, NULL, variables);
	assert_true(process_read_line(&process));
	assert_field(&process, 1, "6");
	assert_serves_and_ends(&process, NULL);
}

static void the_socket_goes_where_the_host_wants_it(void **state)
{
	(void)state;
	char directory[] = "/tmp/vns-test-XXXXXX";
	assert_non_null(mkdtemp(directory));
	char variable[64];
	(void)snprintf(variable, sizeof variable, "PLUGIN_UNIX_SOCKET_DIR=%s", directory);
	const char *const variables[] = { COOKIE, VERSIONS, variable, NULL };
	struct process process;
	process_start(&process, NULL, variables);
	assert_true(process_read_line(&process));
	assert_true(text_starts_with(process.fields[3], text_of(directory)));
	assert_serves_and_ends(&process, NULL);
	assert_int_equal(rmdir(directory), 0); // it is empty again
}

static void where_no_socket_can_be_there_is_loopback(void **state)
{
	(void)state;
	static const char *const directories[] = {
		"PLUGIN_UNIX_SOCKET_DIR=/nowhere/at/all",
		"TMPDIR=/tmp/a-name-that-is-too-long-for-a-socket-a-name-that-is-too-long-for-a-socket-a-name-that-is",
	};
	for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
		const char *const variables[] = { COOKIE, VERSIONS, directories[i], NULL };
		struct process process;
		process_start(&process, NULL, variables);
		assert_true(process_read_line(&process));
		assert_field(&process, 2, "tcp");
		assert_true(text_starts_with(process.fields[3], T("127.0.0.1:")));
		assert_serves_and_ends(&process, NULL);
	}
}

// The only port of the host's range is taken, and so nobody is promised anything.
static void where_nothing_can_be_there_is_an_error(void **state)
{
	(void)state;
	const int taken = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	assert_int_equal(bind(taken, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(taken, 1), 0);
	assert_int_equal(getsockname(taken, (struct sockaddr *)&address, &size), 0);
	char lowest[64];
	char highest[64];
	(void)snprintf(lowest, sizeof lowest, "PLUGIN_MIN_PORT=%d", ntohs(address.sin_port));
	(void)snprintf(highest, sizeof highest, "PLUGIN_MAX_PORT=%d", ntohs(address.sin_port));
	const char *const variables[] = { COOKIE, VERSIONS, "PLUGIN_UNIX_SOCKET_DIR=/nowhere", lowest, highest, NULL };
	struct process process;
	process_start(&process, NULL, variables);
	char said[4096];
	process_read_all(process.error, said, sizeof said);
	assert_non_null(strstr(said, "No address to listen on"));
	assert_false(process_read_line(&process));
	assert_int_equal(process_end(&process), 1);
	(void)close(taken);
}

// What was opened for a group that does not exist is not left behind.
static void no_socket_is_left_for_a_group_that_is_none(void **state)
{
	(void)state;
	static const char *const variables[] = { COOKIE, VERSIONS, "PLUGIN_UNIX_SOCKET_GROUP=no-such-group", NULL };
	static const char *const arguments[] = { NULL, "-debug" };
	for (size_t i = 0; i < 2; i++) {
		struct process process;
		process_start(&process, arguments[i], variables);
		char said[4096];
		process_read_all(process.error, said, sizeof said);
		assert_non_null(strstr(said, "The host wants the group \"no-such-group\" to use it"));
		assert_false(process_read_line(&process));
		assert_int_equal(scratch_count(process.scratch), 0);
		assert_int_equal(process_end(&process), 1);
	}
}

static void mutual_tls_goes_through_an_abstract_socket(void **state)
{
	(void)state;
	struct identity host;
	identity_make(&host, -30, 3600);
	char variable[4096];
	(void)snprintf(variable, sizeof variable, "PLUGIN_CLIENT_CERT=%s", host.certificate);
	const char *const variables[] = { COOKIE, VERSIONS, variable, NULL };
	struct process process;
	process_start(&process, NULL, variables);
	assert_true(process_read_line(&process));
	assert_field(&process, 2, "unix");
	assert_int_equal(process.fields[3].at[0], '@');
	char *server_pem = identity_of_plugin(process.fields[5]);
	assert_non_null(server_pem);
	struct channel stranger;
	open_client(&process, &stranger, NULL);
	assert_int_equal(fixture_ask(&stranger, "/plugin.GRPCController/Shutdown", T("")), GRPC_STATUS_UNAVAILABLE);
	channel_close(&stranger);
	const struct channel_tls tls = { server_pem, host.key, host.certificate };
	assert_serves_and_ends(&process, &tls);
	free(server_pem);
	identity_free(&host);
}

static void a_bad_host_certificate_is_said_clearly(void **state)
{
	(void)state;
	static const char *const variables[] = { COOKIE, VERSIONS, "PLUGIN_CLIENT_CERT=nonsense", NULL };
	struct process process;
	process_start(&process, NULL, variables);
	char said[2048];
	process_read_all(process.error, said, sizeof said);
	assert_non_null(strstr(said, "PLUGIN_CLIENT_CERT is not a certificate"));
	assert_false(process_read_line(&process));
	assert_int_equal(process_end(&process), 1);
}

// The process still runs, yet its end of the pipe is closed.
static void nothing_follows_the_line_on_standard_output(void **state)
{
	(void)state;
	struct process process;
	process_start(&process, NULL, plain);
	assert_true(process_read_line(&process));
	char rest[16];
	process_read_all(process.out, rest, sizeof rest);
	assert_string_equal(rest, "");
	assert_serves_and_ends(&process, NULL);
}

static void an_interrupt_is_the_hosts_business(void **state)
{
	(void)state;
	struct process process;
	process_start(&process, NULL, plain);
	assert_true(process_read_line(&process));
	assert_int_equal(kill(process.id, SIGINT), 0);
	assert_int_equal(kill(process.id, SIGPIPE), 0);
	(void)usleep(100 * 1000);
	assert_serves_and_ends(&process, NULL);
}

// Stopped calls are still answered.
static void termination_ends_cleanly(void **state)
{
	(void)state;
	struct process process;
	process_start(&process, NULL, plain);
	assert_true(process_read_line(&process));
	struct channel client;
	open_client(&process, &client, NULL);
	struct exchange call;
	channel_start(&client, &call, "/toy.Toy/Wait", T("\x18\x7F"), FIXTURE_CALL_MS);
	assert_int_equal(fixture_ask(&client, "/toy.Toy/Packed", T("")), GRPC_STATUS_OK);
	(void)usleep(100 * 1000);
	assert_int_equal(kill(process.id, SIGTERM), 0);
	(void)channel_next(&client, FIXTURE_CALL_MS);
	assert_int_equal(call.status, GRPC_STATUS_OK);
	assert_true(fixture_reply_is(&call, T("\x12\x07stopped")));
	exchange_free(&client, &call);
	channel_close(&client);
	char path[PATH_MAX];
	(void)snprintf(path, sizeof path, "%.*s", TEXT_ARG(process.fields[3]));
	assert_int_equal(process_end(&process), 0);
	struct stat file;
	assert_int_equal(stat(path, &file), -1);
}

static void a_closed_connection_ends_it(void **state)
{
	(void)state;
	struct process process;
	process_start(&process, NULL, plain);
	assert_true(process_read_line(&process));
	struct channel client;
	open_client(&process, &client, NULL);
	struct exchange stdio;
	channel_start(&client, &stdio, "/plugin.GRPCStdio/StreamStdio", T(""), FIXTURE_CALL_MS);
	assert_int_equal(fixture_ask(&client, "/toy.Toy/Packed", T("")), GRPC_STATUS_OK);
	(void)grpc_call_cancel(stdio.handle, NULL);
	(void)channel_next(&client, FIXTURE_CALL_MS);
	exchange_free(&client, &stdio);
	channel_close(&client);
	assert_int_equal(process_end(&process), 0);
}

// A host of its own process group dies at once; the orphan comes to us.
static void a_vanished_host_ends_it(void **state)
{
	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	char folder[SCRATCH_SIZE];
	scratch_make(folder);
	pid_t host = fork();
	if (host == 0) {
		struct process process;
		const char *const variables[] = { COOKIE, VERSIONS, folder, NULL };
		process_start(&process, NULL, variables);
		bool started = process_read_line(&process) && scratch_count(folder) == 1;
		(void)!write(ends[1], &process.id, sizeof process.id);
		_exit(started ? 0 : 1);
	}
	struct process orphan = { .out = ends[0], .error = ends[1] };
	assert_int_equal(read(ends[0], &orphan.id, sizeof orphan.id), sizeof orphan.id);
	int status = 0;
	assert_int_equal(waitpid(host, &status, 0), host);
	assert_int_equal(status, 0);
	assert_int_equal(process_end(&orphan), 0);
	assert_int_equal(scratch_count(folder), 0); // the socket is gone too
	scratch_remove(folder);
}

static void assert_crash(struct text request)
{
	struct process process;
	process_start(&process, NULL, plain);
	assert_true(process_read_line(&process));
	struct channel client;
	open_client(&process, &client, NULL);
	assert_int_equal(fixture_ask(&client, "/toy.Toy/Crash", request), GRPC_STATUS_UNAVAILABLE);
	channel_close(&client);
	char said[16 * 1024];
	process_read_all(process.error, said, sizeof said);
	assert_memory_equal(said, "panic: SIGSEGV", strlen("panic: SIGSEGV"));
	assert_non_null(strstr(said, "\n  +0x")); // a frame of the backtrace
	const char *build = strstr(said, "\nbuild ");
	assert_non_null(build);
	assert_true(strspn(build + strlen("\nbuild "), "0123456789abcdef") >= 32);
	assert_null(strstr(said, "s3cret"));
	assert_int_equal(process_end(&process), -SIGSEGV);
}

static void a_crash_leaves_a_trace_and_no_secret(void **state)
{
	(void)state;
	assert_crash(T("\x12\x06s3cret"));
}

static void a_used_up_stack_leaves_a_trace_too(void **state)
{
	(void)state;
	assert_crash(T("\x18\x01"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_cookie_it_explains_itself),
		cmocka_unit_test(a_plain_host_gets_a_socket_file_for_its_user),
		cmocka_unit_test(a_host_that_multiplexes_sees_a_seventh_field),
		cmocka_unit_test(a_host_of_another_version_is_told_ours),
		cmocka_unit_test(the_socket_goes_where_the_host_wants_it),
		cmocka_unit_test(where_no_socket_can_be_there_is_loopback),
		cmocka_unit_test(where_nothing_can_be_there_is_an_error),
		cmocka_unit_test(no_socket_is_left_for_a_group_that_is_none),
		cmocka_unit_test(mutual_tls_goes_through_an_abstract_socket),
		cmocka_unit_test(a_bad_host_certificate_is_said_clearly),
		cmocka_unit_test(nothing_follows_the_line_on_standard_output),
		cmocka_unit_test(an_interrupt_is_the_hosts_business),
		cmocka_unit_test(termination_ends_cleanly),
		cmocka_unit_test(a_closed_connection_ends_it),
		cmocka_unit_test(a_vanished_host_ends_it),
		cmocka_unit_test(a_crash_leaves_a_trace_and_no_secret),
		cmocka_unit_test(a_used_up_stack_leaves_a_trace_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
