// SPDX-License-Identifier: MPL-2.0
#include "aws/transport.h"

#include "aws/home_path.h"
#include "aws/trust.h"

#include <unistd.h>

// An argument that is no proxy is an error; from the environment, which the user may not rule, it is passed over, as
// Terraform does.
static bool check_proxy(struct call *call, struct text *proxy, bool by_argument, const char *argument,
			const char *variable)
{
	const char *problem = proxy_problem(*proxy);
	if (!problem)
		return true;
	if (by_argument) {
		diag_error(call, NULL, "Invalid proxy", "The provider argument \"%s\" cannot be used: %s.", argument,
			   problem);
		return false;
	}
	diag_warning(call, NULL, "Invalid proxy",
		     "The environment variable %s cannot be used: %s. Requests are sent without a proxy.", variable,
		     problem);
	*proxy = T("");
	return true;
}

static bool choose_proxies(struct call *call, const struct aws_settings *settings,
			   const struct environment *environment, struct proxy_rules *ret_rules)
{
	*ret_rules = proxy_rules_of(&settings->proxies, environment);
	const bool http_by_argument = settings->proxies.http.is_set;
	const bool https_by_argument = settings->proxies.https.is_set;
	if (!check_proxy(call, &ret_rules->http, http_by_argument, "http_proxy", "HTTP_PROXY"))
		return false;
	if (ret_rules->http_serves_https)
		diag_warning(call, NULL, "No proxy for HTTPS",
			     "The provider argument \"http_proxy\" is set, but no proxy for HTTPS requests, so they "
			     "use %.*s%.*s too. Set \"https_proxy\", to an empty string for no proxy.",
			     TEXT_ARG(proxy_scheme(ret_rules->http)), TEXT_ARG(proxy_authority(ret_rules->http)));
	return ret_rules->http_serves_https ||
	       check_proxy(call, &ret_rules->https, https_by_argument, "https_proxy", "HTTPS_PROXY");
}

static bool choose_trust(struct call *call, const struct aws_settings *settings, const struct environment *environment,
			 struct trust *ret_trust)
{
	if (settings->custom_ca_bundle.length == 0) {
		*ret_trust = trust_find(environment, NULL);
		return true;
	}
	const struct text path = home_path_expand(call->arena, environment, settings->custom_ca_bundle);
	*ret_trust = (struct trust){ .file = path };
	if (access(text_to_c_string(call->arena, path), R_OK) == 0)
		return true;
	diag_error(call, NULL, "Certificates cannot be read",
		   "The file %.*s, named by the provider argument \"custom_ca_bundle\", does not exist or cannot be "
		   "read.",
		   TEXT_ARG(path));
	return false;
}

bool transport_choose(struct call *call, const struct aws_settings *settings, const struct environment *environment,
		      struct http_curl_options *ret_options)
{
	struct trust trust;
	*ret_options = (struct http_curl_options){ .insecure = settings->insecure };
	if (!choose_proxies(call, settings, environment, &ret_options->proxies) ||
	    !choose_trust(call, settings, environment, &trust))
		return false;
	ret_options->ca_file = trust.file;
	ret_options->ca_directories = trust.directories;
	if (settings->insecure)
		diag_warning(
			call, NULL, "Certificates are not verified",
			"The provider argument \"insecure\" is true: anybody on the way to AWS can read and change "
			"requests and answers. Use it for tests only; for a proxy that opens TLS, name its "
			"certificates in \"custom_ca_bundle\" instead.");
	return true;
}
