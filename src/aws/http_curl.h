// SPDX-License-Identifier: MPL-2.0
// HTTP by libcurl: TLS 1.2 or newer and always verified, connections kept and used again, nothing followed, nothing
// taken from the environment or from files that nobody named.
#ifndef VNS_AWS_HTTP_CURL_H
#define VNS_AWS_HTTP_CURL_H

#include "aws/http.h"
#include "aws/proxy.h"
#include "base/text.h"

struct http_curl_options {
	struct text ca_file;        // certificates to trust, PEM
	struct text ca_directories; // the same, by colons; see trust_directories.h. Both empty: libcurl's own place
	bool insecure;              // certificates are not verified
	struct proxy_rules proxies;
	long connect_timeout_ms; // 0: the default
	long stall_timeout_s;    // no byte for so long ends the exchange; 0: the default
};

// The program must ignore SIGPIPE: TLS writes to a connection that the server has closed would raise it.
// NULL when there is no memory. Copies the options. To be freed by its own `free`, when no exchange is under way.
struct http *http_curl_new(const struct http_curl_options *options);

#endif
