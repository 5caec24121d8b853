// SPDX-License-Identifier: MPL-2.0
// The process as a person starts it, with an option: debug mode, and questions.
#include "fixture.h"
#include "process.h"
#include "protocol/identity.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const nothing[] = { NULL };

static void debugging_prints_what_to_export(void **state)
{
	(void)state;
	struct identity host;
	identity_make(&host, -30, 3600);
	char client[4096];
	(void)snprintf(client, sizeof client, "PLUGIN_CLIENT_CERT=%s", host.certificate);
	identity_free(&host);
	// Hosts connect in plain text, wherever the process was started.
	const char *const environments[][2] = { { NULL }, { client, NULL } };
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
		struct process process;
		process_start(&process, "-debug", environments[i % 2]);
		char said[4096];
		process_read_all(process.out, said, sizeof said);
		char expected[256];
		(void)snprintf(
			expected, sizeof expected,
			"\texport "
			"TF_REATTACH_PROVIDERS='{\"vns-sensor/toy\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":6,"
			"\"Pid\":%d,\"Test\":true,\"Addr\":{\"Network\":\"unix\",\"String\":\"/",
			(int)process.id);
		assert_non_null(strstr(said, expected));
		assert_int_equal(scratch_count(process.scratch), 1);
		assert_int_equal(kill(process.id, signals[i]), 0);
		assert_int_equal(process_wait(&process), 0);
		assert_int_equal(scratch_count(process.scratch), 0); // the socket is gone too
		process_close(&process);
	}
}

// At the address that was printed, which stands in quotes.
static void open_client(const char *said, struct channel *client)
{
	static const char before[] = "\"Network\":\"unix\",\"String\":\"";
	char address[4096];
	const char *start = strstr(said, before);
	assert_non_null(start);
	start += sizeof before - 1;
	(void)snprintf(address, sizeof address, "unix:%.*s", (int)strcspn(start, "\""), start);
	channel_open(client, address, NULL);
}

static void whoever_connects_while_debugging_is_served(void **state)
{
	(void)state;
	struct process process;
	process_start(&process, "-debug", nothing);
	char said[4096];
	process_read_all(process.out, said, sizeof said);
	for (int run = 0; run < 2; run++) {
		struct channel client;
		open_client(said, &client);
		assert_int_equal(fixture_ask(&client, "/toy.Toy/Packed", T("")), GRPC_STATUS_OK);
		channel_close(&client);
	}
	assert_int_equal(kill(process.id, SIGTERM), 0);
	assert_int_equal(process_end(&process), 0);
}

static void a_person_is_answered(void **state)
{
	(void)state;
	static const struct {
		const char *argument;
		const char *says;
		int status;
	} wishes[] = {
		{ "-version", "toy-plugin 1.2.3\nTerraform plugin protocol 6.11\ngRPC core ", 0 },
		{ "--version", "OpenSSL 3.", 0 },
		{ "-version", "protobuf-c 1.", 0 },
		{ "-help", "-debug", 0 },
		{ "-help", "TF_LOG_PROVIDER_VNS sets it for this provider alone", 0 },
		{ "-nonsense", "", 1 },
		{ "nonsense", "", 1 },
	};
	for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
		struct process process;
		process_start(&process, wishes[i].argument, nothing);
		char said[4096];
		process_read_all(process.out, said, sizeof said);
		assert_non_null(strstr(said, wishes[i].says));
		assert_int_equal(process_end(&process), wishes[i].status);
	}
}

// Root may look into every process, so all such rights are given up first, here and for the process that is looked
// into.
static void give_up_rights(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[2] = { { .effective = 0 } };
	for (unsigned long right = 0; prctl(PR_CAPBSET_READ, right, 0, 0, 0) >= 0; right++)
		(void)prctl(PR_CAPBSET_DROP, right, 0, 0, 0);
	if (syscall(SYS_capset, &head, none) != 0)
		_exit(2);
}

// Starts it and asks the kernel what it asks for a debugger too.
static _Noreturn void look_into(const char *argument, const char *const *variables)
{
	give_up_rights();
	struct process process;
	process_start(&process, argument, variables);
	char path[64];
	bool started = process_read_line(&process);
	(void)snprintf(path, sizeof path, "/proc/%d/environ", (int)process.id);
	int environment = open(path, O_RDONLY | O_CLOEXEC);
	char byte;
	bool readable = environment >= 0 && read(environment, &byte, 1) == 1;
	(void)kill(process.id, SIGTERM);
	bool ended = process_end(&process) == 0;
	_exit(!started || !ended ? 2 : readable);
}

static int is_open_to_debuggers(const char *argument, const char *const *variables)
{
	pid_t looker = fork();
	if (looker == 0)
		look_into(argument, variables);
	int status = 0;
	assert_int_equal(waitpid(looker, &status, 0), looker);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_debugger_can_attach_when_debugging(void **state)
{
	(void)state;
	struct rlimit limit; // whoever may not raise it from nothing has no other way to forbid core files
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(is_open_to_debuggers("-debug", nothing), limit.rlim_max > 0);
	static const char *const host[] = { PROCESS_COOKIE, NULL };
	assert_int_equal(is_open_to_debuggers(NULL, host), 0);
}

// SIGQUIT leaves a core file where nobody forbids it.
static void assert_core(const char *const *variables, bool allowed)
{
	struct process process;
	process_start(&process, "-debug", variables);
	assert_true(process_read_line(&process));
	struct rlimit limit;
	assert_int_equal(prlimit(process.id, RLIMIT_CORE, NULL, &limit), 0);
	assert_int_equal(limit.rlim_cur != 1, allowed);
	assert_int_equal(kill(process.id, allowed ? SIGTERM : SIGQUIT), 0);
	int status = 0;
	assert_int_equal(waitpid(process.id, &status, 0), process.id);
	assert_false(WIFSIGNALED(status) && WCOREDUMP(status));
	process_close(&process);
}

// Whatever the limit was before. 4096 is too little for a core file too, should it come to one.
static void debugging_leaves_no_core_file_unasked(void **state)
{
	(void)state;
	static const char *const asked[] = { "VNS_ALLOW_CORE_DUMP=1", NULL };
	struct rlimit before;
	assert_int_equal(getrlimit(RLIMIT_CORE, &before), 0);
	const struct rlimit some = { .rlim_cur = 4096, .rlim_max = before.rlim_max };
	if (setrlimit(RLIMIT_CORE, &some) != 0)
		skip(); // core files are forbidden here for good
	assert_core(nothing, false);
	assert_core(asked, true);
	assert_int_equal(setrlimit(RLIMIT_CORE, &before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(debugging_prints_what_to_export),
		cmocka_unit_test(whoever_connects_while_debugging_is_served),
		cmocka_unit_test(a_debugger_can_attach_when_debugging),
		cmocka_unit_test(debugging_leaves_no_core_file_unasked),
		cmocka_unit_test(a_person_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
