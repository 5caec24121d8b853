// SPDX-License-Identifier: MPL-2.0
// The role of the container that the program runs in: ECS and CodeBuild name a path, EKS Pod Identity a whole URL. The
// request carries a token, so it goes unencrypted only to this machine and to AWS's own link-local hosts, whatever they
// are called.
#include "aws/address.h"
#include "aws/credential_http.h"
#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/iso_date.h"
#include "aws/json_secret.h"
#include "aws/whole_file.h"
#include "base/limits.h"

static const struct text relative_base = TEXT("http://169.254.170.2");
static const int64_t connect_timeout_ms = 1000;
static const int64_t answer_timeout_ms = 5000;
#define NEAR_HOSTS                                                                                                     \
	"without encryption (http://) only loopback addresses, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23] may "  \
	"be asked, or a name that stands for one of them"

struct place {
	struct text named_by; // the variable
	struct text url;
	struct endpoint endpoint; // of the URL, without its query
	bool is_plain_name;       // not encrypted, and only the transport knows what address it stands for
};

static bool complain(struct call *call, const struct place *place, struct text what)
{
	diag_error(call, NULL, "No credentials from the container endpoint",
		   "The container credentials endpoint%s%.*s, named by the environment variable %.*s, gave no "
		   "credentials: %.*s.",
		   place->endpoint.host.length ? " at " : "", TEXT_ARG(place->endpoint.host), TEXT_ARG(place->named_by),
		   TEXT_ARG(what));
	return false;
}

// What may be asked without encryption. False: it may not.
static bool check_plain(struct place *place)
{
	struct text host = T("");
	struct text port = T("");
	struct address address;
	bool is_ipv4 = false;
	(void)endpoint_split_host(place->endpoint.host, &host, &port);
	if (text_starts_with(host, T("[")))
		host = text_part(host, 1, host.length - 2);
	place->is_plain_name = !address_parse(host, &address, &is_ipv4);
	return place->is_plain_name || address_is_near(&address);
}

// The endpoint's parser takes no query; one may stand in the URL all the same.
static const char *parse_url(struct call *call, struct place *place, struct text url)
{
	const size_t mark = text_find_char(url, '?');
	const size_t end = mark == SIZE_MAX ? url.length : mark;
	const struct text query = text_part(url, end, url.length);
	if (!text_is_visible(query) || text_find_char(query, '#') != SIZE_MAX)
		return "its query has a character that must be percent-encoded";
	place->url = url;
	return endpoint_parse(call->arena, text_part(url, 0, end), &place->endpoint);
}

static bool find_place(struct call *call, const struct environment *environment, struct place *place)
{
	const struct text relative = environment_get(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	const struct text full = environment_get(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
	const char *problem = NULL;
	if (relative.length) {
		place->named_by = T("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
		const struct text url =
			text_print(call->arena, "%.*s%.*s", TEXT_ARG(relative_base), TEXT_ARG(relative));
		problem = relative.at[0] == '/' ? parse_url(call, place, url) : "it must begin with '/'";
	} else {
		place->named_by = T("AWS_CONTAINER_CREDENTIALS_FULL_URI");
		problem = parse_url(call, place, full);
		if (!problem && place->endpoint.plain && !check_plain(place))
			problem = NEAR_HOSTS;
	}
	return !problem || complain(call, place, text_of(problem));
}

// The value of the Authorization header; empty: none.
static bool find_token(struct call *call, const struct environment *environment, const struct place *place,
		       struct text *ret_token)
{
	const struct text path = environment_get(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	*ret_token = environment_get(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	if (path.length) {
		const char *problem = whole_file_read(call, call->arena, path, LIMIT_CONFIG_FILE_BYTES, ret_token);
		if (problem)
			return complain(call, place,
					text_print(call->arena,
						   "the file \"%.*s\" with its token "
						   "(AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be read: %s",
						   TEXT_ARG(path), problem));
		while (ret_token->length && ret_token->at[ret_token->length - 1] == '\n')
			ret_token->length--; // an editor's last line end
	}
	for (size_t i = 0; i < ret_token->length; i++) {
		if (ret_token->at[i] < ' ' || ret_token->at[i] > '~')
			return complain(
				call, place,
				T("its token has a line break or another character that is not allowed in a header"));
	}
	return true;
}

static bool read_answer(struct call *call, const struct place *place, const struct http_response *response,
			struct credentials **ret_credentials)
{
	if (response->problem == HTTP_REFUSED && place->is_plain_name)
		return complain(call, place, T("no connection could be made; " NEAR_HOSTS));
	if (response->problem != HTTP_ANSWERED || response->status != 200)
		return complain(call, place, credential_http_reason(call, response));
	json_t *answer = json_secret_parse(call->arena, buffer_text(&response->body));
	if (!answer)
		return complain(call, place, T("its answer is not JSON"));
	const struct text key_id = json_secret_text_any_case(answer, "AccessKeyId");
	const struct text secret = json_secret_text_any_case(answer, "SecretAccessKey");
	const struct text expiration = json_secret_text_any_case(answer, "Expiration");
	int64_t expires_at_us = CREDENTIALS_NEVER_EXPIRE;
	if (!key_id.length || !secret.length)
		return complain(call, place, T("its answer has no keys"));
	if (expiration.length && !iso_date_parse(expiration, &expires_at_us))
		return complain(call, place, T("the Expiration in its response is not a date and time"));
	*ret_credentials = credentials_new(call, T("the container credentials endpoint"), key_id, secret,
					   json_secret_text_any_case(answer, "Token"), expires_at_us);
	return *ret_credentials != NULL;
}

static bool retrieve(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		     struct text *ret_hint)
{
	(void)ret_hint;
	struct place place = { .named_by = T("") };
	struct text token = T("");
	*ret_credentials = NULL;
	if (environment_get_either(inputs->environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
				   "AWS_CONTAINER_CREDENTIALS_FULL_URI")
		    .length == 0)
		return true;
	if (!find_place(call, inputs->environment, &place) || !find_token(call, inputs->environment, &place, &token))
		return false;
	const struct credential_request request = {
		.what = T("container credentials"),
		.method = T("GET"),
		.url = place.url,
		.host = place.endpoint.host,
		.headers = { { T("Accept"), T("application/json") },
			     { token.length ? T("Authorization") : T(""), token } },
		.no_proxy = true,
		.near_only = place.endpoint.plain,
		.connect_timeout_ms = connect_timeout_ms,
		.timeout_ms = answer_timeout_ms,
	};
	return read_answer(call, &place, credential_http_send(call, inputs->http, &request), ret_credentials);
}

const struct credential_source credentials_container = {
	TEXT("container"),
	TEXT("the role of the container (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or "
	     "AWS_CONTAINER_CREDENTIALS_FULL_URI)"),
	retrieve,
};
