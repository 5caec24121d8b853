// SPDX-License-Identifier: MPL-2.0
// credential_process: real children.
#include "home.h"

#include "aws/child.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct script_step nobody = { .problem = HTTP_REFUSED };

static void write_process(struct home *home, const char *command)
{
	home_write(home, ".aws/config",
		   text_to_c_string(&home->fixture.arena,
				    text_print(&home->fixture.arena, "[default]\ncredential_process = %s\n", command)));
}

static void test_well(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, &nobody, 1);
	write_process(&home, "echo '{\"Version\":1,\"AccessKeyId\":\"AKIAPROC\",\"SecretAccessKey\":\"hush\","
			     "\"SessionToken\":\"hush-t\",\"Expiration\":\"2026-09-22T12:00:00+02:00\"}'");
	home_expect(&home, "credential process", "AKIAPROC");
	assert_int_equal(credentials_expires_at_us(home.found), (int64_t)1790071200 * 1000000);
	home_close(&home);
}

static void test_errors(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "echo hush; exit 3", "ended with the exit status 3" },
		{ "echo hush >&2; kill -9 $$", "was killed by the signal 9" },
		{ "echo hush", "other than one JSON object" },
		{ "true", "other than one JSON object" },
		{ "/nonexistent/hushed", "ended with the exit status 127" },
		{ "echo '{\"Version\":2,\"AccessKeyId\":\"hush\"}'", "\"Version\" is not 1" },
		{ "echo '{\"Version\":1}'", "without \"AccessKeyId\"" },
		{ "echo '{\"Version\":1,\"AccessKeyId\":\"A\"}'", "without \"SecretAccessKey\"" },
		{ "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"hush\",\"Expiration\":\"x\"}'",
		  "not a date" },
		{ "echo '{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"hush\",\"Expiration\":"
		  "\"2020-01-01T00:00:00Z\"}'",
		  "expired already" },
		{ "yes hush", "printed far more than credentials" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct home home;
		home_open(&home, &nobody, 1);
		write_process(&home, cases[i][0]);
		home_expect_error(&home, cases[i][1]);
		assert_int_equal(home.script.exchanges, 0);
		home_close(&home);
	}
}

static enum child_end run(const char *command, int64_t timeout_ms, const struct cancel *cancel, char ret_output[256])
{
	struct buffer output;
	char copy[256];
	int status = 0;
	buffer_init(&output, 255);
	(void)snprintf(copy, sizeof copy, "%s", command);
	const enum child_end end = child_run(copy, environ, timeout_ms, cancel, &output, &status);
	(void)snprintf(ret_output, 256, "%.*s", TEXT_ARG(buffer_text(&output)));
	buffer_free(&output);
	return end;
}

// A program that finds the handshake of a plugin host in its environment may take itself for the plugin.
static void test_handshake_is_not_passed_on(void **state)
{
	(void)state;
	struct home home;
	assert_int_equal(setenv("TF_PLUGIN_MAGIC_COOKIE", "x", 1), 0);
	assert_int_equal(setenv("PLUGIN_CLIENT_CERT", "x", 1), 0);
	assert_int_equal(setenv("PLUGINS", "kept", 1), 0);
	home_open(&home, &nobody, 1);
	write_process(&home, "test -z \"$TF_PLUGIN_MAGIC_COOKIE$PLUGIN_CLIENT_CERT\" && test \"$PLUGINS\" = kept && "
			     "test -n \"$PATH\" && echo '{\"Version\":1,\"AccessKeyId\":\"AKIAPROC\","
			     "\"SecretAccessKey\":\"hush\"}'");
	home_expect(&home, "credential process", "AKIAPROC");
	home_close(&home);
	assert_int_equal(unsetenv("TF_PLUGIN_MAGIC_COOKIE"), 0);
	assert_int_equal(unsetenv("PLUGIN_CLIENT_CERT"), 0);
	assert_int_equal(unsetenv("PLUGINS"), 0);
}

// No descriptor of ours is open in it, not even one without O_CLOEXEC; it reads nothing; it leads a group.
static void test_isolated(void **state)
{
	(void)state;
	char output[256];
	const int leak = open("/dev/null", O_RDONLY); // NOLINT: on purpose without O_CLOEXEC
	assert_true(leak > 2);
	assert_int_equal(run("ls /proc/self/fd | tr '\\n' ' '", 5000, NULL, output), CHILD_EXITED);
	assert_string_equal(output, "0 1 2 3 "); // 3 is ls's own
	(void)close(leak);
	assert_int_equal(run("readlink /proc/self/fd/0; readlink /proc/self/fd/2; cat", 5000, NULL, output),
			 CHILD_EXITED);
	assert_string_equal(output, "/dev/null\n/dev/null\n");
	assert_int_equal(run("test \"$(ps -o pgid= -p $$ | tr -d ' ')\" = $$ && echo own", 5000, NULL, output),
			 CHILD_EXITED);
	assert_string_equal(output, "own\n");
}

static void test_time_is_over(void **state)
{
	(void)state;
	char output[256];
	assert_int_equal(run("sleep 60 & sleep 60", 100, NULL, output), CHILD_TIMED_OUT);
	assert_int_equal(run("exec >&-; sleep 60", 100, NULL, output), CHILD_TIMED_OUT); // the pipe is closed already
	assert_int_equal(run("echo x", 5000, NULL, output), CHILD_EXITED);
}

// It takes away our files: poll() of more than one fails from then on, and would go on failing until the time is over.
// Ours are those of a process of its own, since not everybody gives them back (valgrind keeps a limit in mind only).
static void test_output_cannot_be_awaited(void **state)
{
	(void)state;
	const pid_t own = fork();
	if (own == 0) {
		char output[256];
		_exit((int)run("prlimit --pid $PPID --nofile=1: && echo x && sleep 60", 60000, NULL, output));
	}
	int status;
	assert_int_equal(waitpid(own, &status, 0), own);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), CHILD_UNREADABLE);
}

static void *fire_soon(void *source)
{
	(void)usleep(50 * 1000);
	cancel_source_fire(source);
	return NULL;
}

static void test_cancelled(void **state)
{
	(void)state;
	char output[256];
	struct cancel_source *source = cancel_source_new();
	struct cancel *cancel = cancel_acquire(source);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, fire_soon, source), 0);
	const int64_t start_ms = clock_monotonic_ms(&clock_system);
	assert_int_equal(run("sleep 60", 60000, cancel, output), CHILD_CANCELLED);
	assert_true(clock_monotonic_ms(&clock_system) - start_ms < 30000);
	assert_int_equal(pthread_join(thread, NULL), 0);
	cancel_release(cancel);
	cancel_source_free(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handshake_is_not_passed_on),
		cmocka_unit_test(test_well),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_isolated),
		cmocka_unit_test(test_time_is_over),
		cmocka_unit_test(test_output_cannot_be_awaited),
		cmocka_unit_test(test_cancelled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
