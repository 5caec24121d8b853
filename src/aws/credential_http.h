// SPDX-License-Identifier: MPL-2.0
// The plain HTTP calls that give credentials: metadata service, container endpoint, SSO. Their bodies are secrets and
// are never logged.
#ifndef VNS_AWS_CREDENTIAL_HTTP_H
#define VNS_AWS_CREDENTIAL_HTTP_H

#include "aws/http.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CREDENTIAL_HTTP_HEADERS 4

struct credential_request {
	struct text what;   // for the log: "metadata token"
	struct text method; // "GET", "PUT", "POST"
	struct text url;
	struct text host;
	struct http_header headers[CREDENTIAL_HTTP_HEADERS]; // beside Host; without a name: not sent
	struct text body;
	bool no_proxy;
	bool near_only;             // as of http_request
	int64_t connect_timeout_ms; // of one attempt; 0: the transport's
	int64_t timeout_ms;         // the same
	int64_t deadline_ms;        // of all attempts; 0: none
};

// Tries LIMIT_CREDENTIAL_ATTEMPTS times when the connection or the server hiccups; the answer may be any status. The
// arena lets go of it. When `problem` is not HTTP_ANSWERED there was none; HTTP_CANCELLED: the call is to stop.
const struct http_response *credential_http_send(struct call *call, struct http *http,
						 const struct credential_request *request);
// Why there was no usable answer, for people: what it did and what to do,
// "it did not answer in time; check the network", "it answered with HTTP status 500".
struct text credential_http_reason(struct call *call, const struct http_response *response);

#endif
