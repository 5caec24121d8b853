// SPDX-License-Identifier: MPL-2.0
// The options of an exchange, as libcurl wants them.
#ifndef VNS_AWS_HTTP_CURL_SETUP_H
#define VNS_AWS_HTTP_CURL_SETUP_H

#include "aws/http.h"

#include <stdbool.h>

struct curl_slist;
struct trust_directories;

// The same for all exchanges.
struct http_curl_setup {
	char *ca_file;                         // NULL: none
	struct trust_directories *directories; // NULL: none
	bool insecure;
	long connect_timeout_ms;
	long stall_timeout_s;
	void *share; // libcurl's CURLSH
};

// What one exchange needs as C strings; wiped, since the headers carry the session token and a proxy its password.
struct wire_request {
	char *url;
	char *method;
	char *proxy; // empty: none
	struct curl_slist *headers;
};

// False when there is no memory. What was made is to be given back either way.
bool http_curl_setup_wire(struct wire_request *wire, const struct http_request *request, struct text proxy);
void http_curl_setup_free_wire(struct wire_request *wire);
// Everything but where the answer goes, on a CURL that is new or was reset. NULL, or what libcurl could not do.
const char *http_curl_setup_easy(void *easy, const struct http_curl_setup *setup, const struct http_request *request,
				 const struct wire_request *wire);

#endif
