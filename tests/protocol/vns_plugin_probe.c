// SPDX-License-Identifier: MPL-2.0
// vns-plugin-probe [--plain] [--repeat N] [--rpc NAME] BINARY...
//
// Starts go-plugin providers as a host does and prints what that costs, one JSON object per launch and line. Several
// binaries are started in turn, so that what the machine does meanwhile falls on all of them alike.
#include "plugin_host.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t answer_ms = 30000;

struct probe {
	bool plain;
	long repeat;
	const char *rpc;
};

struct memory {
	long rss_kb;
	long pss_kb;
	long anonymous_kb; // no file's, and shared with nobody
};

// -1 where the system does not say.
static struct memory read_memory(pid_t id)
{
	struct memory memory = { -1, -1, -1 };
	char line[256];
	(void)snprintf(line, sizeof line, "/proc/%d/smaps_rollup", (int)id);
	FILE *file = fopen(line, "r");
	while (file && fgets(line, sizeof line, file)) {
		(void)sscanf(line, "Rss: %ld kB", &memory.rss_kb);
		(void)sscanf(line, "Pss: %ld kB", &memory.pss_kb);
		(void)sscanf(line, "Anonymous: %ld kB", &memory.anonymous_kb);
	}
	if (file)
		(void)fclose(file);
	return memory;
}

// Protocol 5 has the same RPC by another name.
static void name_path(const struct greeting *greeting, const char *rpc, char *ret_path, size_t size)
{
	if (greeting->protocol == 5 && strcmp(rpc, "GetProviderSchema") == 0)
		rpc = "GetSchema";
	(void)snprintf(ret_path, size, "/tfplugin%" PRId64 ".Provider/%s", greeting->protocol, rpc);
}

static double ms_of_timeval(struct timeval time)
{
	return (double)time.tv_sec * 1000 + (double)time.tv_usec / 1000;
}

static double ms_of_us(int64_t us)
{
	return (double)us / 1000;
}

static void print_json_string(const char *string)
{
	(void)putchar('"');
	for (; *string; string++) {
		if (*string == '"' || *string == '\\')
			(void)putchar('\\');
		(void)putchar(*string);
	}
	(void)putchar('"');
}

// What the launch is measured by; false when the plugin did not do its part.
static bool measure(struct plugin_host *host, const struct probe *probe)
{
	struct memory rest = read_memory(host->child.id);
	int64_t before_us = child_now_us();
	plugin_host_connect(host);
	char path[256];
	name_path(&host->greeting, probe->rpc, path, sizeof path);
	struct answer answer;
	plugin_host_call(host, path, T(""), answer_ms, &answer);
	int64_t answered_us = child_now_us() - before_us;
	struct memory worked = read_memory(host->child.id);
	struct child_end end = plugin_host_stop(host);
	printf("\"protocol\":%" PRId64 ",\"mtls\":%s,\"handshake_ms\":%.3f,\"first_answer_ms\":%.3f,",
	       host->greeting.protocol, probe->plain ? "false" : "true", ms_of_us(host->greeted_us),
	       ms_of_us(answered_us));
	printf("\"grpc_status\":%d,\"answer_bytes\":%zu,\"rss_kb\":%ld,\"pss_kb\":%ld,\"anonymous_kb\":%ld,",
	       (int)answer.status, answer.bytes.length, rest.rss_kb, rest.pss_kb, rest.anonymous_kb);
	printf("\"rss_after_answer_kb\":%ld,\"pss_after_answer_kb\":%ld,", worked.rss_kb, worked.pss_kb);
	printf("\"cpu_user_ms\":%.3f,\"cpu_system_ms\":%.3f,\"exit_ms\":%.3f,\"exit_status\":%d}\n",
	       ms_of_timeval(end.used.ru_utime), ms_of_timeval(end.used.ru_stime), ms_of_us(end.took_us), end.status);
	bool good = answer.status == GRPC_STATUS_OK && end.ended && end.status == 0;
	answer_free(&answer);
	return good;
}

static bool probe_once(const struct probe *probe, const char *binary, long run)
{
	struct plugin_host host;
	const struct plugin_launch launch = { .binary = binary, .plain = probe->plain };
	const char *problem = plugin_host_start(&host, &launch);
	printf("{\"binary\":");
	print_json_string(binary);
	printf(",\"run\":%ld,", run);
	bool good = false;
	if (problem) {
		printf("\"error\":");
		print_json_string(problem);
		printf("}\n");
	} else {
		good = measure(&host, probe);
	}
	(void)fflush(stdout);
	plugin_host_free(&host);
	return good;
}

static int explain(void)
{
	(void)fputs("usage: vns-plugin-probe [--plain] [--repeat N] [--rpc NAME] BINARY...\n", stderr);
	return 2;
}

// The number of the first binary, or 0 when the arguments are wrong.
static int parse(int argc, char **argv, struct probe *probe)
{
	int i = 1;
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		int64_t count;
		if (strcmp(argv[i], "--plain") == 0) {
			probe->plain = true;
		} else if (strcmp(argv[i], "--rpc") == 0 && i + 1 < argc) {
			probe->rpc = argv[++i];
		} else if (strcmp(argv[i], "--repeat") == 0 && i + 1 < argc &&
			   text_to_int64(text_of(argv[i + 1]), &count) && count > 0) {
			probe->repeat = (long)count;
			i++;
		} else {
			return 0;
		}
	}
	return i < argc ? i : 0;
}

int main(int argc, char **argv)
{
	struct probe probe = { .repeat = 1, .rpc = "GetProviderSchema" };
	int first = parse(argc, argv, &probe);
	if (first == 0)
		return explain();
	bool good = true;
	grpc_init(); // once, and not as a part of what is measured
	for (long run = 1; run <= probe.repeat; run++) {
		for (int i = first; i < argc; i++)
			good = probe_once(&probe, argv[i], run) && good;
	}
	grpc_shutdown();
	return good ? 0 : 1;
}
