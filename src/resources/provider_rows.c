// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_rows.h"

#include "resources/provider_blocks.h"
#include "resources/provider_checks.h"
#include "schema/check.h"

static const char *const severities[] = { "warning", "error", "none", NULL };
static const char *const retry_modes[] = { "standard", "adaptive", NULL };
static const char *const compliances[] = { "error", "warning", "disabled", NULL };
static const char *const switches[] = { "true", "false", "", NULL };

const struct row provider_rows[] = {
	{
		.name = "region",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_region,
		.doc = "The AWS region of resources that do not set their own, for example `eu-central-1`. If not set: "
		       "`AWS_REGION` or `AWS_DEFAULT_REGION` from the environment, the profile's `region`, or, with "
		       "credentials from the instance's metadata service (also below `assume_role`), the instance's "
		       "region.",
	},
	{
		.name = "profile",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "The profile in the shared configuration and credentials files. If not set: `AWS_PROFILE` or "
		       "`AWS_DEFAULT_PROFILE`, otherwise `default`. If set, it takes precedence over keys in the "
		       "environment.",
	},
	{
		.name = "access_key",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "The id of the access key that signs requests. If not set, the credentials come from the first "
		       "source that has some: see the guide to authentication.",
	},
	{
		.name = "secret_key",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_SENSITIVE,
		.doc = "The secret access key that belongs to `access_key`.",
	},
	{
		.name = "token",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_SENSITIVE,
		.doc = "The session token of temporary credentials.",
	},
	{
		.name = "shared_config_files",
		.kind = ROW_STRING_LIST,
		.flags = ROW_OPTIONAL,
		.doc = "The shared configuration files, instead of `AWS_CONFIG_FILE` or `~/.aws/config`; later files "
		       "override earlier ones. `$NAME` and a leading `~` are expanded.",
	},
	{
		.name = "shared_credentials_files",
		.kind = ROW_STRING_LIST,
		.flags = ROW_OPTIONAL,
		.doc = "The shared credentials files, instead of `AWS_SHARED_CREDENTIALS_FILE` or "
		       "`~/.aws/credentials`; later files override earlier ones.",
	},
	{
		.name = "sts_region",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_region,
		.doc = "The region whose STS is used, if it differs from `region`.",
	},
	{
		.name = "use_fips_endpoint",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Uses the region's FIPS endpoints. If not set: `AWS_USE_FIPS_ENDPOINT` or the profile's "
		       "`use_fips_endpoint`.",
	},
	{
		.name = "use_dualstack_endpoint",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Uses endpoints that support both IPv4 and IPv6. If not set: `AWS_USE_DUALSTACK_ENDPOINT` or "
		       "the profile's `use_dualstack_endpoint`.",
	},
	{
		.name = "skip_region_validation",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Allows regions that this version of the provider does not know.",
	},
	{
		.name = "max_retries",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL,
		.max = INT16_MAX,
		.doc = "The maximum number of attempts for a request, including the first. If not set or 0: "
		       "`AWS_MAX_ATTEMPTS` or the profile's `max_attempts`, otherwise 25.",
	},
	{
		.name = "retry_mode",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.choices = retry_modes,
		.doc = "`standard` slows down each throttled request on its own, `adaptive` all requests once AWS has "
		       "throttled one. If not set: `AWS_RETRY_MODE` or the profile's `retry_mode`, otherwise "
		       "`standard`.",
	},
	{
		.name = "token_bucket_rate_limiter_capacity",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL,
		.max = 1000000,
		.doc = "The number of tokens for retries: a retry takes 5, or 10 after a timeout, and a success "
		       "returns them. If not set, retries are not limited in this way.",
	},
	{
		.name = "http_proxy",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_proxy,
		.doc = "The proxy for HTTP requests, for example `http://proxy.example.com:3128`, and for HTTPS "
		       "requests if no other is set. If not set: `HTTP_PROXY` or `http_proxy`.",
	},
	{
		.name = "https_proxy",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_proxy,
		.doc = "The proxy for HTTPS requests; `\"\"` means none. If not set: `HTTPS_PROXY` or `https_proxy`.",
	},
	{
		.name = "no_proxy",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "Hosts, domains and networks that are reached without a proxy, separated by commas. If not set: "
		       "`NO_PROXY` or `no_proxy`.",
	},
	{
		.name = "custom_ca_bundle",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "A PEM file with the CA certificates to trust instead of the system's. `$NAME` and a leading "
		       "`~` are expanded. If not set: `AWS_CA_BUNDLE`.",
	},
	{
		.name = "insecure",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Accepts any TLS certificate. For tests only.",
	},
	{
		.name = "allowed_account_ids",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_account_ids,
		.doc = "The only AWS accounts that may be used; requests in others fail. Conflicts with "
		       "`forbidden_account_ids`.",
	},
	{
		.name = "forbidden_account_ids",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_account_ids,
		.doc = "AWS accounts that must not be used.",
	},
	{
		.name = "skip_credentials_validation",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "By default, when the account is needed, the provider asks STS once which account the "
		       "credentials belong to, which also validates them. If true, the account comes from the first "
		       "that knows it: the instance's metadata service (if the credentials come from there), STS, or "
		       "IAM.",
	},
	{
		.name = "skip_requesting_account_id",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Together with `skip_credentials_validation`: does not look up the account of the credentials. "
		       "ARNs then have an empty account id, and resource identities have none.",
	},
	{
		.name = "skip_metadata_api_check",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.choices = switches,
		.doc = "`true`: does not use the instance's metadata service for credentials; `false`: uses it even if "
		       "`AWS_EC2_METADATA_DISABLED` is set.",
	},
	{
		.name = "ec2_metadata_service_endpoint",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_url,
		.doc = "The endpoint of the metadata service. If not set: `AWS_EC2_METADATA_SERVICE_ENDPOINT` or the "
		       "profile's `ec2_metadata_service_endpoint`.",
	},
	{
		.name = "ec2_metadata_service_endpoint_mode",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = provider_checks_metadata_mode,
		.doc = "The IP version used to reach the metadata service, `IPv4` or `IPv6`. If not set: "
		       "`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` or the profile's setting, otherwise `IPv4`.",
	},
	{
		.name = "user_agent",
		.kind = ROW_STRING_LIST,
		.flags = ROW_OPTIONAL,
		.doc = "Products to add to the User-Agent header of requests, for example `my-pipeline/1.2`. "
		       "`TF_APPEND_USER_AGENT` is added last.",
	},
	{
		.name = "tag_policy_compliance",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.choices = compliances,
		.doc = "Has no effect: it is accepted so that the provider block can be the AWS provider's. This "
		       "provider does not compare tags with an organization's tag policies; EC2 refuses what a policy "
		       "enforces.",
	},
	{
		.name = "deviation_severity",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.choices = severities,
		.doc = "How a plan reports a setting that departs from the recommended one: `warning` (the default), "
		       "`error` or `none`. With `error`, what exists already and stays as it is gets a warning, so "
		       "that it can be destroyed. Terraform shows only one of several warnings in full and counts the "
		       "others; the attribute `deviations` of each resource lists all of them in any case.",
	},
	{
		.name = "skip_preflight",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "By default, a plan that creates something looks for what a killed run left behind, and warns "
		       "of it: an unused filter or target with the same name, or a session with the same interface and "
		       "number, that is not in the state. This takes one Describe request for each type, and one for "
		       "the sessions if the name exists. It cannot know that the state has an object which `-target` "
		       "leaves out, or whose resource has another provider block. If true, the plan does not look, and "
		       "such an object stays unnoticed.",
	},
	{
		.name = "assume_role",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_assume_role,
		.max = 50,
		.doc = "An IAM role to assume. Several blocks form a chain: each role is assumed with the credentials "
		       "of the one before.",
	},
	{
		.name = "assume_role_with_web_identity",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_web_identity,
		.doc = "An IAM role to assume with the token of an identity provider, instead of all other credentials "
		       "except `access_key` and `secret_key`.",
	},
	{
		.name = "endpoints",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_endpoints,
		.max = 50,
		.doc = "Custom endpoints instead of AWS's public ones.",
	},
	{
		.name = "default_tags",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_default_tags,
		.doc = "Tags for all resources.",
	},
	{
		.name = "ignore_tags",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_ignore_tags,
		.doc = "Tags that this configuration does not manage.",
	},
	{ .name = NULL },
};
