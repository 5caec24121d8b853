// SPDX-License-Identifier: MPL-2.0
#include "identity.h"

#include "issuer.h"
#include "world.h"

#include <stdlib.h>
#include <string.h>

#define IDENTITY_LIFETIME   (6 * 60 * 60)
#define IDENTITY_ROLE       "simulator-instance"
#define IDENTITY_ACCOUNT    "123456789012"
#define IDENTITY_IMDS_TOKEN "simulator-metadata-token"

static void answer_text(struct http_answer *answer, struct text body)
{
	answer->content_type = "text/plain";
	buffer_append_text(&answer->body, body);
}

// Takes the object over.
static void answer_json(struct http_answer *answer, unsigned status, json_t *object)
{
	char *printed = json_dumps(object, JSON_COMPACT);
	answer->status = status;
	answer->content_type = "application/json";
	buffer_append_text(&answer->body, text_of(printed));
	free(printed);
	json_decref(object);
}

static void spoil(struct http_answer *answer, enum issuer_mode mode)
{
	if (mode == ISSUER_MALFORMED)
		answer->body.length -= answer->body.length / 3;
}

// Issues credentials of a role and answers with them under the names that containers and instances use.
static void answer_credentials(struct world *world, const struct http_request *request, const char *source,
			       struct http_answer *answer)
{
	const struct text arn =
		text_print(request->arena, "arn:aws:sts::" IDENTITY_ACCOUNT ":assumed-role/%s/session", source);
	world_lock(world);
	const json_t *issued =
		issuer_issue(world, source, IDENTITY_ACCOUNT, text_to_c_string(request->arena, arn), IDENTITY_LIFETIME);
	const struct text end = issuer_date(request->arena, json_integer_value(json_object_get(issued, "expires_s")));
	json_t *told = json_pack("{s:s, s:O, s:O, s:O, s:s%, s:s}", "Code", "Success", "AccessKeyId",
				 json_object_get(issued, "access_key"), "SecretAccessKey",
				 json_object_get(issued, "secret_key"), "Token", json_object_get(issued, "token"),
				 "Expiration", end.at, end.length, "AccountId", IDENTITY_ACCOUNT);
	world_unlock(world);
	answer_json(answer, 200, told);
}

static void serve_container(struct world *world, const struct http_request *request, enum issuer_mode mode,
			    struct http_answer *answer)
{
	const char *wanted = issuer_setting(world, request->arena, "container", "authorization");
	const struct text given = front_header(request, "Authorization");
	if (mode == ISSUER_DENIED || (wanted && !text_equal(given, text_of(wanted))))
		answer_json(answer, 401, json_pack("{s:s, s:s}", "code", "AccessDenied", "message", "not you"));
	else
		answer_credentials(world, request, "container", answer);
}

// Version 2 wants the token; with "tokens": "optional" version 1 works too, with "absent" there is no version 2.
static bool passes_metadata(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	const char *tokens = issuer_setting(world, request->arena, "imds", "tokens");
	const struct text given = front_header(request, "X-aws-ec2-metadata-token");
	const bool right = text_equal(given, T(IDENTITY_IMDS_TOKEN));
	const bool may_lack = tokens && strcmp(tokens, "required") != 0;
	answer->status = 401;
	if (front_header(request, "X-Forwarded-For").length)
		answer->status = 403;
	else if (right || (given.length == 0 && may_lack))
		answer->status = 200;
	return answer->status == 200;
}

static void serve_metadata_token(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	const char *tokens = issuer_setting(world, request->arena, "imds", "tokens");
	const struct text lifetime = front_header(request, "X-aws-ec2-metadata-token-ttl-seconds");
	int64_t seconds = 0;
	if (tokens && strcmp(tokens, "absent") == 0) {
		answer->status = 404;
	} else if (!text_equal(request->method, T("PUT")) || !text_to_int64(lifetime, &seconds) || seconds < 1 ||
		   seconds > 21600) {
		answer->status = 400;
	} else {
		answer->metadata_seconds = text_to_c_string(request->arena, lifetime);
		answer_text(answer, T(IDENTITY_IMDS_TOKEN));
	}
}

static void serve_metadata(struct world *world, const struct http_request *request, enum issuer_mode mode,
			   struct http_answer *answer)
{
	static const struct text roles = TEXT("/latest/meta-data/iam/security-credentials/");
	const char *said_role = issuer_setting(world, request->arena, "imds", "role");
	const char *said_region = issuer_setting(world, request->arena, "imds", "region");
	const struct text role = said_role ? text_of(said_role) : T(IDENTITY_ROLE);
	const struct text region = said_region ? text_of(said_region) : T("eu-central-1");
	answer->content_type = "text/plain";
	if (mode == ISSUER_DENIED) {
		answer->status = 403;
	} else if (text_equal(request->path, T("/latest/api/token"))) {
		serve_metadata_token(world, request, answer);
	} else if (!passes_metadata(world, request, answer)) {
		return;
	} else if (text_equal(request->path, roles)) {
		answer_text(answer, role);
	} else if (text_starts_with(request->path, roles) &&
		   text_equal(text_part(request->path, roles.length, request->path.length), role)) {
		answer_credentials(world, request, "imds", answer);
	} else if (text_equal(request->path, T("/latest/meta-data/iam/info"))) {
		answer_json(answer, 200,
			    json_pack("{s:s, s:s, s:s}", "Code", "Success", "InstanceProfileArn",
				      "arn:aws:iam::" IDENTITY_ACCOUNT ":instance-profile/simulator",
				      "InstanceProfileId", "AIPASIMULATOR"));
	} else if (text_equal(request->path, T("/latest/dynamic/instance-identity/document"))) {
		answer_json(
			answer, 200,
			json_pack("{s:s%, s:s}", "region", region.at, region.length, "accountId", IDENTITY_ACCOUNT));
	} else {
		answer->status = 404;
	}
}

static void refuse_sso(struct http_answer *answer)
{
	answer_json(answer, 401,
		    json_pack("{s:s, s:s}", "__type", "UnauthorizedException", "message",
			      "Session token not found or invalid"));
}

// The login "simulator-login", and every token that the OIDC service has given.
static void serve_portal(struct world *world, const struct http_request *request, enum issuer_mode mode,
			 struct http_answer *answer)
{
	const struct text login = front_header(request, "x-amz-sso_bearer_token");
	if (mode == ISSUER_DENIED || !text_starts_with(login, T("simulator-login"))) {
		refuse_sso(answer);
		return;
	}
	if (text_find(request->query, T("role_name=")) == SIZE_MAX ||
	    text_find(request->query, T("account_id=")) == SIZE_MAX) {
		answer_json(answer, 400, json_pack("{s:s}", "message", "role_name and account_id are required"));
		return;
	}
	world_lock(world);
	const json_t *issued =
		issuer_issue(world, "sso", IDENTITY_ACCOUNT,
			     "arn:aws:sts::" IDENTITY_ACCOUNT ":assumed-role/sso/session", IDENTITY_LIFETIME);
	json_t *told =
		json_pack("{s:{s:O, s:O, s:O, s:I}}", "roleCredentials", "accessKeyId",
			  json_object_get(issued, "access_key"), "secretAccessKey",
			  json_object_get(issued, "secret_key"), "sessionToken", json_object_get(issued, "token"),
			  "expiration", (json_int_t)(json_integer_value(json_object_get(issued, "expires_s")) * 1000));
	world_unlock(world);
	answer_json(answer, 200, told);
}

static void serve_oidc(struct world *world, const struct http_request *request, enum issuer_mode mode,
		       struct http_answer *answer)
{
	json_t *body = json_loadb(request->body.at ? request->body.at : "", request->body.length, 0, NULL);
	const char *kind = json_string_value(json_object_get(body, "grantType"));
	const char *refresh = json_string_value(json_object_get(body, "refreshToken"));
	const bool whole = json_is_string(json_object_get(body, "clientId")) &&
			   json_is_string(json_object_get(body, "clientSecret")) && kind &&
			   strcmp(kind, "refresh_token") == 0;
	const bool known = refresh && strncmp(refresh, "simulator-refresh", 17) == 0;
	json_decref(body);
	if (mode == ISSUER_DENIED || mode == ISSUER_EXPIRED || !whole || !known) {
		answer_json(answer, 400,
			    json_pack("{s:s, s:s}", "error", whole ? "invalid_grant" : "invalid_request",
				      "error_description", "the refresh token is not valid"));
		return;
	}
	world_lock(world);
	const unsigned long long number = (unsigned long long)world_random(world);
	world_unlock(world);
	answer_json(answer, 200,
		    json_pack("{s:o, s:s, s:i, s:o}", "accessToken", json_sprintf("simulator-login-%llx", number),
			      "tokenType", "Bearer", "expiresIn", 28800, "refreshToken",
			      json_sprintf("simulator-refresh-%llx", number)));
}

static const struct {
	struct text path; // the request's begins with it
	const char *source;
	void (*serve)(struct world *world, const struct http_request *request, enum issuer_mode mode,
		      struct http_answer *answer);
} doors[] = {
	{ TEXT("/latest/"), "imds", serve_metadata },
	{ TEXT("/credentials"), "container", serve_container },
	{ TEXT("/federation/credentials"), "sso", serve_portal },
	{ TEXT("/token"), "oidc", serve_oidc },
};

static void record(struct world *world, const struct http_request *request, const char *source, unsigned status)
{
	json_t *call = json_pack("{s:s, s:s, s:s%, s:i}", "service", source, "action", "GetCredentials", "path",
				 request->path.at, request->path.length, "status", (int)status);
	world_lock(world);
	json_array_append_new(world->calls, call);
	world_unlock(world);
}

bool identity_serve(struct world *world, const struct http_request *request, struct http_answer *ret_answer)
{
	for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
		if (!text_starts_with(request->path, doors[i].path))
			continue;
		const enum issuer_mode mode = issuer_mode(world, doors[i].source);
		issuer_wait(world, doors[i].source);
		doors[i].serve(world, request, mode, ret_answer);
		spoil(ret_answer, mode);
		record(world, request, doors[i].source, ret_answer->status);
		return true;
	}
	return false;
}
