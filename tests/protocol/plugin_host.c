// SPDX-License-Identifier: MPL-2.0
#include "plugin_host.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_CHANGES = 16, CERTIFICATE_SIZE = 4096 };

static const long before_seconds = -30;
static const long after_seconds = 30L * 365 * 24 * 3600;

static const char *start_child(struct plugin_host *host, const struct plugin_launch *launch)
{
	char certificate[CERTIFICATE_SIZE];
	const char *variables[MOST_CHANGES + 6] = {
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6,5",
		"PLUGIN_MIN_PORT=10000",
		"PLUGIN_MAX_PORT=25000",
	};
	size_t count = 4;
	if (!launch->plain) {
		identity_make(&host->identity, before_seconds, after_seconds);
		(void)snprintf(certificate, sizeof certificate, "PLUGIN_CLIENT_CERT=%s", host->identity.certificate);
		variables[count++] = certificate;
	}
	for (size_t i = 0; launch->variables && launch->variables[i] && i < MOST_CHANGES; i++)
		variables[count++] = launch->variables[i];
	return child_start(&host->child, launch->binary, NULL, variables) ? NULL : "the program cannot be started";
}

const char *plugin_host_start(struct plugin_host *host, const struct plugin_launch *launch)
{
	*host = (struct plugin_host){ .child = { .id = -1, .out = -1, .errors = -1 } };
	const char *problem = start_child(host, launch);
	if (problem)
		return problem;
	if (!child_read_line(&host->child, PLUGIN_HOST_START_MS, &host->line))
		return "the program printed no line";
	host->greeted_us = child_now_us() - host->child.started_us;
	problem = greeting_parse(host->line, &host->greeting);
	if (problem)
		return problem;
	greeting_target(&host->greeting, host->target, sizeof host->target);
	if (launch->plain != (host->greeting.certificate.length == 0))
		return launch->plain ? "a certificate is shown although there is to be no TLS"
				     : "no certificate is shown although there is to be TLS";
	if (launch->plain)
		return NULL;
	host->plugin_certificate = identity_of_plugin(host->greeting.certificate);
	return host->plugin_certificate ? NULL : "what is shown as a certificate is none";
}

const struct channel_tls *plugin_host_tls(const struct plugin_host *host, struct channel_tls *ret_tls)
{
	*ret_tls = (struct channel_tls){ host->plugin_certificate, host->identity.key, host->identity.certificate };
	return host->plugin_certificate ? ret_tls : NULL;
}

void plugin_host_connect(struct plugin_host *host)
{
	struct channel_tls tls;
	channel_open(&host->channel, host->target, plugin_host_tls(host, &tls));
	channel_start_stream(&host->channel, &host->broker, PLUGIN_HOST_BROKER);
	channel_start(&host->channel, &host->stdio, PLUGIN_HOST_STDIO, T(""), (int64_t)3600 * 1000);
	host->connected = true;
}

void plugin_host_call(struct plugin_host *host, const char *path, struct text request, int64_t timeout_ms,
		      struct answer *ret_answer)
{
	channel_call(&host->channel, path, request, timeout_ms, ret_answer);
}

void plugin_host_disconnect(struct plugin_host *host)
{
	if (!host->connected)
		return;
	exchange_free(&host->channel, &host->stdio);
	exchange_free(&host->channel, &host->broker);
	channel_close(&host->channel);
	host->connected = false;
}

struct child_end plugin_host_stop(struct plugin_host *host)
{
	int64_t start_us = child_now_us();
	struct answer answer;
	plugin_host_call(host, PLUGIN_HOST_SHUTDOWN, T(""), PLUGIN_HOST_PATIENCE_MS, &answer);
	answer_free(&answer); // whatever it is: a plugin may end before it is sent
	plugin_host_disconnect(host);
	struct child_end end = child_wait(&host->child, PLUGIN_HOST_PATIENCE_MS);
	end.took_us = child_now_us() - start_us;
	return end;
}

void plugin_host_free(struct plugin_host *host)
{
	plugin_host_disconnect(host);
	child_free(&host->child);
	identity_free(&host->identity);
	free(host->plugin_certificate);
	host->plugin_certificate = NULL;
}
