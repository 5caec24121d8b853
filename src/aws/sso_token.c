// SPDX-License-Identifier: MPL-2.0
#include "aws/sso_token.h"

#include "aws/aws.h"
#include "aws/credential_http.h"
#include "aws/home_path.h"
#include "aws/iso_date.h"
#include "aws/json_secret.h"
#include "aws/whole_file.h"
#include "base/limits.h"
#include "base/log.h"

#include <openssl/evp.h>

#define SHA1_BYTES 20

static bool complain(struct call *call, const struct sso_login *login, const char *what)
{
	const bool has_session = login->session.length > 0;
	diag_error(call, NULL, "No SSO login",
		   "The profile \"%.*s\" uses SSO, and its login %s. Log in with \"aws sso login %s %.*s\", then try "
		   "again.",
		   TEXT_ARG(login->profile), what, has_session ? "--sso-session" : "--profile",
		   TEXT_ARG(has_session ? login->session : login->profile));
	return false;
}

// The file in the cache; empty when there is no home directory.
static struct text sso_token_path(struct call *call, const struct environment *environment,
				  const struct sso_login *login)
{
	static const char digits[] = "0123456789abcdef";
	const struct text name = login->session.length ? login->session : login->start_url;
	unsigned char hash[EVP_MAX_MD_SIZE];
	char hex[2 * SHA1_BYTES];
	if (EVP_Digest(name.at, name.length, hash, NULL, EVP_sha1(), NULL) != 1)
		return T("");
	for (size_t i = 0; i < SHA1_BYTES; i++) {
		hex[2 * i] = digits[hash[i] >> 4];
		hex[2 * i + 1] = digits[hash[i] & 0x0F];
	}
	return home_path_of(call->arena, environment,
			    text_print(call->arena, ".aws/sso/cache/%.*s.json", (int)sizeof hex, hex));
}

static bool is_header_value(struct text value)
{
	return value.length > 0 && text_is_visible(value);
}

// Puts what the service answered into the cache, whose other members stay as they are.
static void keep(struct call *call, json_t *cache, struct text path, const json_t *answer, int64_t expires_at_us)
{
	char date[ISO_DATE_CHARS + 1] = "";
	const struct text refresh = json_secret_text(answer, "refreshToken");
	const bool kept = iso_date_print(expires_at_us, date) &&
			  json_secret_set(cache, "accessToken", json_secret_text(answer, "accessToken")) &&
			  json_secret_set(cache, "expiresAt", text_of(date)) &&
			  (refresh.length == 0 || json_secret_set(cache, "refreshToken", refresh));
	const struct text content = kept ? json_secret_print(call->arena, cache) : T("");
	if (content.length == 0 || whole_file_replace(call->arena, path, content) != NULL)
		// The token serves all the same; the next run has to renew it again, or to log in.
		LOG(call->log, LOG_WARN, "the renewed SSO login could not be written to its cache",
		    LOG_TEXT("path", path));
}

// NULL with an error.
static const struct http_response *ask_renewal(struct call *call, const struct credential_inputs *inputs,
					       const struct sso_login *login, const json_t *cache,
					       struct text *ret_host)
{
	struct endpoint endpoint;
	struct text chosen_by = T("");
	if (!reach_endpoint(call, &inputs->aws->reach, AWS_SSO_OIDC, login->region, &endpoint, &chosen_by))
		return NULL;
	*ret_host = endpoint.host;
	json_t *body = json_secret_object(call->arena);
	const bool made = body && json_secret_set(body, "clientId", json_secret_text(cache, "clientId")) &&
			  json_secret_set(body, "clientSecret", json_secret_text(cache, "clientSecret")) &&
			  json_secret_set(body, "refreshToken", json_secret_text(cache, "refreshToken")) &&
			  json_secret_set(body, "grantType", T("refresh_token"));
	if (!made) {
		diag_error(call, NULL, "Out of memory", "There was no memory to renew the SSO login.");
		return NULL;
	}
	const struct credential_request request = {
		.what = T("SSO token"),
		.method = T("POST"),
		.url = endpoint_below(call->arena, &endpoint, T("/token")),
		.host = endpoint.host,
		.headers = { { T("Content-Type"), T("application/json") } },
		.body = json_secret_print(call->arena, body),
	};
	return credential_http_send(call, inputs->http, &request);
}

static bool renew(struct call *call, const struct credential_inputs *inputs, const struct sso_login *login,
		  json_t *cache, struct text path, struct text *ret_token)
{
	if (!json_secret_text(cache, "clientId").length || !json_secret_text(cache, "clientSecret").length ||
	    !json_secret_text(cache, "refreshToken").length)
		return complain(call, login, "has expired and cannot be renewed");
	struct text host = T("");
	const struct http_response *response = ask_renewal(call, inputs, login, cache, &host);
	if (!response)
		return false;
	if (response->problem == HTTP_ANSWERED && response->status >= 400 && response->status < 500)
		return complain(call, login, "has expired, and SSO refused to renew it");
	if (response->problem != HTTP_ANSWERED || response->status != 200) {
		const struct text reason = credential_http_reason(call, response);
		diag_error(call, NULL, "Cannot renew the SSO login",
			   "The login of the profile \"%.*s\" has expired, and SSO at %.*s could not be asked to renew "
			   "it: %.*s.",
			   TEXT_ARG(login->profile), TEXT_ARG(host), TEXT_ARG(reason));
		return false;
	}
	const json_t *answer = json_secret_parse(call->arena, buffer_text(&response->body));
	int64_t seconds = 0;
	*ret_token = answer ? json_secret_text(answer, "accessToken") : T("");
	if (!is_header_value(*ret_token) || !json_secret_number(answer, "expiresIn", &seconds) || seconds < 0 ||
	    seconds > INT32_MAX)
		return complain(call, login, "has expired, and the answer that should renew it makes no sense");
	keep(call, cache, path, answer, clock_realtime_us(call->clock) + seconds * 1000000);
	return true;
}

bool sso_token_get(struct call *call, const struct credential_inputs *inputs, const struct sso_login *login,
		   struct text *ret_token)
{
	const struct text path = sso_token_path(call, inputs->environment, login);
	struct text content = T("");
	*ret_token = T("");
	if (path.length == 0 || whole_file_read(call, call->arena, path, LIMIT_CONFIG_FILE_BYTES, &content) != NULL)
		return complain(call, login, "is not in the cache (~/.aws/sso/cache)");
	json_t *cache = json_secret_parse(call->arena, content);
	int64_t expires_at_us = 0;
	if (!cache || !is_header_value(json_secret_text(cache, "accessToken")) ||
	    !iso_date_parse(json_secret_text(cache, "expiresAt"), &expires_at_us))
		return complain(call, login, "stands in a cache file that is damaged");
	if (clock_realtime_us(call->clock) < expires_at_us) {
		*ret_token = json_secret_text(cache, "accessToken");
		return true;
	}
	if (login->session.length == 0)
		return complain(call, login, "has expired");
	return renew(call, inputs, login, cache, path, ret_token);
}
