// SPDX-License-Identifier: MPL-2.0
#include "aws/endpoint.h"

#include "aws/partition.h"
#include "aws/percent.h"
#include "aws/aws_settings.h"

#include <arpa/inet.h>
#include <string.h>

static const struct endpoint_service services[AWS_SERVICE_COUNT] = {
	[AWS_EC2] = { TEXT("EC2"),
		      TEXT("ec2"),
		      TEXT("ec2"),
		      TEXT("2016-11-15"),
		      "ec2",
		      "AWS_ENDPOINT_URL_EC2",
		      TEXT("ec2"),
		      { NULL } },
	[AWS_STS] = { TEXT("STS"),
		      TEXT("sts"),
		      TEXT("sts"),
		      TEXT("2011-06-15"),
		      "sts",
		      "AWS_ENDPOINT_URL_STS",
		      TEXT("sts"),
		      { "TF_AWS_STS_ENDPOINT", "AWS_STS_ENDPOINT" } },
	[AWS_ELBV2] = { TEXT("Elastic Load Balancing"),
			TEXT("elasticloadbalancing"),
			TEXT("elasticloadbalancing"),
			TEXT("2015-12-01"),
			"elbv2",
			"AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2",
			TEXT("elastic_load_balancing_v2"),
			{ NULL } },
	[AWS_IAM] = { TEXT("IAM"),
		      TEXT("iam"),
		      TEXT("iam"),
		      TEXT("2010-05-08"),
		      "iam",
		      "AWS_ENDPOINT_URL_IAM",
		      TEXT("iam"),
		      { "TF_AWS_IAM_ENDPOINT", "AWS_IAM_ENDPOINT" } },
	[AWS_SSO] = { TEXT("SSO"),
		      TEXT("portal.sso"),
		      TEXT(""),
		      TEXT(""),
		      "sso",
		      "AWS_ENDPOINT_URL_SSO",
		      TEXT("sso"),
		      { NULL } },
	[AWS_SSO_OIDC] = { TEXT("SSO OIDC"),
			   TEXT("oidc"),
			   TEXT(""),
			   TEXT(""),
			   "ssooidc",
			   "AWS_ENDPOINT_URL_SSO_OIDC",
			   TEXT("sso_oidc"),
			   { NULL } },
};

const struct endpoint_service *endpoint_service(enum aws_service service)
{
	return &services[service];
}

static bool is_true(struct text word)
{
	return text_equal_ignore_case(word, T("true"));
}

static struct text either(struct text first, struct text second)
{
	return first.length ? first : second;
}

static bool ignores_configured(const struct environment *environment, const struct endpoint_profile *profile)
{
	return is_true(either(environment_get(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
			      profile->ignore_configured));
}

struct endpoint_choice endpoint_choose(const struct aws_settings *settings, const struct environment *environment,
				       const struct endpoint_profile *profile, enum aws_service service)
{
	static const struct endpoint_profile no_profile = { .url = TEXT("") };
	static const char every_service[] = "AWS_ENDPOINT_URL";
	const struct endpoint_service *about = &services[service];
	const bool ignores = ignores_configured(environment, profile ? profile : &no_profile);
	const struct {
		const char *name;
		bool old;
		bool configured; // may be ignored
	} variables[] = {
		{ about->variable, false, true },
		{ about->old_variables[0], true, false },
		{ about->old_variables[1], true, false },
		{ every_service, false, true },
	};
	if (settings->endpoints[service].length)
		return (struct endpoint_choice){ settings->endpoints[service], T("the provider argument \"endpoints\""),
						 false, true, NULL };
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		const char *name = variables[i].name;
		const struct text url = name ? environment_get(environment, name) : T("");
		if (url.length && !(variables[i].configured && ignores))
			return (struct endpoint_choice){ url, text_of(name), true, false,
							 variables[i].old ? name : NULL };
	}
	if (!profile || ignores)
		return (struct endpoint_choice){ .url = T("") };
	if (profile->services[service].length)
		return (struct endpoint_choice){ profile->services[service], T("the profile's \"services\" section"),
						 false, false, NULL };
	return (struct endpoint_choice){ profile->url, T("the profile's \"endpoint_url\""), false, false, NULL };
}

struct endpoint_variant endpoint_choose_variant(const struct aws_settings *settings,
						const struct environment *environment,
						const struct endpoint_profile *profile)
{
	const struct text fips =
		either(environment_get(environment, "AWS_USE_FIPS_ENDPOINT"), profile ? profile->use_fips : T(""));
	const struct text dual_stack = either(environment_get(environment, "AWS_USE_DUALSTACK_ENDPOINT"),
					      profile ? profile->use_dual_stack : T(""));
	return (struct endpoint_variant){ settings->use_fips_endpoint || is_true(fips),
					  settings->use_dualstack_endpoint || is_true(dual_stack) };
}

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct text endpoint_partition(struct text region)
{
	return partition_of_region(region)->name;
}

// In the partition aws-us-gov the usual hosts are the FIPS hosts.
static struct text host_of(struct arena *arena, enum aws_service service, struct text region,
			   struct endpoint_variant variant, struct text *ret_signing_region)
{
	const struct partition *partition = partition_of_region(region);
	const bool gov = text_equal(partition->name, T("aws-us-gov"));
	const bool plain_name = !variant.fips || (gov && !variant.dual_stack);
	const struct text suffix = variant.dual_stack ? partition->dual_stack_suffix : partition->suffix;
	*ret_signing_region = T("");
	if (service == AWS_IAM) {
		*ret_signing_region = partition->iam_region;
		return partition->iam_hosts[variant.dual_stack][variant.fips];
	}
	if (service == AWS_STS && text_equal(region, T("aws-global"))) {
		*ret_signing_region = T("us-east-1");
		return T("sts.amazonaws.com");
	}
	return text_print(arena, "%.*s%s.%.*s.%.*s", TEXT_ARG(services[service].host_prefix), plain_name ? "" : "-fips",
			  TEXT_ARG(region), TEXT_ARG(suffix));
}

struct endpoint endpoint_of_region(struct arena *arena, enum aws_service service, struct text region,
				   struct endpoint_variant variant)
{
	struct endpoint endpoint = { .path = T("/") };
	endpoint.host = host_of(arena, service, region, variant, &endpoint.signing_region);
	endpoint.url = text_print(arena, "https://%.*s/", TEXT_ARG(endpoint.host));
	return endpoint;
}

// Takes the scheme off the front.
static const char *parse_scheme(struct text *rest, bool *ret_plain)
{
	static const struct text https = TEXT("https://");
	static const struct text http = TEXT("http://");
	const struct text found = text_equal_ignore_case(text_part(*rest, 0, https.length), https) ? https
				  : text_equal_ignore_case(text_part(*rest, 0, http.length), http) ? http
												   : T("");
	if (found.length == 0)
		return "it must begin with https:// or http://";
	*ret_plain = found.length == http.length;
	*rest = text_part(*rest, found.length, rest->length);
	return NULL;
}

static const char *check_host(struct text name)
{
	if (name.length == 0)
		return "it names no host";
	if (name.at[0] == '[') {
		char address[INET6_ADDRSTRLEN] = "";
		struct in6_addr parsed;
		const struct text inner = text_part(name, 1, name.length - 2);
		if (inner.length < sizeof address)
			memcpy(address, inner.at, inner.length);
		const bool whole = strlen(address) == inner.length && name.at[name.length - 1] == ']';
		return whole && inet_pton(AF_INET6, address, &parsed) == 1
			       ? NULL
			       : "it has brackets, but no IPv6 address in them";
	}
	for (size_t i = 0; i < name.length; i++) {
		if (!is_alphanumeric(name.at[i]) && text_find_char(T(".-_"), name.at[i]) == SIZE_MAX)
			return "its host name has a character that host names do not have";
	}
	return NULL;
}

const char *endpoint_split_host(struct text authority, struct text *ret_host, struct text *ret_port)
{
	const bool bracketed = authority.length > 0 && authority.at[0] == '[';
	size_t end = bracketed ? text_find_char(authority, ']') : text_find_char(authority, ':');
	end = end == SIZE_MAX ? authority.length : end + bracketed;
	*ret_host = text_part(authority, 0, end);
	*ret_port = text_part(authority, end + 1, authority.length);
	if ((end < authority.length && authority.at[end] != ':') || text_find_char(*ret_port, ':') != SIZE_MAX)
		return "its IPv6 address must stand in brackets, with nothing but a port after them";
	return check_host(*ret_host);
}

static const char *check_path(struct text path)
{
	for (size_t i = 0; i < path.length; i++) {
		const char c = path.at[i];
		if (c == '?' || c == '#')
			return "it must end with the path: no '?' and no '#'";
		if (!percent_unreserved(c) && text_find_char(T("/%!$&'()*+,;=:@"), c) == SIZE_MAX)
			return "its path has a character that must be percent-encoded";
	}
	return NULL;
}

static const char *parse_port(struct text digits, bool plain, int64_t *ret_port)
{
	*ret_port = plain ? 80 : 443;
	if (digits.length == 0)
		return NULL;
	if (!text_to_int64(digits, ret_port) || *ret_port < 1 || *ret_port > 65535)
		return "its port must be a number from 1 to 65535";
	return NULL;
}

// 127.0.0.0/8 in dotted form; a name that merely begins with 127 is somebody's host.
static bool is_loopback_address(struct text name)
{
	if (!text_starts_with(name, T("127.")))
		return false;
	for (size_t i = 0; i < name.length; i++) {
		if (name.at[i] != '.' && (name.at[i] < '0' || name.at[i] > '9'))
			return false;
	}
	return true;
}

static bool is_loopback(struct text name)
{
	return text_equal(name, T("localhost")) || text_ends_with(name, T(".localhost")) || is_loopback_address(name) ||
	       text_equal(name, T("[::1]"));
}

const char *endpoint_parse(struct arena *arena, struct text url, struct endpoint *ret_endpoint)
{
	struct text rest = text_trim(url);
	bool plain = false;
	const char *problem = parse_scheme(&rest, &plain);
	if (problem)
		return problem;
	size_t authority_end = 0;
	while (authority_end < rest.length && text_find_char(T("/?#"), rest.at[authority_end]) == SIZE_MAX)
		authority_end++;
	const struct text authority = text_part(rest, 0, authority_end);
	const struct text path = text_part(rest, authority_end, rest.length);
	if (text_find_char(authority, '@') != SIZE_MAX)
		return "it must not contain a user name or password";
	struct text name;
	struct text digits;
	int64_t port = 0;
	problem = endpoint_split_host(authority, &name, &digits);
	if (!problem)
		problem = parse_port(digits, plain, &port);
	if (!problem)
		problem = check_path(path);
	if (problem)
		return problem;
	const bool usual_port = port == (plain ? 80 : 443);
	const struct text host = text_lower(arena, name);
	*ret_endpoint = (struct endpoint){ .plain = plain, .loopback = is_loopback(host) };
	ret_endpoint->host = usual_port ? host : text_print(arena, "%.*s:%lld", TEXT_ARG(host), (long long)port);
	ret_endpoint->path = path.length ? text_copy(arena, path) : T("/");
	ret_endpoint->url = text_print(arena, "%s://%.*s%.*s", plain ? "http" : "https", TEXT_ARG(ret_endpoint->host),
				       TEXT_ARG(ret_endpoint->path));
	return NULL;
}

struct text endpoint_below(struct arena *arena, const struct endpoint *endpoint, struct text below)
{
	const bool joined = text_ends_with(endpoint->path, T("/"));
	return text_print(arena, "%.*s%.*s", TEXT_ARG(endpoint->url), TEXT_ARG(text_part(below, joined, below.length)));
}
