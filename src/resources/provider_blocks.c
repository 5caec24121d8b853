// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_blocks.h"

#include "resources/provider_checks.h"
#include "schema/check.h"

const struct row provider_blocks_endpoints[] = {
	{
		.name = "ec2",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_url,
		.doc = "Where EC2 is asked, for example `http://127.0.0.1:4566`. Without it, `AWS_ENDPOINT_URL_EC2` "
		       "or `AWS_ENDPOINT_URL` from the environment, the profile's `services` section or its "
		       "`endpoint_url`, else the region's public endpoint.",
	},
	{
		.name = "sts",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_url,
		.doc = "Where STS is asked for roles and for the account. Without it, `AWS_ENDPOINT_URL_STS` and so "
		       "on.",
	},
	{
		.name = "elbv2",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_url,
		.doc = "Where Elastic Load Balancing is asked. Without it, "
		       "`AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2` and so on.",
	},
	{
		.name = "sso",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_url,
		.doc = "Where the portal of IAM Identity Center is asked for credentials. Without it, "
		       "`AWS_ENDPOINT_URL_SSO` and so on.",
	},
	{
		.name = "ssooidc",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_url,
		.doc = "Where tokens of IAM Identity Center are renewed. Without it, `AWS_ENDPOINT_URL_SSO_OIDC` and "
		       "so on.",
	},
	{
		.name = "iam",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_url,
		.doc = "Where IAM is asked, which happens only with `skip_credentials_validation`, for the account "
		       "when "
		       "STS does not tell it. Without it, `AWS_ENDPOINT_URL_IAM` and so on.",
	},
	{ .name = NULL },
};

// What both ways to take a role say of the session.
// clang-format off
#define ROWS_OF_A_SESSION \
	{ \
		.name = "session_name", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .check = provider_checks_session_name, \
		.doc = "The name of the session, which shows in CloudTrail.", \
	}, \
	{ \
		.name = "duration", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .check = provider_checks_duration, \
		.doc = "How long the role's credentials last, for example `1h` or `1h30m`: 15 minutes to 12 hours; " \
		       "15 minutes when absent. They are renewed in time.", \
	}, \
	{ \
		.name = "policy", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .check = provider_checks_policy, \
		.doc = "An IAM policy as JSON that narrows the role's permissions for this session.", \
	}, \
	{ \
		.name = "policy_arns", .kind = ROW_STRING_SET, .flags = ROW_OPTIONAL, .check = provider_checks_policy_arns, \
		.doc = "ARNs of managed policies that narrow the role's permissions.", \
	}
// clang-format on

const struct row provider_blocks_assume_role[] = {
	{
		.name = "role_arn",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_role_arn,
		.doc = "The ARN of the role.",
	},
	ROWS_OF_A_SESSION,
	{
		.name = "external_id",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_external_id,
		.doc = "The external id that the role's trust policy wants.",
	},
	{
		.name = "source_identity",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_session_name,
		.doc = "Who is behind the session, as CloudTrail shows it.",
	},
	{
		.name = "tags",
		.kind = ROW_STRING_MAP,
		.flags = ROW_OPTIONAL,
		.doc = "Session tags.",
	},
	{
		.name = "transitive_tag_keys",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.doc = "Keys of session tags that the next role of a chain gets too.",
	},
	{ .name = NULL },
};

const struct row provider_blocks_web_identity[] = {
	{
		.name = "role_arn",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_role_arn,
		.doc = "The ARN of the role. Without it, `AWS_ROLE_ARN`.",
	},
	ROWS_OF_A_SESSION,
	{
		.name = "web_identity_token",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_SENSITIVE,
		.check = provider_checks_token,
		.doc = "The token of the identity provider. Conflicts with `web_identity_token_file`. Without "
		       "either, `TF_AWS_WEB_IDENTITY_TOKEN`.",
	},
	{
		.name = "web_identity_token_file",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "A file with that token; it is read anew whenever credentials are renewed. `$NAME` and a "
		       "leading `~` are expanded. Without it, `AWS_WEB_IDENTITY_TOKEN_FILE`.",
	},
	{ .name = NULL },
};

const struct row provider_blocks_default_tags[] = {
	{
		.name = "tags",
		.kind = ROW_STRING_MAP,
		.flags = ROW_OPTIONAL,
		.check = check_tags,
		.doc = "Tags of every object. A resource's own tag of the same key wins. Variables "
		       "`TF_AWS_DEFAULT_TAGS_<key>` add further ones.",
	},
	{ .name = NULL },
};

const struct row provider_blocks_ignore_tags[] = {
	{
		.name = "keys",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.doc = "Keys of tags that others manage: they are neither shown nor removed. "
		       "`TF_AWS_IGNORE_TAGS_KEYS` adds further ones, separated by commas.",
	},
	{
		.name = "key_prefixes",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.doc = "Beginnings of such keys. `TF_AWS_IGNORE_TAGS_KEY_PREFIXES` adds further ones.",
	},
	{ .name = NULL },
};
