// SPDX-License-Identifier: MPL-2.0
// vanishing_host BINARY plain|mtls idle|connected|early TMPDIR=FOLDER: a host that starts the provider, prints its
// process id and then waits to be killed in the middle of everything. "early": it is killed before the provider has
// begun.
#include "plugin_host.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void say(pid_t id)
{
	printf("%d\n", (int)id);
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}

// A process that becomes the provider when its parent is gone, and with it whoever could read what it prints.
static _Noreturn void start_early(const char *binary, bool plain, const char *folder)
{
	static const char cookie[] = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
	static struct identity identity;
	identity_make(&identity, -30, 3600);
	int ends[2];
	const pid_t host = getpid();
	if (pipe2(ends, O_CLOEXEC) != 0)
		_exit(1);
	const pid_t id = fork();
	if (id != 0)
		say(id);
	(void)close(ends[0]);
	(void)dup2(ends[1], STDOUT_FILENO);
	while (getppid() == host)
		(void)usleep(1000);
	(void)setenv("TF_PLUGIN_MAGIC_COOKIE", cookie, 1);
	(void)setenv("TMPDIR", folder + strlen("TMPDIR="), 1);
	if (!plain)
		(void)setenv("PLUGIN_CLIENT_CERT", identity.certificate, 1);
	(void)execl(binary, binary, (char *)NULL);
	_exit(127);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	if (strcmp(argv[3], "early") == 0)
		start_early(argv[1], strcmp(argv[2], "plain") == 0, argv[4]);
	struct plugin_host host;
	const char *const variables[] = { argv[4], NULL };
	const struct plugin_launch launch = {
		.binary = argv[1],
		.plain = strcmp(argv[2], "plain") == 0,
		.variables = variables,
	};
	const char *problem = plugin_host_start(&host, &launch);
	if (problem) {
		(void)fprintf(stderr, "%s\n", problem);
		return 1;
	}
	if (strcmp(argv[3], "connected") == 0) {
		plugin_host_connect(&host);
		struct answer answer;
		plugin_host_call(&host, "/tfplugin6.Provider/GetMetadata", T(""), PLUGIN_HOST_START_MS, &answer);
		answer_free(&answer);
	}
	say(host.child.id);
}
