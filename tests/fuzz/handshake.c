// SPDX-License-Identifier: MPL-2.0
// The environment that a host gives, and the line that it is answered: lines of the input are variables, and the line
// is read by the tests' own strict reader (tests/protocol), which is itself given the input.
#include "plugin/handshake.h"

#include "fuzz.h"
#include "plugin/certificate.h"
#include "plugin/host_environment.h"
#include "protocol/greeting.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_VARIABLES = 16 };

static const char cookie[] = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

// The names that matter can be given by one byte.
static const char *const names[] = {
	"TF_PLUGIN_MAGIC_COOKIE=",
	"PLUGIN_PROTOCOL_VERSIONS=",
	"PLUGIN_CLIENT_CERT=",
	"PLUGIN_MULTIPLEX_GRPC=",
	"PLUGIN_UNIX_SOCKET_DIR=",
	"TMPDIR=",
	"VNS_ALLOW_CORE_DUMP=",
	"OPENSSL_CONF=",
	"",
};

// As getenv: the first of that name. NULL when it is empty.
static const char *find(char **variables, const char *name)
{
	for (; *variables; variables++) {
		if (strncmp(*variables, name, strlen(name)) == 0)
			return (*variables)[strlen(name)] ? *variables + strlen(name) : NULL;
	}
	return NULL;
}

static void check_environment(struct call *call, char **variables)
{
	struct host_environment read;
	host_environment_read(6, &read);
	const char *given = find(variables, "TF_PLUGIN_MAGIC_COOKIE=");
	fuzz_check(read.cookie == (given && strcmp(given, cookie) == 0), "the cookie is taken for another");
	fuzz_check(read.client_pem == find(variables, "PLUGIN_CLIENT_CERT="), "the certificate is another");
	fuzz_check(read.temp_dir && *read.temp_dir, "there is no directory");
	fuzz_check(!read.version_offered || strchr(find(variables, "PLUGIN_PROTOCOL_VERSIONS="), '6'),
		   "version 6 was not offered");
	size_t errors_before = call->diagnostics->errors;
	if (read.client_pem)
		fuzz_check(certificate_check_pem(call, read.client_pem) == (call->diagnostics->errors == errors_before),
			   "a certificate is refused without a word");
}

// What the provider prints for an address that it can have got is a line that hosts take.
static void check_line(struct arena *arena, struct choices *choices)
{
	static const struct handshake_address addresses[] = {
		{ TEXT("unix"), TEXT("@vns-plugin-0123456789abcdef") },
		{ TEXT("unix"), TEXT("/tmp/vns-plugin-0123456789abcdef") },
		{ TEXT("tcp"), TEXT("127.0.0.1:1") },
	};
	const struct handshake_address *address = &addresses[choices_below(choices, 3)];
	struct text certificate =
		choices_below(choices, 2) ? T("MIIBszCCAVmgAwIBAgIUDJ7kQ0+/V5y9z6sxT3JkC6o1a2owCgYIKoZI") : T("");
	bool multiplex = choices_below(choices, 2);
	struct text line = handshake_line(arena, 6, address, certificate, multiplex);
	struct greeting greeting;
	const char *problem = greeting_parse(line, &greeting);
	fuzz_check(!problem, "%s: %.*s", problem, TEXT_ARG(line));
	fuzz_check(text_equal(greeting.address, address->address) && text_equal(greeting.certificate, certificate) &&
			   greeting.field_count == (multiplex ? 7 : 6),
		   "the line says something else");
	char target[256];
	greeting_target(&greeting, target, sizeof target);
	(void)greeting_parse(choices_rest(choices), &greeting);
}

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	char *variables[MOST_VARIABLES + 1] = { NULL };
	unsigned count = choices_below(choices, MOST_VARIABLES);
	for (unsigned i = 0; i < count; i++) {
		const char *name = names[choices_below(choices, sizeof names / sizeof names[0])];
		struct text value = choices_one_in(choices, 8) ? T("") : choices_text(choices, 255);
		if (choices_one_in(choices, 8))
			value = text_of(cookie);
		struct text variable = text_print(call->arena, "%s%.*s", name, TEXT_ARG(value));
		variables[i] = text_to_c_string(call->arena, variable);
	}
	char **before = environ;
	environ = variables;
	check_environment(call, variables);
	environ = before;
	check_line(call->arena, choices);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
