// SPDX-License-Identifier: MPL-2.0
#include "aws/imds.h"

#include "aws/credential_http.h"
#include "aws/json_secret.h"
#include "aws/profile.h"
#include "aws/aws_settings.h"

static const int64_t connect_timeout_ms = 250;
static const int64_t answer_timeout_ms = 250 + 500; // the connection, and the first byte after it
static const int64_t operation_timeout_ms = 5000;
static const struct text token_seconds = TEXT("300");

static bool is_true(struct text word)
{
	return text_equal_ignore_case(word, T("true"));
}

bool imds_is_disabled(const struct credential_inputs *inputs)
{
	const enum settings_switch skip = inputs->settings->skip_metadata_api_check;
	if (skip != SETTINGS_UNSET)
		return skip == SETTINGS_ON;
	return is_true(environment_get(inputs->environment, "AWS_EC2_METADATA_DISABLED"));
}

// The first that is set: the argument, the variables, the profile.
static struct text choose(const struct credential_inputs *inputs, struct text argument, const char *variable,
			  const char *old_variable, struct text key, struct text *ret_chosen_by)
{
	*ret_chosen_by = T("the provider argument ec2_metadata_service_endpoint or its mode");
	if (argument.length)
		return argument;
	*ret_chosen_by = T("the environment variable AWS_EC2_METADATA_SERVICE_ENDPOINT or its mode");
	const struct text named = environment_get_either(inputs->environment, variable, old_variable);
	if (named.length)
		return named;
	*ret_chosen_by = T("the profile's ec2_metadata_service_endpoint or its mode");
	return profile_value(inputs->profiles, key);
}

static bool choose_endpoint(struct call *call, struct imds *imds)
{
	const struct aws_settings *settings = imds->inputs->settings;
	struct text url =
		choose(imds->inputs, settings->ec2_metadata_service_endpoint, "AWS_EC2_METADATA_SERVICE_ENDPOINT",
		       "AWS_METADATA_URL", T("ec2_metadata_service_endpoint"), &imds->chosen_by);
	const char *problem = NULL;
	if (url.length == 0) {
		const struct text mode =
			choose(imds->inputs, settings->ec2_metadata_service_endpoint_mode,
			       "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
			       T("ec2_metadata_service_endpoint_mode"), &imds->chosen_by);
		if (text_equal_ignore_case(mode, T("IPv6")))
			url = T("http://[fd00:ec2::254]");
		else if (mode.length == 0 || text_equal_ignore_case(mode, T("IPv4")))
			url = T("http://169.254.169.254");
		else
			problem = "its mode must be IPv4 or IPv6";
	}
	if (!problem)
		problem = endpoint_parse(call->arena, url, &imds->endpoint);
	if (!problem)
		return true;
	diag_error(call, NULL, "Invalid metadata endpoint",
		   "The endpoint of the EC2 metadata service, chosen by %.*s, cannot be used: %s.",
		   TEXT_ARG(imds->chosen_by), problem);
	return false;
}

bool imds_open(struct call *call, const struct credential_inputs *inputs, struct imds *ret_imds)
{
	const struct text forbidden = environment_get(inputs->environment, "AWS_EC2_METADATA_V1_DISABLED");
	*ret_imds = (struct imds){ .inputs = inputs, .token = T("") };
	ret_imds->version_1_forbidden =
		is_true(forbidden.length ? forbidden : profile_value(inputs->profiles, T("ec2_metadata_v1_disabled")));
	return choose_endpoint(call, ret_imds);
}

static const struct http_response *send(struct call *call, const struct imds *imds, struct text what,
					struct text method, struct text path, struct http_header header)
{
	const struct credential_request request = {
		.what = what,
		.method = method,
		.url = endpoint_below(call->arena, &imds->endpoint, path),
		.host = imds->endpoint.host,
		.headers = { header },
		.no_proxy = true,
		.connect_timeout_ms = connect_timeout_ms,
		.timeout_ms = answer_timeout_ms,
		.deadline_ms = operation_timeout_ms,
	};
	return credential_http_send(call, imds->inputs->http, &request);
}

static enum imds_result unreachable(struct call *call, const struct http_response *response, struct text *ret_reason)
{
	*ret_reason = credential_http_reason(call, response);
	return response->problem == HTTP_CANCELLED ? IMDS_STOPPED : IMDS_UNREACHABLE;
}

// Asks for a token, or finds that there are none.
static enum imds_result take_token(struct call *call, struct imds *imds, struct text *ret_reason)
{
	const struct http_response *response =
		send(call, imds, T("metadata token"), T("PUT"), T("/latest/api/token"),
		     (struct http_header){ T("X-aws-ec2-metadata-token-ttl-seconds"), token_seconds });
	const int status = response->problem == HTTP_ANSWERED ? response->status : 0;
	if (status == 200) {
		imds->token = text_trim(text_copy(call->arena, buffer_text(&response->body)));
		if (!text_is_visible(imds->token)) // it goes into a header
			imds->token = T("");
		*ret_reason = T("its token cannot be used");
		return imds->token.length ? IMDS_FOUND : IMDS_UNREACHABLE;
	}
	if ((status == 403 || status == 404 || status == 405) && !imds->version_1_forbidden) {
		imds->version_1 = true;
		return IMDS_FOUND;
	}
	const enum imds_result result = unreachable(call, response, ret_reason);
	if (response->problem == HTTP_TIMEOUT)
		*ret_reason = T("it did not answer in time; in a container on an instance, the instance's metadata "
				"hop limit must be 2 or more");
	return result;
}

enum imds_result imds_get(struct call *call, struct imds *imds, struct text path, struct text *ret_content,
			  struct text *ret_reason)
{
	*ret_content = T("");
	*ret_reason = T("");
	for (int round = 0;; round++) {
		if (!imds->version_1 && imds->token.length == 0) {
			const enum imds_result result = take_token(call, imds, ret_reason);
			if (result != IMDS_FOUND)
				return result;
		}
		const struct http_header token = { T("X-aws-ec2-metadata-token"), imds->token };
		const struct http_response *response =
			send(call, imds, T("metadata"), T("GET"), path,
			     imds->version_1 ? (struct http_header){ T(""), T("") } : token);
		const int status = response->problem == HTTP_ANSWERED ? response->status : 0;
		if (status == 401 && round == 0 && !imds->version_1) {
			imds->token = T(""); // it has ended
			continue;
		}
		if (status == 404)
			return IMDS_ABSENT;
		if (status != 200)
			return unreachable(call, response, ret_reason);
		*ret_content = text_copy(call->arena, buffer_text(&response->body));
		return IMDS_FOUND;
	}
}

struct text imds_region(struct call *call, const struct credential_inputs *inputs)
{
	struct imds imds;
	struct text content = T("");
	struct text reason = T("it has no identity document");
	if (!imds_open(call, inputs, &imds))
		return T("");
	const enum imds_result result =
		imds_get(call, &imds, T("/latest/dynamic/instance-identity/document"), &content, &reason);
	const json_t *document = result == IMDS_FOUND ? json_secret_parse(call->arena, content) : NULL;
	const struct text region = document ? json_secret_text(document, "region") : T("");
	if (text_is_label(region))
		return region;
	diag_error(call, NULL, "No AWS region",
		   "The credentials are those of the EC2 instance, but its metadata service did not return the region "
		   "(%.*s). Set the provider argument \"region\", the environment variable AWS_REGION, or \"region\" "
		   "in the "
		   "profile.",
		   TEXT_ARG(reason.length ? reason : T("its identity document names none")));
	return T("");
}
