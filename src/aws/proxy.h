// SPDX-License-Identifier: MPL-2.0
// Which proxy a request goes through, by the rules of Go's HTTP client (facts: aws_client, 5), pure: what works for
// Terraform works here. libcurl's own rules differ, so it is never asked.
#ifndef VNS_AWS_PROXY_H
#define VNS_AWS_PROXY_H

#include "aws/environment.h"
#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>

// An argument that may be absent, which is not the same as empty.
struct proxy_argument {
	bool is_set;
	struct text value;
};

struct proxy_arguments {
	struct proxy_argument http;
	struct proxy_argument https;
	struct text exceptions; // the argument no_proxy; empty: the environment's
};

struct proxy_rules {
	struct text http;       // the proxy of http:// requests; empty: none
	struct text https;      // of https:// requests
	struct text exceptions; // hosts that are reached directly, separated by commas
	bool http_serves_https; // nobody has named one for https://, so the argument http_proxy serves both: worth a
				// warning
};

// Arguments before environment, there HTTP_PROXY before http_proxy and so on. Texts are views.
struct proxy_rules proxy_rules_of(const struct proxy_arguments *arguments, const struct environment *environment);
// The proxy for a request to the URL, as it was configured; empty: none. Loopback addresses never have one.
struct text proxy_of_url(const struct proxy_rules *rules, struct text url);
// NULL when the proxy can be used (or is empty), else what is wrong with it, for people, without its password.
const char *proxy_problem(struct text proxy);
// The URL without user and password, for people; views.
struct text proxy_scheme(struct text proxy);    // "http://" when it names none
struct text proxy_authority(struct text proxy); // host and port
// The URL as libcurl must have it to do what Go does: with "socks5" Go, and so Terraform, lets the proxy resolve names,
// which libcurl calls "socks5h"; an '@' in a password does not end it; and without a scheme libcurl would guess one by
// the host's name (ftp.example.com). Empty when the proxy is.
void proxy_write(struct text proxy, struct buffer *out);

#endif
