// SPDX-License-Identifier: MPL-2.0
#include "front.h"

#include "control.h"
#include "service.h"

#include "base/clock.h"
#include "base/limits.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

// More than a host at its highest parallelism opens.
#define FRONT_CONNECTIONS 2000

struct front {
	struct MHD_Daemon *daemon;
	struct world *world;
	char address[INET_ADDRSTRLEN];
	uint16_t port;
};

// What is gathered of one request while it arrives.
struct visit {
	struct arena arena;
	struct text target; // as on the request line: the path that libmicrohttpd hands out is decoded and has no query
	struct buffer body;
	bool begun;
};

struct text front_header(const struct http_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++) {
		if (text_equal_ignore_case(request->headers[i].name, text_of(name)))
			return request->headers[i].value;
	}
	return T("");
}

static enum MHD_Result add_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	struct http_request *request = context;
	struct sigv4_header *header = &request->headers[request->header_count++];
	header->name = text_of(name);
	header->value = text_of(value);
	return MHD_YES;
}

static bool is_loopback(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (!info || info->client_addr->sa_family != AF_INET)
		return false;
	struct sockaddr_in peer;
	memcpy(&peer, info->client_addr, sizeof peer);
	return (ntohl(peer.sin_addr.s_addr) >> 24) == 127;
}

static void *begin_visit(void *context, const char *target, struct MHD_Connection *connection)
{
	(void)context;
	(void)connection;
	struct visit *visit = calloc(1, sizeof *visit);
	if (!visit)
		return NULL;
	arena_init(&visit->arena, 0);
	buffer_init(&visit->body, LIMIT_REQUEST_BYTES);
	visit->target = text_copy(&visit->arena, text_of(target));
	return visit;
}

static void forget_visit(void *context, struct MHD_Connection *connection, void **visit_slot,
			 enum MHD_RequestTerminationCode reason)
{
	(void)context;
	(void)connection;
	(void)reason;
	struct visit *visit = *visit_slot;
	if (!visit)
		return;
	buffer_free(&visit->body);
	arena_free(&visit->arena);
	free(visit);
	*visit_slot = NULL;
}

// libmicrohttpd adds the right date itself unless there is one.
static void add_date(struct MHD_Response *response, int64_t skew_s)
{
	const time_t seconds = (time_t)(clock_realtime_us(&clock_system) / 1000000 + skew_s);
	struct tm parts;
	char date[64];
	gmtime_r(&seconds, &parts);
	strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
	MHD_add_response_header(response, "Date", date);
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct http_answer *answer)
{
	struct buffer *body = &answer->body;
	const unsigned status = body->failed ? MHD_HTTP_INTERNAL_SERVER_ERROR : answer->status;
	struct MHD_Response *response = NULL;
	if (answer->delivery.reset)
		delivery_reset(connection);
	else if (body->length == 0 || body->failed)
		response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	else
		response = delivery_response(&answer->delivery, body);
	buffer_free(body);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", answer->content_type);
	MHD_add_response_header(response, "Server", "vns-ec2sim");
	if (answer->metadata_seconds)
		MHD_add_response_header(response, "X-aws-ec2-metadata-token-ttl-seconds", answer->metadata_seconds);
	if (answer->request_id)
		MHD_add_response_header(response, "x-amzn-RequestId", answer->request_id);
	if (answer->skew_s != 0)
		add_date(response, answer->skew_s);
	const enum MHD_Result queued = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result serve_visit(struct front *front, struct MHD_Connection *connection, struct visit *visit,
				   const char *method)
{
	const size_t question = text_find_char(visit->target, '?');
	const bool has_query = question != SIZE_MAX;
	const int header_count = MHD_get_connection_values(connection, MHD_HEADER_KIND, NULL, NULL);
	struct http_request request = {
		.arena = &visit->arena,
		.method = text_of(method),
		.path = text_part(visit->target, 0, question),
		.query = has_query ? text_part(visit->target, question + 1, visit->target.length) : T(""),
		.headers = ARENA_ARRAY(&visit->arena, struct sigv4_header, (size_t)header_count + 1),
		.body = buffer_text(&visit->body),
		.from_loopback = is_loopback(connection),
	};
	MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &request);
	struct http_answer answer = { .status = MHD_HTTP_OK, .content_type = "text/xml;charset=UTF-8" };
	buffer_init(&answer.body, LIMIT_RESPONSE_BYTES);
	if (text_starts_with(request.path, T("/_sim/")))
		control_serve(front->world, &request, &answer);
	else
		service_serve(front->world, &request, &answer);
	return send_answer(connection, &answer);
}

static enum MHD_Result receive(void *context, struct MHD_Connection *connection, const char *url, const char *method,
			       const char *version, const char *upload, size_t *upload_size, void **visit_slot)
{
	(void)url;
	(void)version;
	struct visit *visit = *visit_slot;
	if (!visit)
		return MHD_NO;
	if (!visit->begun) {
		visit->begun = true;
		return MHD_YES;
	}
	if (*upload_size > 0) {
		buffer_append(&visit->body, upload, *upload_size);
		*upload_size = 0;
		return visit->body.failed ? MHD_NO : MHD_YES;
	}
	return serve_visit(context, connection, visit, method);
}

static bool parse_listen(const char *listen, struct sockaddr_in *ret_address)
{
	struct text rest = text_of(listen);
	struct text host = { 0 };
	int64_t port = 0;
	char host_string[INET_ADDRSTRLEN];
	if (!text_take_until(&rest, ':', &host) || host.length >= sizeof host_string)
		return false;
	memcpy(host_string, host.at, host.length);
	host_string[host.length] = '\0';
	if (!text_to_int64(rest, &port) || port < 0 || port > UINT16_MAX)
		return false;
	ret_address->sin_family = AF_INET;
	ret_address->sin_port = htons((uint16_t)port);
	return inet_pton(AF_INET, host_string, &ret_address->sin_addr) == 1;
}

struct front *front_open(struct world *world, const char *listen)
{
	struct sockaddr_in address = { 0 };
	if (!parse_listen(listen, &address)) {
		fprintf(stderr, "vns-ec2sim: --listen %s: expected an IPv4 address and a port, like 127.0.0.1:4566\n",
			listen);
		return NULL;
	}
	struct front *front = calloc(1, sizeof *front);
	if (!front)
		return NULL;
	front->world = world;
	front->daemon = MHD_start_daemon(
		MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, receive,
		front, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)FRONT_CONNECTIONS,
		MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)FRONT_CONNECTIONS, MHD_OPTION_URI_LOG_CALLBACK, begin_visit,
		NULL, MHD_OPTION_NOTIFY_COMPLETED, forget_visit, NULL, MHD_OPTION_END);
	const union MHD_DaemonInfo *info =
		front->daemon ? MHD_get_daemon_info(front->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (!info) {
		fprintf(stderr, "vns-ec2sim: cannot listen on %s: is another program using that port?\n", listen);
		front_close(front);
		return NULL;
	}
	front->port = info->port;
	inet_ntop(AF_INET, &address.sin_addr, front->address, sizeof front->address);
	return front;
}

uint16_t front_port(const struct front *front)
{
	return front->port;
}

const char *front_address(const struct front *front)
{
	return front->address;
}

void front_close(struct front *front)
{
	if (!front)
		return;
	if (front->daemon)
		MHD_stop_daemon(front->daemon);
	free(front);
}
