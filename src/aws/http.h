// SPDX-License-Identifier: MPL-2.0
// One HTTP exchange, as an interface: libcurl in the program (http_curl.h), scripts in tests.
#ifndef VNS_AWS_HTTP_H
#define VNS_AWS_HTTP_H

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_header {
	struct text name;
	struct text value;
};

struct http_request {
	struct text method;
	struct text url;
	const struct http_header *headers; // Host among them
	size_t header_count;
	struct text body;
	const struct cancel *cancel; // may be NULL
	// When cancelled after the request was sent: how long its answer is still waited for. 0: not at all.
	int64_t grace_ms;
	bool no_proxy; // metadata and container endpoints: they are this machine's own, whatever proxies are configured
	bool near_only; // to near addresses (address.h), whatever the URL's name stands for; else HTTP_REFUSED
	int64_t connect_timeout_ms; // 0: the transport's own
	int64_t timeout_ms;         // of the whole exchange; 0: none
};

enum http_problem {
	HTTP_ANSWERED,
	HTTP_NO_SUCH_HOST,
	HTTP_REFUSED, // no connection: refused or unreachable
	HTTP_TIMEOUT,
	HTTP_UNTRUSTED, // the certificate, or the certificates to check it with
	HTTP_TLS,       // the handshake failed otherwise
	HTTP_NO_PROXY,  // the proxy has no such name, was not reached, or refused to pass the request on
	HTTP_BROKEN,    // the connection ended before the answer was whole
	HTTP_TOO_LARGE,
	HTTP_CANCELLED,
	HTTP_UNUSABLE, // could not be tried: no memory, a request that is no request
};

struct http_response {
	enum http_problem problem;
	bool sent;             // the request, or a part of it, was put on the wire
	bool resent;           // and again, since the first connection had ended without an answer
	char explanation[256]; // of a problem, in the transport's words; NUL-terminated
	int status;
	struct buffer header_lines; // of the last answer: "HTTP/1.1 200 OK\r\nDate: ...\r\n"
	size_t header_bytes;        // of all answers, interim ones too
	struct buffer body;
};

struct http {
	// Blocks. The response was initialised by http_response_init; it is filled, not replaced. Safe to call from
	// all threads. Never takes from an arena, never follows a redirect.
	void (*exchange)(struct http *http, const struct http_request *request, struct http_response *response);
	void (*free)(struct http *http);
};

void http_response_init(struct http_response *response);
void http_response_free(struct http_response *response);
void http_response_fail(struct http_response *response, enum http_problem problem, const char *explanation);
// For transports, as the answer comes in. False when it goes past a ceiling. A status line begins anew: an interim
// answer (100 Continue) is followed by the real one. All of them share one ceiling, or they might never end.
bool http_response_add_header_line(struct http_response *response, struct text line);
bool http_response_add_body(struct http_response *response, struct text bytes);
// A number for an URL's scheme, host and port, to find a connection to them. Two origins hardly ever share one.
uint64_t http_origin(struct text url);
// The value of the first header of that name (any case), trimmed; the empty text when there is none.
struct text http_response_header(const struct http_response *response, struct text name);

#endif
