// SPDX-License-Identifier: MPL-2.0
#include "describer.h"

#include "base/clock.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000 };

static void add_session(struct describer *ec2, struct buffer *body, int number)
{
	buffer_print(
		body,
		"<item><trafficMirrorSessionId>tms-%05d</trafficMirrorSessionId><description>%d</description></item>",
		number, ec2->version);
}

static void refuse(struct http_response *response, const char *code, const char *message)
{
	response->status = 400;
	buffer_print(&response->body,
		     "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors></Response>", code,
		     message);
}

static void list(struct describer *ec2, struct text form, struct http_response *response)
{
	ec2->pages++;
	if (ec2->list_refusal) {
		refuse(response, ec2->list_refusal, "no");
		return;
	}
	int first = 0;
	const size_t token = text_find(form, T("NextToken=p"));
	if (token != SIZE_MAX && sscanf(form.at + token, "NextToken=p%d", &first) != 1)
		abort();
	buffer_print(&response->body, "<DescribeTrafficMirrorSessionsResponse><trafficMirrorSessionSet>");
	for (int i = first; i < ec2->sessions && i < first + PAGE; i++)
		add_session(ec2, &response->body, i);
	buffer_print(&response->body, "</trafficMirrorSessionSet>");
	if (first + PAGE < ec2->sessions)
		buffer_print(&response->body, "<nextToken>p%d</nextToken>", first + PAGE);
	else if (ec2->is_endless)
		buffer_print(&response->body, "<nextToken>p%d</nextToken>", first + PAGE);
	else if (ec2->circle > 0)
		buffer_print(&response->body, "<nextToken>p%d</nextToken>", first - PAGE * (ec2->circle - 1));
	buffer_print(&response->body, "</DescribeTrafficMirrorSessionsResponse>");
}

// The ids of the form; those that do not exist are named in `missing`.
static void describe(struct describer *ec2, struct text form, struct http_response *response)
{
	char missing[1024] = "";
	int count = 0;
	struct buffer body;
	buffer_init(&body, LIMIT_RESPONSE_BYTES);
	for (struct text rest = form, part; text_take_until(&rest, '&', &part);) {
		int number = -1;
		const size_t at = text_find(part, T("=tms-"));
		if (!text_starts_with(part, T("TrafficMirrorSessionId.")) || at == SIZE_MAX)
			continue;
		count++;
		if (sscanf(part.at + at, "=tms-%5d", &number) != 1)
			abort();
		if (number < ec2->sessions)
			add_session(ec2, &body, number);
		else
			(void)snprintf(missing + strlen(missing), sizeof missing - strlen(missing), "tms-%05d, ",
				       number);
	}
	ec2->by_id++;
	ec2->largest = count > ec2->largest ? count : ec2->largest;
	if (ec2->empty > 0 || ec2->strange > 0) {
		body.length = 0;
		if (ec2->empty == 0)
			add_session(ec2, &body, 77777);
		*(ec2->empty > 0 ? &ec2->empty : &ec2->strange) -= 1;
		missing[0] = '\0';
	}
	if (ec2->id_refusal)
		refuse(response, ec2->id_refusal, "no");
	else if (missing[0])
		refuse(response, "InvalidTrafficMirrorSessionId.NotFound", ec2->blames_nobody ? "some" : missing);
	else
		buffer_print(&response->body,
			     "<DescribeTrafficMirrorSessionsResponse><trafficMirrorSessionSet>%.*s</"
			     "trafficMirrorSessionSet></DescribeTrafficMirrorSessionsResponse>",
			     TEXT_ARG(buffer_text(&body)));
	buffer_free(&body);
}

static void exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
	struct describer *ec2 = (struct describer *)http;
	response->sent = true;
	response->problem = HTTP_ANSWERED;
	response->status = 200;
	pthread_mutex_lock(&ec2->lock);
	const bool describes = text_starts_with(request->body, T("Action=Describe"));
	if (!describes) {
		ec2->version++;
		buffer_print(&response->body, "<ModifyTrafficMirrorSessionResponse/>");
	} else if (text_find(request->body, T("MaxResults")) != SIZE_MAX) {
		list(ec2, request->body, response);
	} else {
		describe(ec2, request->body, response);
	}
	const int latency_ms = describes ? ec2->latency_ms : 0;
	pthread_mutex_unlock(&ec2->lock);
	ec2->held += describes && ec2->is_held;
	while (describes && ec2->is_held) {
		if (request->cancel && cancel_fired(request->cancel)) {
			http_response_fail(response, HTTP_CANCELLED, "stopped");
			return;
		}
		(void)clock_sleep_ms(&clock_system, 1, NULL);
	}
	(void)clock_sleep_ms(&clock_system, latency_ms, NULL);
}

static void nothing_to_free(struct http *http)
{
	(void)http;
}

void describer_init(struct describer *describer, int sessions)
{
	*describer =
		(struct describer){ .http = { exchange, nothing_to_free }, .sessions = sessions, .latency_ms = 10 };
	(void)pthread_mutex_init(&describer->lock, NULL);
}
