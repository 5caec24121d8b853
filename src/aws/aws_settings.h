// SPDX-License-Identifier: MPL-2.0
// The provider block as far as AWS is concerned: what a user may set about credentials, region, endpoints and transport
// (facts: aws_client, 2.6). Empty means not configured.
#ifndef VNS_AWS_AWS_SETTINGS_H
#define VNS_AWS_AWS_SETTINGS_H

#include "aws/action.h"
#include "aws/proxy.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct settings_texts {
	const struct text *at;
	size_t count;
};

struct settings_pair {
	struct text key;
	struct text value;
};

struct settings_pairs {
	const struct settings_pair *at;
	size_t count;
};

// An argument that may be absent, where the environment then decides.
enum settings_switch { SETTINGS_UNSET, SETTINGS_OFF, SETTINGS_ON };

// A block assume_role.
struct settings_role {
	struct text role_arn;
	struct text session_name;
	int64_t duration_s; // 0: the default
	struct text external_id;
	struct text policy;
	struct text source_identity;
	struct settings_texts policy_arns;
	struct settings_pairs tags;
	struct settings_texts transitive_tag_keys;
};

struct settings_roles {
	const struct settings_role *at;
	size_t count;
};

// The block assume_role_with_web_identity.
struct settings_web_identity {
	bool is_set;
	struct text role_arn; // empty: AWS_ROLE_ARN
	struct text session_name;
	int64_t duration_s;
	struct text policy;
	struct settings_texts policy_arns;
	struct text token;      // one of these two; both empty: AWS_WEB_IDENTITY_TOKEN_FILE
	struct text token_file; // $VARS and a leading ~ are expanded
};

struct aws_settings {
	struct text region;
	struct text access_key;
	struct text secret_key;
	struct text token;
	struct text profile;
	struct settings_texts shared_config_files; // none: AWS_CONFIG_FILE, else ~/.aws/config
	struct settings_texts shared_credentials_files;
	struct settings_roles assume_role; // in order, each with the credentials of the one before
	struct settings_web_identity assume_role_with_web_identity;
	enum settings_switch skip_metadata_api_check; // on: no metadata service; off: also against the environment
	struct text ec2_metadata_service_endpoint;
	struct text ec2_metadata_service_endpoint_mode; // IPv4 or IPv6
	struct text sts_region;
	struct settings_texts allowed_account_ids;
	struct settings_texts forbidden_account_ids;
	bool skip_credentials_validation;
	bool skip_requesting_account_id;
	struct text endpoints[AWS_SERVICE_COUNT]; // the provider's endpoints block
	bool use_fips_endpoint;
	bool use_dualstack_endpoint;
	bool skip_region_validation;
	struct proxy_arguments proxies;
	struct text custom_ca_bundle; // replaces the system's; $VARS and a leading ~ are expanded
	bool insecure;
	int max_attempts;                       // 0: the default
	struct text retry_mode;                 // "standard" or "adaptive"
	int token_bucket_rate_limiter_capacity; // 0: no bucket
	struct text user_agent;                 // products, "Terraform/1.11.4 ... terraform-provider-vns/0.1.0"
	// Names an argument whose value is not known yet; then every use of AWS is refused, naming it.
	struct text unknown;
};

// A copy whose texts, lists included, are in the arena.
void aws_settings_copy(struct arena *arena, const struct aws_settings *settings, struct aws_settings *ret_copy);

#endif
