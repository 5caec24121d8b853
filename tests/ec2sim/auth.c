// SPDX-License-Identifier: MPL-2.0
#include "auth.h"

#include "actions.h"
#include "faults.h"
#include "issuer.h"
#include "timestamp.h"
#include "world.h"

#include "aws/sigv4.h"
#include "base/clock.h"

#include <stdlib.h>

// AWS takes a signature for 15 minutes to either side of its own clock.
#define AUTH_SKEW_SECONDS (15 * 60)

// The Authorization header, taken apart.
struct authorization {
	struct text access_key;
	struct text date;
	struct text region;
	struct text service;
	struct text signed_headers;
	struct text signature;
	struct text timestamp;
};

static bool refuse_identity(struct exchange *exchange, const char *query_code, const char *query_message)
{
	if (exchange->service == SERVICE_EC2)
		return exchange_refuse(exchange, "AuthFailure",
				       "AWS was not able to validate the provided access credentials");
	return exchange_refuse(exchange, query_code, "%s", query_message);
}

static bool refuse_signature(struct exchange *exchange, const char *message)
{
	return refuse_identity(exchange, "SignatureDoesNotMatch", message);
}

// "name=value" out of a list that is separated by commas and blanks.
static struct text find_member(struct text list, struct text name)
{
	struct text part = { 0 };
	while (text_take_until(&list, ',', &part)) {
		part = text_trim(part);
		if (text_starts_with(part, name))
			return text_part(part, name.length, part.length);
	}
	return T("");
}

static bool parse(struct exchange *exchange, struct authorization *ret)
{
	struct text header = front_header(exchange->request, "Authorization");
	if (header.length == 0)
		return refuse_identity(exchange, "MissingAuthenticationToken",
				       "Request is missing Authentication Token");
	const struct text algorithm = T("AWS4-HMAC-SHA256 ");
	if (!text_starts_with(header, algorithm))
		return refuse_identity(exchange, "IncompleteSignature",
				       "Authorization header requires the algorithm AWS4-HMAC-SHA256");
	header = text_part(header, algorithm.length, header.length);
	struct text credential = find_member(header, T("Credential="));
	ret->signed_headers = find_member(header, T("SignedHeaders="));
	ret->signature = find_member(header, T("Signature="));
	ret->timestamp = front_header(exchange->request, "X-Amz-Date");
	struct text terminator = { 0 };
	const bool whole =
		text_take_until(&credential, '/', &ret->access_key) && text_take_until(&credential, '/', &ret->date) &&
		text_take_until(&credential, '/', &ret->region) && text_take_until(&credential, '/', &ret->service) &&
		text_take_until(&credential, '/', &terminator) && text_equal(terminator, T("aws4_request")) &&
		credential.length == 0;
	if (!whole || ret->signed_headers.length == 0 || ret->signature.length == 0)
		return refuse_identity(exchange, "IncompleteSignature",
				       "Authorization header requires Credential, SignedHeaders and Signature");
	return true;
}

static bool check_time(struct exchange *exchange, const struct authorization *authorization)
{
	int64_t signed_at = 0;
	if (!timestamp_parse(authorization->timestamp, &signed_at) ||
	    !text_starts_with(authorization->timestamp, authorization->date))
		return refuse_signature(exchange, "Date in Credential scope does not match X-Amz-Date");
	const struct fault *skew = faults_lasting(exchange->world->faults, FAULT_SKEW);
	const int64_t now = clock_realtime_us(&clock_system) / 1000000 + (skew ? (int64_t)skew->seconds : 0);
	if (llabs(now - signed_at) > AUTH_SKEW_SECONDS)
		return exchange_refuse(exchange, "RequestExpired", "Request has expired.");
	return true;
}

static bool check_scope(struct exchange *exchange, const struct authorization *authorization)
{
	if (!text_equal(authorization->service, text_of(actions_signing_name(exchange->service))))
		return refuse_signature(exchange, "Credential should be scoped to correct service");
	if (!world_has_region(exchange->world, exchange->region))
		return refuse_signature(exchange, "Credential should be scoped to a valid region");
	return true;
}

// The headers that the request says it signed. False when one that must be signed is not, or one is not there.
static bool collect_headers(const struct exchange *exchange, const struct authorization *authorization,
			    struct sigv4_request *signed_request)
{
	const struct http_request *request = exchange->request;
	struct sigv4_header *headers = ARENA_ARRAY(exchange->arena, struct sigv4_header, request->header_count + 1);
	bool host = false;
	for (size_t i = 0; i < request->header_count; i++) {
		const struct text name = text_lower(exchange->arena, request->headers[i].name);
		struct text rest = authorization->signed_headers;
		struct text listed = { 0 };
		bool found = false;
		while (!found && text_take_until(&rest, ';', &listed))
			found = text_equal(listed, name);
		if (found)
			headers[signed_request->header_count++] = request->headers[i];
		else if (text_starts_with(name, T("x-amz-")))
			return false;
		host = host || (found && text_equal(name, T("host")));
	}
	signed_request->headers = headers;
	return host && text_equal(sigv4_signed_headers(exchange->arena, signed_request), authorization->signed_headers);
}

static bool check_signature(struct exchange *exchange, const struct authorization *authorization,
			    const char *secret_key)
{
	const struct http_request *request = exchange->request;
	char body_hash[SIGV4_HEX_CHARS + 1];
	char signature[SIGV4_HEX_CHARS + 1];
	struct sigv4_request signed_request = {
		.method = request->method,
		.path = request->path,
		.query = request->query,
	};
	const struct sigv4_scope scope = {
		.timestamp = authorization->timestamp,
		.region = authorization->region,
		.service = authorization->service,
	};
	if (!sigv4_hash(request->body, body_hash))
		return exchange_refuse(exchange, "InternalError", "The body cannot be hashed");
	signed_request.body_hash = text_of(body_hash);
	if (!collect_headers(exchange, authorization, &signed_request) ||
	    !sigv4_signature(exchange->arena, &signed_request, &scope, text_of(secret_key), signature) ||
	    !text_equal(text_of(signature), authorization->signature))
		return refuse_signature(exchange, "The request signature we calculated does not match the signature "
						  "you provided. Check your AWS Secret Access Key and signing method.");
	return true;
}

bool auth_check(struct exchange *exchange)
{
	struct authorization authorization = { 0 };
	struct credential credential;
	if (!parse(exchange, &authorization))
		return false;
	exchange->region = text_to_c_string(exchange->arena, authorization.region);
	const char *access_key = text_to_c_string(exchange->arena, authorization.access_key);
	const struct text token = front_header(exchange->request, "X-Amz-Security-Token");
	if (!issuer_find(exchange->world, access_key, &credential) || !text_equal(token, text_of(credential.token)))
		return refuse_identity(exchange, "InvalidClientTokenId",
				       "The security token included in the request is invalid.");
	if (!check_scope(exchange, &authorization) || !check_time(exchange, &authorization) ||
	    !check_signature(exchange, &authorization, credential.secret_key))
		return false;
	if (credential.expired)
		return exchange_refuse(exchange, exchange->service == SERVICE_EC2 ? "RequestExpired" : "ExpiredToken",
				       exchange->service == SERVICE_EC2
					       ? "Request has expired."
					       : "The security token included in the request is expired");
	exchange->access_key = credential.access_key;
	exchange->account = credential.account;
	return true;
}

bool auth_unsigned(struct exchange *exchange)
{
	const json_t *first = json_array_get(json_object_get(exchange->world->seed, "credentials"), 0);
	exchange->access_key = "";
	exchange->account = json_string_value(json_object_get(first, "account"));
	exchange->region = "us-east-1";
	return true;
}
