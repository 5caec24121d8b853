// SPDX-License-Identifier: MPL-2.0
// How the process ends, and what it leaves behind.
#include "aws_stub.h"
#include "fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const int64_t orphan_ms = 5000;
static const int64_t patience_ms = 10000;

static void assert_ends(struct fixture *fixture, int status, int64_t timeout_ms)
{
	struct child_end end = child_wait(&fixture->host.child, timeout_ms);
	assert_true(end.ended);
	assert_int_equal(end.status, status);
}

static void assert_ends_by(struct fixture *fixture, int signal, int status, int64_t timeout_ms)
{
	assert_int_equal(kill(fixture->host.child.id, signal), 0);
	assert_ends(fixture, status, timeout_ms);
}

// How soon is measured by tests/bench: a host waits for it after every walk.
static void shutdown_ends_it(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_start(&fixture, false, NULL);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	struct child_end end = plugin_host_stop(&fixture.host);
	assert_true(end.ended);
	assert_int_equal(end.status, 0);
	fixture_free(&fixture);
}

static void a_connection_that_is_gone_ends_it(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_start(&fixture, false, NULL);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	plugin_host_disconnect(&fixture.host);
	struct child_end end = child_wait(&fixture.host.child, orphan_ms);
	assert_true(end.ended);
	assert_int_equal(end.status, 0);
	fixture_free(&fixture);
}

// Ctrl-C reaches the whole process group; what is to be done about it is the host's to say.
static void an_interrupt_changes_nothing(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_start(&fixture, false, NULL);
	static const int signals[] = { SIGINT, SIGINT, SIGPIPE };
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		assert_int_equal(kill(fixture.host.child.id, signals[i]), 0);
		assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetMetadata"), T("")), GRPC_STATUS_OK);
	}
	fixture_stop(&fixture);
}

static void termination_ends_it(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_start(&fixture, true, NULL);
	assert_ends_by(&fixture, SIGTERM, 0, orphan_ms);
	const char *path = fixture.host.target + strlen("unix:");
	assert_int_equal(access(path, F_OK), -1); // the socket is gone too
	fixture_free(&fixture);
}

// A call that waits for AWS is stopped and still answered.
static void termination_lets_calls_end(void **state)
{
	(void)state;
	static struct aws_stub stub;
	struct fixture fixture;
	aws_stub_start(&stub);
	fixture_start(&fixture, false, NULL);
	fixture_read_schema(&fixture);
	fixture_configure(&fixture, stub.endpoint);
	struct exchange read;
	channel_start(&fixture.host.channel, &read, PROVIDER_RPC("ReadResource"), fixture_read_request(&fixture),
		      patience_ms);
	while (atomic_load(&stub.hanging) == 0)
		(void)usleep(5000);
	assert_ends_by(&fixture, SIGTERM, 0, patience_ms);
	assert_true(channel_wait(&fixture.host.channel, &read, patience_ms));
	assert_int_equal(read.status, GRPC_STATUS_OK);
	exchange_free(&fixture.host.channel, &read);
	fixture_free(&fixture);
	aws_stub_stop(&stub);
}

// The orphan comes to this process, which is made its reaper.
static void assert_orphan_ends(const char *tls, const char *connection)
{
	char folder[SCRATCH_SIZE];
	scratch_make(folder);
	const char *const arguments[] = { PROVIDER, tls, connection, folder, NULL };
	struct child host;
	struct text line;
	int64_t id;
	assert_true(child_start(&host, VANISHING_HOST, arguments, NULL));
	assert_true(child_read_line(&host, PLUGIN_HOST_START_MS, &line));
	assert_true(text_to_int64(text_trim(line), &id));
	struct child orphan = { .id = (pid_t)id, .out = -1, .errors = -1 };
	child_free(&host); // with SIGKILL
	struct child_end end = child_wait(&orphan, orphan_ms);
	child_free(&orphan);
	assert_true(end.ended);
	assert_int_equal(end.status, 0);
	assert_int_equal(scratch_count(folder), 0); // the socket is gone too
	scratch_remove(folder);
}

static void a_host_that_vanishes_leaves_no_orphan(void **state)
{
	(void)state;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	assert_orphan_ends("mtls", "idle");
	assert_orphan_ends("mtls", "connected");
	assert_orphan_ends("plain", "idle");
	assert_orphan_ends("plain", "connected");
	assert_orphan_ends("plain", "early");
	assert_orphan_ends("mtls", "early");
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0), 0);
}

// By what addr2line makes of the frames "  +0x1234", with the program's own symbols.
static void assert_way_is_told(const char *report)
{
	enum { MOST_FRAMES = 64, ADDRESS_SIZE = 24, OPTIONS = 5 };
	static char addresses[MOST_FRAMES][ADDRESS_SIZE];
	const char *arguments[OPTIONS + MOST_FRAMES + 1] = { "addr2line", "-f", "-i", "-e", PROVIDER };
	size_t count = 0;
	const char *frame = strstr(report, "\n  +0x");
	for (; frame && count < MOST_FRAMES; frame = strstr(frame + 1, "\n  +0x")) {
		const char *address = frame + strlen("\n  +");
		(void)snprintf(addresses[count], ADDRESS_SIZE, "%.*s", (int)strcspn(address, "\n"), address);
		arguments[OPTIONS + count] = addresses[count];
		count++;
	}
	struct child reader;
	struct text line;
	bool through_host = false, through_main = false;
	assert_true(child_start(&reader, "/usr/bin/env", arguments, NULL));
	while (child_read_line(&reader, PLUGIN_HOST_START_MS, &line)) {
		through_host = through_host || text_equal(line, T("host_main\n"));
		through_main = through_main || text_find(line, T("/main.c:")) != SIZE_MAX;
	}
	assert_int_equal(child_wait(&reader, PLUGIN_HOST_START_MS).status, 0);
	child_free(&reader);
	if (!through_host || !through_main)
		fail_msg("it does not lead from main to where it waited: %s", report);
}

static void assert_names_build(const char *report)
{
	static const char before[] = "\nbuild ";
	const char *build = strstr(report, before);
	assert_non_null(build);
	assert_int_equal(strspn(build + sizeof before - 1, "0123456789abcdef"), 40);
}

// Terraform shows what follows such a line even when nothing is logged.
static void a_crash_is_reported_as_hosts_expect(void **state)
{
	(void)state;
	static const struct {
		int signal;
		const char *says;
	} crashes[] = {
		{ SIGSEGV, "panic: SIGSEGV" }, { SIGBUS, "panic: SIGBUS" },   { SIGILL, "panic: SIGILL" },
		{ SIGFPE, "panic: SIGFPE" },   { SIGABRT, "panic: SIGABRT" },
	};
	for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
		struct fixture fixture;
		fixture_start(&fixture, true, NULL);
		// To the first thread, whose way to where it waits is known.
		assert_int_equal(tgkill(fixture.host.child.id, fixture.host.child.id, crashes[i].signal), 0);
		assert_ends(&fixture, -crashes[i].signal, orphan_ms);
		assert_int_equal(access(fixture.host.target + strlen("unix:"), F_OK), -1); // the socket is gone too
		char *errors = child_errors(&fixture.host.child);
		if (strncmp(errors, crashes[i].says, strlen(crashes[i].says)) != 0)
			fail_msg("it does not start with \"%s\": %s", crashes[i].says, errors);
		assert_non_null(strstr(errors, "terraform-provider-vns"));
		assert_names_build(errors);
		assert_way_is_told(errors);
		free(errors);
		fixture_free(&fixture);
	}
}

// The host's pipe is closed on this side while the process goes on.
static void nothing_follows_the_greeting(void **state)
{
	(void)state;
	struct fixture fixture;
	size_t said = 0;
	fixture_start(&fixture, false, NULL);
	assert_true(child_drain(&fixture.host.child, PLUGIN_HOST_PATIENCE_MS, &said));
	assert_int_equal(said, 0);
	assert_int_equal(fixture_status(&fixture, PROVIDER_RPC("GetProviderSchema"), T("")), GRPC_STATUS_OK);
	fixture_stop(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shutdown_ends_it),
		cmocka_unit_test(a_connection_that_is_gone_ends_it),
		cmocka_unit_test(an_interrupt_changes_nothing),
		cmocka_unit_test(termination_ends_it),
		cmocka_unit_test(termination_lets_calls_end),
		cmocka_unit_test(a_host_that_vanishes_leaves_no_orphan),
		cmocka_unit_test(a_crash_is_reported_as_hosts_expect),
		cmocka_unit_test(nothing_follows_the_greeting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
