// SPDX-License-Identifier: MPL-2.0
// Stands where a host expects the provider, runs the real one and notes what it cost: one JSON line in a file.
// Environment: VNS_BENCH_PROVIDER (the binary), VNS_BENCH_NOTES (the file). What this program itself costs is not
// noted.
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double ms_of(struct timeval time)
{
	return (double)time.tv_sec * 1000 + (double)time.tv_usec / 1000;
}

int main(int argument_count, char **arguments)
{
	const char *provider = getenv("VNS_BENCH_PROVIDER");
	const char *notes = getenv("VNS_BENCH_NOTES");
	(void)argument_count;
	if (!provider || !notes) {
		fputs("vns-bench-launch: VNS_BENCH_PROVIDER and VNS_BENCH_NOTES say what to run and where to note\n",
		      stderr);
		return 2;
	}
	pid_t child = fork();
	if (child < 0)
		return 1;
	if (child == 0) {
		(void)execv(provider, arguments);
		_exit(127);
	}
	int status = 0;
	struct rusage usage;
	if (wait4(child, &status, 0, &usage) != child)
		return 1;
	FILE *file = fopen(notes, "a");
	if (!file)
		return 1;
	fprintf(file, "{\"user_ms\":%.3f,\"system_ms\":%.3f,\"max_rss_kb\":%ld}\n", ms_of(usage.ru_utime),
		ms_of(usage.ru_stime), usage.ru_maxrss);
	return fclose(file) == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
