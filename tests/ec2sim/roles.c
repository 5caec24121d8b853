// SPDX-License-Identifier: MPL-2.0
#include "roles.h"

#include "issuer.h"
#include "world.h"

#include <string.h>

#define ROLES_DURATION_DEFAULT 3600

// What an ARN of a role names.
struct role {
	struct text partition;
	struct text account;
	struct text name; // without its path
};

static bool parse_role(struct text arn, struct role *ret_role)
{
	struct text rest = arn;
	struct text parts[5] = { { 0 } };
	for (size_t i = 0; i < 5; i++) {
		if (!text_take_until(&rest, ':', &parts[i]))
			return false;
	}
	int64_t number = 0;
	*ret_role = (struct role){ .partition = parts[1], .account = parts[4] };
	if (!text_equal(parts[0], T("arn")) || !text_equal(parts[2], T("iam")) || parts[3].length > 0 ||
	    parts[4].length != 12 || !text_to_int64(parts[4], &number) || !text_starts_with(rest, T("role/")))
		return false;
	while (text_take_until(&rest, '/', &ret_role->name)) // the last part is the name
		continue;
	return ret_role->name.length > 0;
}

json_t *roles_caller(const struct exchange *exchange)
{
	const char *issued_to = exchange->access_key ? issuer_arn(exchange->world, exchange->access_key) : NULL;
	const char *region = exchange->region;
	if (!exchange->account)
		return json_null();
	if (issued_to)
		return json_string(issued_to);
	const char *partition = strncmp(region, "cn-", 3) == 0       ? "aws-cn"
				: strncmp(region, "us-gov-", 7) == 0 ? "aws-us-gov"
								     : "aws";
	return json_sprintf("arn:%s:iam::%s:user/simulator", partition, exchange->account);
}

bool roles_get_caller_identity(struct exchange *exchange)
{
	const bool is_role = issuer_arn(exchange->world, exchange->access_key) != NULL;
	exchange_answer(exchange, "UserId", json_string(is_role ? "AROASIMULATOR:session" : "AIDASIMULATOR"));
	exchange_answer(exchange, "Account", json_string(exchange->account));
	return exchange_answer(exchange, "Arn", roles_caller(exchange));
}

static bool answer_credentials(struct exchange *exchange, const struct role *role)
{
	struct arena *arena = exchange->arena;
	const char *session = exchange_text(exchange, "RoleSessionName");
	const struct text arn = text_print(arena, "arn:%.*s:sts::%.*s:assumed-role/%.*s/%s", TEXT_ARG(role->partition),
					   TEXT_ARG(role->account), TEXT_ARG(role->name), session);
	const int64_t seconds = exchange_integer(exchange, "DurationSeconds", ROLES_DURATION_DEFAULT);
	const json_t *issued = issuer_issue(exchange->world, "sts", text_to_c_string(arena, role->account),
					    text_to_c_string(arena, arn), seconds);
	const struct text end = issuer_date(arena, json_integer_value(json_object_get(issued, "expires_s")));
	exchange_answer(exchange, "AssumedRoleUser",
			json_pack("{s:o, s:s%}", "AssumedRoleId", json_sprintf("AROASIMULATOR:%s", session), "Arn",
				  arn.at, arn.length));
	return exchange_answer(exchange, "Credentials",
			       json_pack("{s:O, s:O, s:O, s:s%}", "AccessKeyId", json_object_get(issued, "access_key"),
					 "SecretAccessKey", json_object_get(issued, "secret_key"), "SessionToken",
					 json_object_get(issued, "token"), "Expiration", end.at, end.length));
}

static bool find_role(struct exchange *exchange, struct role *ret_role)
{
	const char *arn = exchange_text(exchange, "RoleArn");
	return parse_role(text_of(arn), ret_role) || exchange_refuse(exchange, "ValidationError", "%s is invalid", arn);
}

bool roles_assume(struct exchange *exchange)
{
	struct role role;
	if (!find_role(exchange, &role))
		return false;
	const json_t *said = json_object_get(json_object_get(exchange->world->identity, "sts"), "mode");
	if (said && strcmp(json_string_value(said), "denied") == 0)
		return exchange_refuse(exchange, "AccessDenied",
				       "User is not authorized to perform: sts:AssumeRole on resource: %s",
				       exchange_text(exchange, "RoleArn"));
	return answer_credentials(exchange, &role);
}

bool roles_assume_with_web_identity(struct exchange *exchange)
{
	struct role role;
	if (!find_role(exchange, &role))
		return false;
	const json_t *said = json_object_get(json_object_get(exchange->world->identity, "sts"), "mode");
	if (said && strcmp(json_string_value(said), "denied") == 0)
		return exchange_refuse(exchange, "AccessDenied",
				       "Not authorized to perform sts:AssumeRoleWithWebIdentity");
	if (strcmp(exchange_text(exchange, "WebIdentityToken"), "expired") == 0)
		return exchange_refuse(exchange, "ExpiredTokenException", "Token expired");
	return answer_credentials(exchange, &role);
}
