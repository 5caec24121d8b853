// SPDX-License-Identifier: MPL-2.0
#include "aws/proxy.h"

#include "aws/address.h"
#include "aws/endpoint.h"

#include <stdint.h>
#include <string.h>

// What is to be reached.
struct target {
	bool secure;
	struct text host; // without brackets
	struct text port;
	bool is_address;
	struct address address;
};

static struct text without_scheme(struct text url, struct text *ret_scheme)
{
	const size_t end = text_find(url, T("://"));
	*ret_scheme = end == SIZE_MAX ? T("") : text_part(url, 0, end);
	return end == SIZE_MAX ? url : text_part(url, end + 3, url.length);
}

// "host", "host:port", "[v6]", "[v6]:port"; a bare IPv6 address is all host.
static void split_port(struct text authority, struct text *ret_host, struct text *ret_port)
{
	const bool bracketed = authority.length > 0 && authority.at[0] == '[';
	const size_t bracket = text_find_char(authority, ']');
	const size_t colon = text_find_char(authority, ':');
	const bool one_colon =
		colon != SIZE_MAX && text_find_char(text_part(authority, colon + 1, authority.length), ':') == SIZE_MAX;
	*ret_port = T("");
	*ret_host = authority;
	if (bracketed && bracket != SIZE_MAX) {
		*ret_host = text_part(authority, 1, bracket - 1);
		*ret_port = text_part(authority, bracket + 2, authority.length);
	} else if (one_colon) {
		*ret_host = text_part(authority, 0, colon);
		*ret_port = text_part(authority, colon + 1, authority.length);
	}
}

static struct text authority_of(struct text rest)
{
	size_t end = 0;
	while (end < rest.length && text_find_char(T("/?#"), rest.at[end]) == SIZE_MAX)
		end++;
	return text_part(rest, 0, end);
}

static bool parse_target(struct text url, struct target *ret_target)
{
	struct text scheme;
	const struct text rest = without_scheme(url, &scheme);
	*ret_target = (struct target){ .secure = text_equal_ignore_case(scheme, T("https")) };
	split_port(authority_of(rest), &ret_target->host, &ret_target->port);
	if (ret_target->port.length == 0)
		ret_target->port = ret_target->secure ? T("443") : T("80");
	bool is_ipv4 = false;
	ret_target->is_address = address_parse(ret_target->host, &ret_target->address, &is_ipv4);
	return ret_target->secure || text_equal_ignore_case(scheme, T("http"));
}

// False when the exception is no network; *ret_matches is then untouched.
static bool match_network(struct text exception, const struct target *target, bool *ret_matches)
{
	const size_t slash = text_find_char(exception, '/');
	struct address network;
	bool is_ipv4 = false;
	int64_t bits = 0;
	if (slash == SIZE_MAX || !address_parse(text_part(exception, 0, slash), &network, &is_ipv4) ||
	    !text_to_int64(text_part(exception, slash + 1, exception.length), &bits) || bits < 0 ||
	    bits > (is_ipv4 ? 32 : 128))
		return false;
	*ret_matches = target->is_address &&
		       address_shares_bits(&network, &target->address, (size_t)bits + (is_ipv4 ? 96 : 0));
	return true;
}

// "example.com" is the host and all below it; ".example.com" and "*.example.com" only what is below.
static bool match_domain(struct text exception, struct text host)
{
	if (text_starts_with(exception, T("*.")))
		exception = text_part(exception, 1, exception.length);
	const bool only_below = exception.at[0] == '.';
	if (!only_below && text_equal_ignore_case(exception, host))
		return true;
	const struct text domain = only_below ? text_part(exception, 1, exception.length) : exception;
	if (host.length <= domain.length)
		return false;
	const size_t start = host.length - domain.length;
	return host.at[start - 1] == '.' && text_equal_ignore_case(text_part(host, start, domain.length), domain);
}

static bool matches(struct text exception, const struct target *target)
{
	bool in_network = false;
	if (text_equal(exception, T("*")))
		return true;
	if (match_network(exception, target, &in_network))
		return in_network;
	struct text host;
	struct text port;
	split_port(exception, &host, &port);
	if (host.length == 0 || (port.length && !text_equal(port, target->port)))
		return false;
	struct address address;
	bool is_ipv4 = false;
	if (address_parse(host, &address, &is_ipv4))
		return target->is_address && memcmp(&address, &target->address, sizeof address) == 0;
	return match_domain(host, target->host);
}

static bool is_excepted(struct text exceptions, const struct target *target)
{
	struct text exception;
	while (text_take_until(&exceptions, ',', &exception)) {
		exception = text_trim(exception);
		if (exception.length && matches(exception, target))
			return true;
	}
	return false;
}

struct text proxy_of_url(const struct proxy_rules *rules, struct text url)
{
	struct target target;
	if (!parse_target(url, &target))
		return T("");
	const struct text proxy = target.secure ? rules->https : rules->http;
	const bool local = text_equal_ignore_case(target.host, T("localhost")) ||
			   (target.is_address && address_is_loopback(&target.address));
	return local || proxy.length == 0 || is_excepted(rules->exceptions, &target) ? T("") : proxy;
}

struct proxy_rules proxy_rules_of(const struct proxy_arguments *arguments, const struct environment *environment)
{
	struct proxy_rules rules = {
		.http = environment_get_either(environment, "HTTP_PROXY", "http_proxy"),
		.https = environment_get_either(environment, "HTTPS_PROXY", "https_proxy"),
		.exceptions = environment_get_either(environment, "NO_PROXY", "no_proxy"),
	};
	if (arguments->https.is_set)
		rules.https = arguments->https.value;
	if (arguments->http.is_set) {
		rules.http = arguments->http.value;
		rules.http_serves_https = !arguments->https.is_set && !rules.https.length && rules.http.length;
	}
	if (rules.http_serves_https)
		rules.https = rules.http;
	if (arguments->exceptions.length)
		rules.exceptions = arguments->exceptions;
	return rules;
}

struct text proxy_scheme(struct text proxy)
{
	struct text scheme;
	(void)without_scheme(proxy, &scheme);
	return scheme.length ? text_part(proxy, 0, scheme.length + 3) : T("http://");
}

struct text proxy_authority(struct text proxy)
{
	struct text scheme;
	struct text authority = authority_of(without_scheme(proxy, &scheme));
	// A password may hold an '@' of its own; the host does not.
	for (size_t at = text_find_char(authority, '@'); at != SIZE_MAX; at = text_find_char(authority, '@'))
		authority = text_part(authority, at + 1, authority.length);
	return authority;
}

static bool is_known_scheme(struct text scheme)
{
	static const struct text known[] = { TEXT("http://"), TEXT("https://"), TEXT("socks5://"), TEXT("socks5h://") };
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (text_equal_ignore_case(scheme, known[i]))
			return true;
	}
	return false;
}

const char *proxy_problem(struct text proxy)
{
	if (proxy.length == 0)
		return NULL;
	// "http:/proxy" is meant to have a scheme.
	const size_t mark = text_find(proxy, T("://"));
	const bool is_cut = mark == SIZE_MAX && text_ends_with(proxy_authority(proxy), T(":"));
	if (mark == 0 || is_cut || !is_known_scheme(proxy_scheme(proxy)))
		return "it must begin with http://, https:// or socks5://";
	if (!text_is_visible(proxy))
		return "it has a blank or another character that must be percent-encoded";
	struct text host;
	struct text port;
	const char *problem = endpoint_split_host(proxy_authority(proxy), &host, &port);
	int64_t number = 0;
	if (problem)
		return problem;
	if (port.length && (!text_to_int64(port, &number) || number < 1 || number > 65535))
		return "its port must be a number from 1 to 65535";
	return NULL;
}

void proxy_write(struct text proxy, struct buffer *out)
{
	static const struct text socks = TEXT("socks5://");
	const size_t host = (size_t)(proxy_authority(proxy).at - proxy.at);
	const bool is_socks = text_equal_ignore_case(text_part(proxy, 0, socks.length), socks);
	if (is_socks)
		buffer_append_text(out, T("socks5h://"));
	else if (proxy.length > 0 && text_find(proxy, T("://")) == SIZE_MAX)
		buffer_append_text(out, proxy_scheme(proxy));
	for (size_t i = is_socks ? socks.length : 0; i < proxy.length; i++) {
		if (proxy.at[i] == '@' && i + 1 < host)
			buffer_append_text(out, T("%40"));
		else
			buffer_append_char(out, proxy.at[i]);
	}
}
