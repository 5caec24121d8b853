// SPDX-License-Identifier: MPL-2.0
// A role of a login at IAM Identity Center (SSO), in the form with a section [sso-session] and the older one with all
// in the profile (facts: aws_client, 2.3).
#include "aws/credentials_sso.h"

#include "aws/aws.h"
#include "aws/credential_http.h"
#include "aws/json_secret.h"
#include "aws/percent.h"
#include "aws/sso_token.h"

static bool complain(struct call *call, const struct profile *profile, struct text what)
{
	diag_error(call, NULL, "Unusable SSO profile", "The profile \"%.*s\" in the shared AWS files uses SSO: %.*s.",
		   TEXT_ARG(profile->name), TEXT_ARG(what));
	return false;
}

static bool agrees(struct text in_profile, struct text in_session)
{
	return in_profile.length == 0 || text_equal(in_profile, in_session);
}

static bool find_login(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
		       struct sso_login *login)
{
	*login = (struct sso_login){ profile->name, profile->sso_session, profile->sso_start_url, profile->sso_region };
	if (login->session.length) {
		const struct config_section *section =
			config_file_section(&inputs->profiles->sections,
					    text_print(call->arena, "sso-session %.*s", TEXT_ARG(login->session)));
		if (!section)
			return complain(call, profile,
					text_print(call->arena, "the section [sso-session %.*s] does not exist",
						   TEXT_ARG(login->session)));
		login->region = config_file_value(section, T("sso_region"));
		login->start_url = config_file_value(section, T("sso_start_url"));
		if (!agrees(profile->sso_region, login->region) || !agrees(profile->sso_start_url, login->start_url))
			return complain(call, profile,
					T("its sso_region or sso_start_url differs from its sso-session's"));
	}
	if (!login->region.length || !login->start_url.length || !profile->sso_account_id.length ||
	    !profile->sso_role_name.length)
		return complain(call, profile,
				T("it needs all of sso_region, sso_start_url, sso_account_id and sso_role_name"));
	return text_is_label(login->region) || complain(call, profile, T("its sso_region is no region"));
}

static struct text encoded(struct call *call, struct text plain)
{
	char *at = arena_take(call->arena, percent_encoded_length(plain));
	return (struct text){ at, (size_t)(percent_encode(at, plain) - at) };
}

static bool read_answer(struct call *call, const struct profile *profile, const struct http_response *response,
			struct credentials **ret_credentials)
{
	const json_t *answer = json_secret_parse(call->arena, buffer_text(&response->body));
	const json_t *role = answer ? json_object_get(answer, "roleCredentials") : NULL;
	int64_t expires_at_ms = 0;
	const struct text key_id = json_secret_text(role, "accessKeyId");
	const struct text secret = json_secret_text(role, "secretAccessKey");
	const struct text token = json_secret_text(role, "sessionToken");
	if (!key_id.length || !secret.length || !token.length ||
	    !json_secret_number(role, "expiration", &expires_at_ms) || expires_at_ms < 0 ||
	    expires_at_ms > INT64_MAX / 1000)
		return complain(call, profile, T("SSO answered something that is no whole set of credentials"));
	*ret_credentials = credentials_new(call, T("SSO"), key_id, secret, token, expires_at_ms * 1000);
	if (!*ret_credentials)
		return false;
	credentials_set_source_name(*ret_credentials, T("SSO"));
	return true;
}

bool credentials_sso_retrieve(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
			      struct credentials **ret_credentials)
{
	struct sso_login login;
	struct text token = T("");
	*ret_credentials = NULL;
	struct endpoint endpoint;
	struct text chosen_by = T("");
	if (!find_login(call, inputs, profile, &login) || !sso_token_get(call, inputs, &login, &token) ||
	    !reach_endpoint(call, &inputs->aws->reach, AWS_SSO, login.region, &endpoint, &chosen_by))
		return false;
	const struct credential_request request = {
		.what = T("SSO role credentials"),
		.method = T("GET"),
		.url = endpoint_below(call->arena, &endpoint,
				      text_print(call->arena, "/federation/credentials?role_name=%.*s&account_id=%.*s",
						 TEXT_ARG(encoded(call, profile->sso_role_name)),
						 TEXT_ARG(encoded(call, profile->sso_account_id)))),
		.host = endpoint.host,
		.headers = { { T("x-amz-sso_bearer_token"), token } },
	};
	const struct http_response *response = credential_http_send(call, inputs->http, &request);
	if (response->problem == HTTP_ANSWERED && response->status == 200)
		return read_answer(call, profile, response, ret_credentials);
	const struct text reason = credential_http_reason(call, response);
	const bool refused = response->status == 401 || response->status == 403;
	diag_error(call, NULL, "No credentials from SSO",
		   "SSO at %.*s gave no credentials for the role \"%.*s\" in the account %.*s (profile \"%.*s\"): "
		   "%.*s.%s",
		   TEXT_ARG(endpoint.host), TEXT_ARG(profile->sso_role_name), TEXT_ARG(profile->sso_account_id),
		   TEXT_ARG(profile->name), TEXT_ARG(reason),
		   refused ? " Log in again with \"aws sso login\", and check that the role is assigned to you." : "");
	return false;
}
