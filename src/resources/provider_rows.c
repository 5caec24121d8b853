// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_rows.h"

#include "resources/provider_blocks.h"
#include "resources/provider_checks.h"
#include "schema/check.h"

static const char *const severities[] = { "warning", "error", "none", NULL };
static const char *const retry_modes[] = { "standard", "adaptive", NULL };
static const char *const metadata_modes[] = { "IPv4", "IPv6", NULL };
static const char *const switches[] = { "true", "false", "", NULL };

const struct row provider_rows[] = {
	{
		.name = "region",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_region,
		.doc = "The AWS region of resources that name none, for example `eu-central-1`. Without it, "
		       "`AWS_REGION` or `AWS_DEFAULT_REGION` from the environment, the profile's `region`, or, when "
		       "the credentials come from the instance's metadata, the instance's region.",
	},
	{
		.name = "profile",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "The profile of the shared configuration and credentials files. Without it, `AWS_PROFILE` or "
		       "`AWS_DEFAULT_PROFILE`, else `default`. Named here, it goes before keys in the environment.",
	},
	{
		.name = "access_key",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "The id of the access key to sign requests with. Without it, the credentials come from the "
		       "first source that has some: see the guide to authentication.",
	},
	{
		.name = "secret_key",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_SENSITIVE,
		.doc = "The secret of that access key.",
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
		.doc = "The shared configuration files, instead of `AWS_CONFIG_FILE` or `~/.aws/config`; later ones "
		       "win. `$NAME` and a leading `~` are expanded.",
	},
	{
		.name = "shared_credentials_files",
		.kind = ROW_STRING_LIST,
		.flags = ROW_OPTIONAL,
		.doc = "The shared credentials files, instead of `AWS_SHARED_CREDENTIALS_FILE` or "
		       "`~/.aws/credentials`; later ones win.",
	},
	{
		.name = "sts_region",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_region,
		.doc = "The region whose STS is asked, when it is not the region itself.",
	},
	{
		.name = "use_fips_endpoint",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Asks the FIPS endpoints of the region. Without it, `AWS_USE_FIPS_ENDPOINT` or the profile's "
		       "`use_fips_endpoint`.",
	},
	{
		.name = "use_dualstack_endpoint",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Asks the endpoints that are reached by IPv6 too. Without it, `AWS_USE_DUALSTACK_ENDPOINT` or "
		       "the profile's `use_dualstack_endpoint`.",
	},
	{
		.name = "skip_region_validation",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Allows regions that were not known when this provider was made.",
	},
	{
		.name = "max_retries",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL,
		.max = INT16_MAX,
		.doc = "How many times a request is sent at most, the first time included; 25 when absent or 0. "
		       "Without "
		       "it, `AWS_MAX_ATTEMPTS` or the profile's `max_attempts`.",
	},
	{
		.name = "retry_mode",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.choices = retry_modes,
		.doc = "Whether requests are slowed down for all, once AWS has refused one as too many. Without it, "
		       "`AWS_RETRY_MODE` or the profile's `retry_mode`, else `standard`, which slows down each "
		       "request for itself.",
	},
	{
		.name = "token_bucket_rate_limiter_capacity",
		.kind = ROW_INTEGER,
		.flags = ROW_OPTIONAL,
		.max = 1000000,
		.doc = "How many tokens there are for retries: a retry takes 5, after a timeout 10, and a success "
		       "gives them back. Without it, retries are not limited in this way.",
	},
	{
		.name = "http_proxy",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_proxy,
		.doc = "The proxy of HTTP requests, for example `http://proxy.example.com:3128`, and of HTTPS "
		       "requests when nothing names another. Without it, `HTTP_PROXY` or `http_proxy`.",
	},
	{
		.name = "https_proxy",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_proxy,
		.doc = "The proxy of HTTPS requests; an empty text is none. Without it, `HTTPS_PROXY` or "
		       "`https_proxy`.",
	},
	{
		.name = "no_proxy",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "Hosts, domains and networks that are reached without a proxy, separated by commas. Without "
		       "it, `NO_PROXY` or `no_proxy`.",
	},
	{
		.name = "custom_ca_bundle",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.doc = "A file with the certificates to trust, PEM, instead of the system's. `$NAME` and a leading "
		       "`~` are expanded. Without it, `AWS_CA_BUNDLE`.",
	},
	{
		.name = "insecure",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Accepts any certificate. For tests only.",
	},
	{
		.name = "allowed_account_ids",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_account_ids,
		.doc = "The accounts that may be worked in; with others every request fails. Conflicts with "
		       "`forbidden_account_ids`.",
	},
	{
		.name = "forbidden_account_ids",
		.kind = ROW_STRING_SET,
		.flags = ROW_OPTIONAL,
		.check = provider_checks_account_ids,
		.doc = "Accounts that must not be worked in.",
	},
	{
		.name = "skip_credentials_validation",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Without it, STS is asked once whose credentials these are when the account is needed, which "
		       "also "
		       "tells whether they are any good. With it, whoever tells the account will do: the instance's "
		       "metadata when the credentials are the instance's, STS, or IAM.",
	},
	{
		.name = "skip_requesting_account_id",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "With `skip_credentials_validation`: STS is not asked which account the credentials belong "
		       "to. ARNs then have an empty account, and identities of resources none.",
	},
	{
		.name = "skip_metadata_api_check",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.choices = switches,
		.doc = "`true`: the instance's metadata service is not asked for credentials; `false`: it is, also "
		       "when `AWS_EC2_METADATA_DISABLED` says otherwise.",
	},
	{
		.name = "ec2_metadata_service_endpoint",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.check = check_url,
		.doc = "Where the metadata service is asked. Without it, `AWS_EC2_METADATA_SERVICE_ENDPOINT` or the "
		       "profile's `ec2_metadata_service_endpoint`.",
	},
	{
		.name = "ec2_metadata_service_endpoint_mode",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL | ROW_EMPTY_IS_NONE,
		.choices = metadata_modes,
		.doc = "The protocol by which the metadata service is asked. Without it, "
		       "`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE` or the profile's setting, else `IPv4`.",
	},
	{
		.name = "user_agent",
		.kind = ROW_STRING_LIST,
		.flags = ROW_OPTIONAL,
		.doc = "Products to add to the User-Agent of requests, for example `my-pipeline/1.2`. "
		       "`TF_APPEND_USER_AGENT` comes last.",
	},
	{
		.name = "deviation_severity",
		.kind = ROW_STRING,
		.flags = ROW_OPTIONAL,
		.choices = severities,
		.doc = "What a plan says about a setting that departs from the recommended one: `warning` (also when "
		       "absent), `error` or `none`. The attribute `deviations` of each resource lists them in any "
		       "case.",
	},
	{
		.name = "skip_preflight",
		.kind = ROW_BOOL,
		.flags = ROW_OPTIONAL,
		.doc = "Whether plans refrain from looking for a filter or target of the same name, unused and unknown "
		       "to the state, or for a session of the same interface and number, before one is created. Such "
		       "an object is left behind by a run that was killed; "
		       "without the look (one Describe request for each type in a plan that creates), it stays there "
		       "unseen. False when absent.",
	},
	{
		.name = "assume_role",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_assume_role,
		.max = 50,
		.doc = "A role to work in. Several blocks are a chain: each role is assumed with the credentials of "
		       "the one before.",
	},
	{
		.name = "assume_role_with_web_identity",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_web_identity,
		.doc = "A role that is assumed with the token of an identity provider, instead of any other "
		       "credentials but `access_key` and `secret_key`.",
	},
	{
		.name = "endpoints",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_endpoints,
		.max = 50,
		.doc = "Other endpoints than the public ones of AWS.",
	},
	{
		.name = "default_tags",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_default_tags,
		.doc = "Tags that every object gets.",
	},
	{
		.name = "ignore_tags",
		.kind = ROW_BLOCK,
		.flags = ROW_OPTIONAL,
		.fields = provider_blocks_ignore_tags,
		.doc = "Tags that are none of this configuration's business.",
	},
	{ .name = NULL },
};
