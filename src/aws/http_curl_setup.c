// SPDX-License-Identifier: MPL-2.0
#include "aws/http_curl_setup.h"

#include "aws/address.h"
#include "aws/proxy.h"
#include "aws/trust_directories.h"
#include "base/buffer.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static char *copy(struct text view)
{
	return strndup(view.length ? view.at : "", view.length);
}

static bool add_header(struct wire_request *wire, struct text name, struct text value)
{
	struct buffer line;
	buffer_init(&line, SIZE_MAX / 2);
	line.secret = true;
	buffer_append_text(&line, name);
	buffer_append_text(&line, value.length ? T(": ") : T(":"));
	buffer_append_text(&line, value);
	buffer_append_char(&line, '\0');
	struct curl_slist *longer = line.failed ? NULL : curl_slist_append(wire->headers, line.bytes);
	buffer_free(&line);
	if (longer)
		wire->headers = longer;
	return longer != NULL;
}

static char *copy_proxy(struct text proxy)
{
	struct buffer written;
	buffer_init(&written, SIZE_MAX / 2);
	written.secret = true;
	proxy_write(proxy, &written);
	char *copied = written.failed ? NULL : copy(buffer_text(&written));
	buffer_free(&written);
	return copied;
}

bool http_curl_setup_wire(struct wire_request *wire, const struct http_request *request, struct text proxy)
{
	*wire = (struct wire_request){ copy(request->url), copy(request->method), copy_proxy(proxy), NULL };
	// libcurl would ask for a permission to send a larger body, which some servers never give.
	bool made = add_header(wire, T("Expect"), T(""));
	for (size_t i = 0; made && i < request->header_count; i++)
		made = add_header(wire, request->headers[i].name, request->headers[i].value);
	return made && wire->url && wire->method && wire->proxy;
}

void http_curl_setup_free_wire(struct wire_request *wire)
{
	free(wire->url);
	free(wire->method);
	if (wire->proxy)
		explicit_bzero(wire->proxy, strlen(wire->proxy));
	free(wire->proxy);
	curl_slist_free_all(wire->headers);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)purpose;
	const struct http_request *request = context;
	struct address place;
	if (request->near_only && !(address_of_socket(&address->addr, &place) && address_is_near(&place)))
		return CURL_SOCKET_BAD;
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// Options are checked as a whole: the first failure stays.
static void set(CURLcode *result, CURLcode one)
{
	if (*result == CURLE_OK)
		*result = one;
}

// For what is switched off: a libcurl that was built without it does not even know the option.
static void set_off(CURLcode *result, CURLcode one)
{
	if (one != CURLE_UNKNOWN_OPTION && one != CURLE_NOT_BUILT_IN)
		set(result, one);
}

// The same for every exchange.
static const struct {
	CURLoption option;
	long value;
} fixed_options[] = {
	{ CURLOPT_FOLLOWLOCATION, 0 },
	{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 }, // or newer
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_QUICK_EXIT, 1 }, // a stop does not wait for a name server that does not answer
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_PATH_AS_IS, 1 }, // the path is signed as it is
	{ CURLOPT_TCP_KEEPALIVE, 1 },
	{ CURLOPT_LOW_SPEED_LIMIT, 1 }, // bytes per second
};

// What was received is not left readable in the connection's buffers.
static CURLcode set_up_tls(CURL *easy, void *tls_context, void *context)
{
	const struct http_curl_setup *setup = context;
	(void)easy;
	(void)SSL_CTX_set_options(tls_context, SSL_OP_CLEANSE_PLAINTEXT);
	if (setup->directories && !setup->insecure)
		trust_directories_use(setup->directories, tls_context);
	return CURLE_OK;
}

static CURLcode set_trust(CURL *easy, const struct http_curl_setup *setup)
{
	const long verify_host = setup->insecure ? 0 : 2;
	CURLcode result = CURLE_OK;
	set(&result, curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, setup->insecure ? 0L : 1L));
	set(&result, curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify_host));
	if (setup->ca_file || setup->directories) {
		set(&result, curl_easy_setopt(easy, CURLOPT_CAINFO, setup->ca_file));
		set(&result, curl_easy_setopt(easy, CURLOPT_CAPATH, NULL));
	}
	return result;
}

// The empty proxy keeps libcurl from the environment's.
static CURLcode set_proxy(CURL *easy, const struct http_curl_setup *setup, const char *proxy)
{
	CURLcode result = CURLE_OK;
	if (proxy[0] == '\0') {
		set_off(&result, curl_easy_setopt(easy, CURLOPT_PROXY, ""));
		return result;
	}
	set(&result, curl_easy_setopt(easy, CURLOPT_PROXY, proxy));
	set(&result, curl_easy_setopt(easy, CURLOPT_NOPROXY, ""));
	set(&result, curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L));
	set(&result, curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2));
	set(&result, curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, setup->insecure ? 0L : 1L));
	set(&result, curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, setup->insecure ? 0L : 2L));
	if (setup->ca_file || setup->directories) {
		set(&result, curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, setup->ca_file));
		set(&result, curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL));
	}
	return result;
}

static CURLcode set_fixed(CURL *easy, const struct http_curl_setup *setup, const struct http_request *request)
{
	const long connect_timeout_ms =
		request->connect_timeout_ms ? (long)request->connect_timeout_ms : setup->connect_timeout_ms;
	CURLcode result = CURLE_OK;
	for (size_t i = 0; i < sizeof fixed_options / sizeof fixed_options[0]; i++)
		set(&result, curl_easy_setopt(easy, fixed_options[i].option, fixed_options[i].value));
	set_off(&result, curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED));
	set(&result, curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"));
	set(&result, curl_easy_setopt(easy, CURLOPT_SHARE, setup->share));
	set(&result, curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket));
	set(&result, curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, request));
	set(&result, curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->near_only ? 1L : 0L));
	set(&result, curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_up_tls));
	set(&result, curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, setup));
	set(&result, curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms));
	set(&result, curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms));
	set(&result, curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, setup->stall_timeout_s));
	return result;
}

const char *http_curl_setup_easy(void *easy, const struct http_curl_setup *setup, const struct http_request *request,
				 const struct wire_request *wire)
{
	CURLcode result = set_fixed(easy, setup, request);
	set(&result, set_trust(easy, setup));
	set(&result, set_proxy(easy, setup, wire->proxy));
	set(&result, curl_easy_setopt(easy, CURLOPT_URL, wire->url));
	if (text_equal(request->method, T("GET"))) {
		set(&result, curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L));
	} else {
		set(&result, curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.length));
		set(&result, curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body.length ? request->body.at : ""));
		set(&result, curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, wire->method));
	}
	set(&result, curl_easy_setopt(easy, CURLOPT_HTTPHEADER, wire->headers));
	return result == CURLE_OK ? NULL : curl_easy_strerror(result);
}
