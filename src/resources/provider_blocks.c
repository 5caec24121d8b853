// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_blocks.h"

#include "resources/provider_checks.h"
#include "schema/check.h"

const struct row provider_blocks_endpoints[] = {
	{
		.name = "ec2",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_url,
		.doc = "The endpoint of EC2, for example `http://127.0.0.1:4566`. If not set: `AWS_ENDPOINT_URL_EC2` "
		       "or `AWS_ENDPOINT_URL` from the environment, the profile's `services` section or its "
		       "`endpoint_url`, otherwise the region's public endpoint.",
	},
	{
		.name = "sts",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_url,
		.doc = "The endpoint of STS, which is used for roles and for the account id. If not set: "
		       "`AWS_ENDPOINT_URL_STS` and so on, as for `ec2`.",
	},
	{
		.name = "elbv2",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_url,
		.doc = "The endpoint of Elastic Load Balancing. If not set: "
		       "`AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2` and so on.",
	},
	{
		.name = "sso",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_url,
		.doc = "The endpoint of the IAM Identity Center portal, which gives credentials. If not set: "
		       "`AWS_ENDPOINT_URL_SSO` and so on.",
	},
	{
		.name = "ssooidc",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_url,
		.doc = "The endpoint that renews tokens of IAM Identity Center. If not set: "
		       "`AWS_ENDPOINT_URL_SSO_OIDC` and so on.",
	},
	{
		.name = "iam",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_url,
		.doc = "The endpoint of IAM, used only with `skip_credentials_validation`, for the account id if STS "
		       "does not give it. If not set: `AWS_ENDPOINT_URL_IAM` and so on.",
	},
	{ .name = NULL },
};

// What both ways to take a role say of the session.
// clang-format off
#define ROWS_OF_A_SESSION \
	{ \
		.name = "session_name", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .check = provider_checks_session_name, \
		.doc = "The name of the session, as CloudTrail shows it.", \
	}, \
	{ \
		.name = "duration", .kind = ROW_STRING, .flags = ROW_OPTIONAL, .check = provider_checks_duration, \
		.doc = "How long the role's credentials are valid, for example `1h` or `1h30m`: from 15 minutes (the " \
		       "default) to 12 hours. They are renewed before they expire.", \
	}, \
	{ \
		.name = "policy", .kind = ROW_STRING, .flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE, \
		.check = provider_checks_policy, \
		.doc = "An IAM policy in JSON that restricts the role's permissions for this session.", \
	}, \
	{ \
		.name = "policy_arns", .kind = ROW_STRING_SET, .flags = ROW_OPTIONAL, .check = provider_checks_policy_arns, \
		.doc = "ARNs of managed policies that restrict the role's permissions.", \
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
		.doc = "The external id that the role's trust policy requires.",
	},
	{
		.name = "source_identity",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_session_name,
		.doc = "The source identity of the session: who uses it, as CloudTrail shows it.",
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
		.doc = "Keys of session tags that are passed on to the next role of a chain.",
	},
	{ .name = NULL },
};

const struct row provider_blocks_web_identity[] = {
	{
		.name = "role_arn",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_role_arn,
		.doc = "The ARN of the role. If not set: `AWS_ROLE_ARN`.",
	},
	ROWS_OF_A_SESSION,
	{
		.name = "web_identity_token",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_SENSITIVE,
		.check = provider_checks_token,
		.doc = "The token of the identity provider. Conflicts with `web_identity_token_file`. If neither is "
		       "set: `TF_AWS_WEB_IDENTITY_TOKEN`.",
	},
	{
		.name = "web_identity_token_file",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "A file with that token; it is read again whenever credentials are renewed. `$NAME` and a "
		       "leading `~` are expanded. If not set: `AWS_WEB_IDENTITY_TOKEN_FILE`.",
	},
	{ .name = NULL },
};

const struct row provider_blocks_default_tags[] = {
	{
		.name = "tags",
		.kind = ROW_STRING_MAP,
		.flags = ROW_OPTIONAL,
		.check = check_tags,
		.doc = "Tags for all resources. A resource's own tag with the same key takes precedence. "
		       "Environment variables `TF_AWS_DEFAULT_TAGS_<key>` add more.",
	},
	{ .name = NULL },
};

const struct row provider_blocks_ignore_tags[] = {
	{
		.name = "keys",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.doc = "Keys of tags that are managed elsewhere: they are neither shown nor removed, and not set "
		       "either, whatever `tags` says, or `name` if `Name` is among them. `TF_AWS_IGNORE_TAGS_KEYS` "
		       "adds more, separated by commas.",
	},
	{
		.name = "key_prefixes",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.doc = "Prefixes of such keys. `TF_AWS_IGNORE_TAGS_KEY_PREFIXES` adds more.",
	},
	{ .name = NULL },
};
