// SPDX-License-Identifier: MPL-2.0
// vanishing_host BINARY plain|mtls idle|connected TMPDIR=FOLDER: a host that starts the provider, prints its process id
// and then waits to be killed in the middle of everything.
#include "plugin_host.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
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
	printf("%d\n", (int)host.child.id);
	(void)fflush(stdout);
	for (;;)
		(void)pause();
}
