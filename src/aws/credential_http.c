// SPDX-License-Identifier: MPL-2.0
#include "aws/credential_http.h"

#include "base/limits.h"
#include "base/log.h"

static const int64_t first_delay_ms = 100; // doubled each time, so never more than a second

static void let_go(void *response)
{
	http_response_free(response);
}

static bool is_passing(const struct http_response *response)
{
	switch (response->problem) {
	case HTTP_ANSWERED:
		return response->status >= 500 || response->status == 429;
	case HTTP_REFUSED:
	case HTTP_TIMEOUT:
	case HTTP_TLS:
	case HTTP_NO_PROXY:
	case HTTP_BROKEN:
		return true;
	case HTTP_NO_SUCH_HOST:
	case HTTP_UNTRUSTED:
	case HTTP_TOO_LARGE:
	case HTTP_CANCELLED:
	case HTTP_UNUSABLE:
		break;
	}
	return false;
}

static void exchange(struct call *call, struct http *http, const struct credential_request *request,
		     struct http_response *response)
{
	struct http_header headers[CREDENTIAL_HTTP_HEADERS + 1] = { { T("Host"), request->host } };
	size_t count = 1;
	for (size_t i = 0; i < CREDENTIAL_HTTP_HEADERS; i++) {
		if (request->headers[i].name.length)
			headers[count++] = request->headers[i];
	}
	const struct http_request wire = {
		.method = request->method,
		.url = request->url,
		.headers = headers,
		.header_count = count,
		.body = request->body,
		.cancel = call->cancel,
		.no_proxy = request->no_proxy,
		.near_only = request->near_only,
		.connect_timeout_ms = request->connect_timeout_ms,
		.timeout_ms = request->timeout_ms,
	};
	http_response_free(response);
	http_response_init(response);
	response->body.ceiling = LIMIT_CREDENTIAL_ANSWER_BYTES;
	http->exchange(http, &wire, response);
}

const struct http_response *credential_http_send(struct call *call, struct http *http,
						 const struct credential_request *request)
{
	struct http_response *response = ARENA_NEW(call->arena, struct http_response);
	http_response_init(response);
	arena_on_free(call->arena, let_go, response);
	const int64_t start_ms = clock_monotonic_ms(call->clock);
	for (int attempt = 1;; attempt++) {
		if (cancel_fired(call->cancel)) {
			http_response_fail(response, HTTP_CANCELLED, "stopped");
			return response;
		}
		exchange(call, http, request, response);
		LOG(call->log, LOG_DEBUG, "AWS credentials request", LOG_TEXT("request", request->what),
		    LOG_TEXT("host", request->host), LOG_NUMBER("attempt", attempt),
		    LOG_NUMBER("status", response->status), LOG_TEXT("problem", text_of(response->explanation)));
		const int64_t spent_ms = clock_monotonic_ms(call->clock) - start_ms;
		if (!is_passing(response) || attempt == LIMIT_CREDENTIAL_ATTEMPTS ||
		    (request->deadline_ms && spent_ms >= request->deadline_ms))
			return response;
		(void)clock_sleep_ms(call->clock, first_delay_ms << (attempt - 1), call->cancel);
	}
}

struct text credential_http_reason(struct call *call, const struct http_response *response)
{
	static const struct text reasons[] = {
		[HTTP_ANSWERED] = TEXT(""),
		[HTTP_NO_SUCH_HOST] = TEXT("its name could not be resolved; check its spelling and the DNS server"),
		[HTTP_REFUSED] = TEXT("no connection could be made; check that it is the right host and the network"),
		[HTTP_TIMEOUT] = TEXT("it did not answer in time; check the network"),
		[HTTP_UNTRUSTED] = TEXT("its certificate could not be verified; check the host name and, if a proxy "
					"intercepts TLS, custom_ca_bundle or AWS_CA_BUNDLE"),
		[HTTP_TLS] = TEXT("no TLS connection could be made; check that it speaks TLS 1.2 or newer"),
		[HTTP_NO_PROXY] = TEXT("the proxy did not forward the request; check http_proxy, https_proxy and "
				       "no_proxy, or HTTP_PROXY, HTTPS_PROXY and NO_PROXY"),
		[HTTP_BROKEN] =
			TEXT("the connection ended before the response was complete; check the network, then try "
			     "again"),
		[HTTP_TOO_LARGE] = TEXT("its response is larger than credentials can be; check that it is the right "
					"host"),
		[HTTP_CANCELLED] = TEXT("Terraform asked to stop"),
		[HTTP_UNUSABLE] = TEXT("the request could not be made"),
	};
	if (response->problem == HTTP_ANSWERED)
		return text_print(call->arena, "it answered with HTTP status %d%s", response->status,
				  response->status >= 300 && response->status <= 399
					  ? " and redirects the request, which the provider does not follow; check "
					    "that it is the right host"
					  : "");
	return reasons[response->problem];
}
