// SPDX-License-Identifier: MPL-2.0
#include "plugin/cli.h"

#include "plugin/handshake.h"
#include "plugin/host.h"

#include <grpc/grpc.h>
#include <openssl/crypto.h>
#include <protobuf-c/protobuf-c.h>

#include <stdio.h>
#include <unistd.h>

enum cli_wish cli_parse(int argc, char **argv)
{
	static const struct {
		struct text word;
		enum cli_wish wish;
	} words[] = {
		{ TEXT("debug"), CLI_DEBUG }, { TEXT("version"), CLI_VERSION }, { TEXT("v"), CLI_VERSION },
		{ TEXT("help"), CLI_HELP },   { TEXT("h"), CLI_HELP },
	};
	if (argc < 2)
		return CLI_SERVE;
	struct text given = text_of(argv[1]);
	if (argc > 2 || !text_starts_with(given, T("-")))
		return CLI_WRONG;
	given = text_part(given, text_starts_with(given, T("--")) ? 2 : 1, given.length);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (text_equal(given, words[i].word))
			return words[i].wish;
	}
	return CLI_WRONG;
}

void cli_print_version(const struct host *host)
{
	(void)printf("%s %s\n", host->name, host->version);
	(void)printf("Terraform plugin protocol %s\n", host->protocol);
	(void)printf("gRPC core %s\n", grpc_version_string());
	(void)printf("%s\n", OpenSSL_version(OPENSSL_VERSION));
	(void)printf("protobuf-c %s\n", protobuf_c_version());
	for (size_t i = 0; i < host->library_count; i++)
		(void)printf("%s %s\n", host->libraries[i].name, host->libraries[i].version());
}

void cli_print_help(const struct host *host)
{
	(void)printf(
		"%s %s\n\n"
		"A provider plugin. Terraform and OpenTofu start it themselves, for configurations with\n\n"
		"    source = \"%s\"\n\n"
		"in required_providers. You can start it by hand with one of these options:\n\n"
		"    -debug     serve until interrupted, for a debugger or several Terraform runs; prints\n"
		"               the line to paste where you run Terraform (TF_REATTACH_PROVIDERS)\n"
		"    -version   print the versions of the provider, its protocol and its libraries\n"
		"    -help      print this help\n\n"
		"Environment variables: TF_LOG_PROVIDER or TF_LOG set the log level: trace, debug, info, warn or\n"
		"error. TF_LOG_PROVIDER_VNS sets it for this provider alone; Terraform shows no more than the other\n"
		"two let through. VNS_ALLOW_CORE_DUMP=1 allows core files, which contain secrets.\n",
		host->name, host->version, host->source);
}

void cli_explain(const struct host *host)
{
	(void)fprintf(stderr,
		      "%s %s is a plugin: Terraform and OpenTofu start it themselves, and it does nothing on its own.\n"
		      "To use it, add \"%s\" to required_providers and run `terraform init`.\n"
		      "Start it with -help to see its options.\n",
		      host->name, host->version, host->source);
}

// Without a registry's name in it, each program takes the source for one of its own registry.
struct text cli_reattach(struct arena *arena, const struct host *host, const struct handshake_address *address)
{
	return text_print(
		arena,
		"%s serves until it is interrupted. To use it, paste this where you run Terraform:\n\n"
		"\texport TF_REATTACH_PROVIDERS='{\"%s\":{\"Protocol\":\"grpc\",\"ProtocolVersion\":%d,\"Pid\":%d,"
		"\"Test\":true,\"Addr\":{\"Network\":\"%.*s\",\"String\":\"%.*s\"}}}'\n\n",
		host->name, host->source, host->protocol_version, (int)getpid(), TEXT_ARG(address->network),
		TEXT_ARG(address->address));
}
