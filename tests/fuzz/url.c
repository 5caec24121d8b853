// SPDX-License-Identifier: MPL-2.0
// URLs of endpoints and proxies, and who is reached without a proxy. The input's first byte is a service, then come
// lines: an endpoint, a proxy, the hosts without a proxy, a region. What is taken is what libcurl, which gets it in the
// end, reads in the same way; and what excepts a host from the proxy is held against a second reading.
#include "aws/endpoint.h"

#include "aws/proxy.h"
#include "base/limits.h"
#include "fuzz.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

// A URL as libcurl has it.
struct parts {
	struct text scheme, host, port, path;
};

static struct text part_of(struct arena *arena, CURLU *url, CURLUPart part)
{
	char *found = NULL;
	struct text text = T("");
	if (curl_url_get(url, part, &found, CURLU_DEFAULT_PORT) == CURLUE_OK)
		text = text_copy(arena, text_of(found));
	curl_free(found);
	return text;
}

static bool curl_reads(struct arena *arena, struct text url, unsigned flags, struct parts *ret_parts)
{
	CURLU *handle = curl_url();
	fuzz_check(handle != NULL, "no memory");
	bool good = memchr(url.at, '\0', url.length) == NULL &&
		    curl_url_set(handle, CURLUPART_URL, text_to_c_string(arena, url), flags) == CURLUE_OK;
	if (good)
		*ret_parts =
			(struct parts){ part_of(arena, handle, CURLUPART_SCHEME),
					part_of(arena, handle, CURLUPART_HOST), part_of(arena, handle, CURLUPART_PORT),
					part_of(arena, handle, CURLUPART_PATH) };
	curl_url_cleanup(handle);
	return good;
}

static struct text without_brackets(struct text host)
{
	return text_starts_with(host, T("[")) ? text_part(host, 1, host.length - 2) : host;
}

static bool is_address(struct arena *arena, struct text host)
{
	struct in6_addr address;
	char *c_string = text_to_c_string(arena, host);
	return inet_pton(AF_INET, c_string, &address) == 1 || inet_pton(AF_INET6, c_string, &address) == 1;
}

static bool is_label(struct text text)
{
	static const struct text letters = TEXT("abcdefghijklmnopqrstuvwxyz0123456789-");
	for (size_t i = 0; i < text.length; i++) {
		if (text_find_char(letters, text.at[i]) == SIZE_MAX)
			return false;
	}
	return text.length > 0 && text.length < 64 && !text_starts_with(text, T("-")) && !text_ends_with(text, T("-"));
}

static void check_region(struct arena *arena, struct text region, unsigned wish)
{
	enum aws_service service = (enum aws_service)(wish % AWS_SERVICE_COUNT);
	const struct endpoint_variant variant = { .fips = wish & 8, .dual_stack = wish & 16 };
	fuzz_check(endpoint_partition(region).length > 0, "a region is in no partition");
	fuzz_check(text_is_label(region) == is_label(region), "%.*s is a label or not", TEXT_ARG(region));
	if (!is_label(region))
		return;
	struct endpoint made = endpoint_of_region(arena, service, region, variant), again;
	struct parts parts;
	fuzz_check(endpoint_parse(arena, made.url, &again) == NULL, "AWS's own endpoint is refused: %.*s",
		   TEXT_ARG(made.url));
	fuzz_check(text_equal_ignore_case(made.host, again.host) && text_equal(made.path, again.path) && !again.plain,
		   "AWS's own endpoint is read as %.*s", TEXT_ARG(again.url));
	fuzz_check(curl_reads(arena, made.url, CURLU_DISALLOW_USER, &parts) &&
			   text_equal_ignore_case(parts.host, made.host) && text_equal(parts.port, T("443")),
		   "AWS's own endpoint is another one for libcurl: %.*s", TEXT_ARG(made.url));
}

// Gives what a request would be sent to; empty when it is refused.
static struct text check_endpoint(struct arena *arena, struct text url)
{
	struct endpoint endpoint, again;
	struct parts parts;
	const char *problem = endpoint_parse(arena, url, &endpoint);
	fuzz_check(!problem || problem[0], "no reason is given");
	if (problem)
		return T("");
	fuzz_check(endpoint_parse(arena, endpoint.url, &again) == NULL && text_equal(endpoint.url, again.url) &&
			   text_equal(endpoint.host, again.host) && text_equal(endpoint.path, again.path) &&
			   endpoint.plain == again.plain && endpoint.loopback == again.loopback,
		   "read again, an endpoint is another one: %.*s", TEXT_ARG(endpoint.url));
	fuzz_check(curl_reads(arena, endpoint.url, CURLU_PATH_AS_IS | CURLU_DISALLOW_USER, &parts),
		   "libcurl does not take %.*s", TEXT_ARG(endpoint.url));
	const char *port = endpoint.plain ? "80" : "443";
	bool usual = text_equal(parts.port, text_of(port));
	struct text host =
		usual ? parts.host : text_print(arena, "%.*s:%.*s", TEXT_ARG(parts.host), TEXT_ARG(parts.port));
	// libcurl writes an address in its usual form ("127.1" as "127.0.0.1").
	struct in_addr ipv4;
	bool is_ipv4 = inet_pton(AF_INET, text_to_c_string(arena, parts.host), &ipv4) == 1;
	bool is_near = is_ipv4 && ntohl(ipv4.s_addr) >> 24 == 127;
	fuzz_check(text_equal(parts.scheme, endpoint.plain ? T("http") : T("https")) &&
			   (is_address(arena, without_brackets(parts.host)) || text_equal(host, endpoint.host)) &&
			   text_equal(parts.path, endpoint.path),
		   "libcurl would send %.*s to %.*s, %.*s", TEXT_ARG(endpoint.url), TEXT_ARG(host),
		   TEXT_ARG(parts.path));
	fuzz_check(!is_ipv4 || !endpoint.loopback || is_near, "%.*s counts as loopback", TEXT_ARG(endpoint.url));
	fuzz_check(!is_near || endpoint.loopback || !text_equal(host, endpoint.host), "%.*s does not count as loopback",
		   TEXT_ARG(endpoint.url));
	return endpoint.url;
}

static void check_proxy(struct arena *arena, struct text proxy)
{
	struct parts parts;
	struct buffer written;
	const char *problem = proxy_problem(proxy);
	struct text authority = proxy_authority(proxy);
	fuzz_check(text_find_char(authority, '@') == SIZE_MAX, "a password may be in %.*s", TEXT_ARG(authority));
	if (problem || proxy.length == 0)
		return;
	buffer_init(&written, LIMIT_MESSAGE_BYTES);
	proxy_write(proxy, &written);
	fuzz_check(curl_reads(arena, buffer_text(&written), CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME, &parts),
		   "libcurl does not take the proxy %.*s", TEXT_ARG(proxy));
	buffer_free(&written);
	fuzz_check(is_address(arena, without_brackets(parts.host)) ||
			   text_starts_with(text_lower(arena, authority), text_lower(arena, parts.host)),
		   "libcurl would ask %.*s instead of %.*s", TEXT_ARG(parts.host), TEXT_ARG(authority));
	fuzz_check(text_starts_with(text_lower(arena, proxy_scheme(proxy)),
				    text_part(parts.scheme, 0, text_starts_with(parts.scheme, T("socks5")) ? 6 : 5)),
		   "the proxy %.*s is reached by %.*s", TEXT_ARG(proxy), TEXT_ARG(parts.scheme));
}

static struct text proxy_with(struct arena *arena, struct text exceptions, const char *more, struct text host,
			      struct text url)
{
	const struct proxy_rules rules = { .http = T("http://p:1"),
					   .https = T("http://p:1"),
					   .exceptions = text_print(arena, "%.*s,%s%.*s", TEXT_ARG(exceptions), more,
								    TEXT_ARG(host)) };
	return proxy_of_url(&rules, url);
}

// Host and port as libcurl has them, where it leaves them as they are (not "127.1").
static void check_exceptions(struct arena *arena, struct text url, struct text exceptions)
{
	struct parts parts;
	struct endpoint endpoint;
	if (!curl_reads(arena, url, CURLU_PATH_AS_IS, &parts) || endpoint_parse(arena, url, &endpoint) ||
	    !text_equal(text_part(endpoint.host, 0,
				  text_find(endpoint.host, text_print(arena, ":%.*s", TEXT_ARG(parts.port)))),
			parts.host))
		return;
	const struct text none = T("");
	struct text bare = without_brackets(parts.host);
	bool has_proxy = proxy_with(arena, none, "", none, url).length > 0;
	bool is_excepted = proxy_with(arena, exceptions, "", none, url).length == 0;
	fuzz_check(has_proxy || is_excepted, "an exception gives a proxy");
	fuzz_check(!is_excepted || proxy_with(arena, exceptions, "other.example", none, url).length == 0,
		   "one more exception gives a proxy");
	fuzz_check(proxy_with(arena, none, "*", none, url).length == 0, "everything is excepted, but not this");
	fuzz_check(proxy_with(arena, none, "", bare, url).length == 0, "%.*s is excepted and has a proxy",
		   TEXT_ARG(bare));
	struct text with_port = text_print(arena, "%.*s:%.*s", TEXT_ARG(parts.host), TEXT_ARG(parts.port));
	fuzz_check(proxy_with(arena, none, "", with_port, url).length == 0, "%.*s is excepted and has a proxy",
		   TEXT_ARG(with_port));
	struct text other_port = text_print(arena, "%.*s:1%.*s", TEXT_ARG(parts.host), TEXT_ARG(parts.port));
	fuzz_check(!has_proxy || proxy_with(arena, none, "", other_port, url).length > 0,
		   "another port of %.*s is excepted, and so is this", TEXT_ARG(bare));
	fuzz_check(!has_proxy || proxy_with(arena, none, "*.", bare, url).length > 0,
		   "what is below %.*s is excepted, and so is it", TEXT_ARG(bare));
	size_t dot = text_find_char(bare, '.');
	struct text domain = text_part(bare, dot == SIZE_MAX ? bare.length : dot + 1, bare.length);
	bool is_below =
		domain.length > 0 && domain.at[0] != '.' && !is_address(arena, bare) && !is_address(arena, domain);
	static const char *const marks[] = { "", ".", "*." };
	for (size_t i = 0; is_below && i < sizeof marks / sizeof marks[0]; i++)
		fuzz_check(proxy_with(arena, none, marks[i], domain, url).length == 0,
			   "%s%.*s is excepted, and what is below has a proxy", marks[i], TEXT_ARG(domain));
}

static bool shares_bits(const unsigned char *a, const unsigned char *b, int bits)
{
	for (int i = 0; i < bits; i++) {
		if ((a[i / 8] ^ b[i / 8]) & (128 >> i % 8))
			return false;
	}
	return true;
}

// An IPv4 address as the endpoint, and a network around it or elsewhere as the exception.
static void check_network(struct arena *arena, struct choices *choices)
{
	unsigned char host[4], network[4];
	for (size_t i = 0; i < 4; i++) {
		host[i] = (unsigned char)choices_below(choices, 256);
		network[i] = host[i] ^ (unsigned char)(choices_one_in(choices, 4) ? choices_below(choices, 256) : 0);
	}
	int bits = (int)choices_below(choices, 33);
	struct text url = text_print(arena, "http://%d.%d.%d.%d/", host[0], host[1], host[2], host[3]);
	struct text exception =
		text_print(arena, "%d.%d.%d.%d/%d", network[0], network[1], network[2], network[3], bits);
	bool has_proxy = proxy_with(arena, exception, "", T(""), url).length > 0;
	fuzz_check(has_proxy == (host[0] != 127 && !shares_bits(host, network, bits)), "%.*s with the exception %.*s",
		   TEXT_ARG(url), TEXT_ARG(exception));
}

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	struct choices numbers = *choices;
	unsigned wish = choices_below(choices, 256);
	struct text rest = choices_rest(choices), endpoint = T(""), proxy = T(""), exceptions = T("");
	(void)text_take_until(&rest, '\n', &endpoint);
	(void)text_take_until(&rest, '\n', &proxy);
	(void)text_take_until(&rest, '\n', &exceptions);
	struct text url = check_endpoint(call->arena, endpoint);
	check_proxy(call->arena, proxy);
	if (url.length > 0)
		check_exceptions(call->arena, url, exceptions);
	check_network(call->arena, &numbers);
	check_region(call->arena, rest, wish);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
