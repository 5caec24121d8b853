// SPDX-License-Identifier: MPL-2.0
#include "aws/aws_settings.h"

static void copy(struct arena *arena, struct text *value)
{
	*value = text_copy(arena, *value);
}

static void copy_texts(struct arena *arena, struct settings_texts *texts)
{
	struct text *own = ARENA_ARRAY(arena, struct text, texts->count);
	for (size_t i = 0; i < texts->count; i++)
		own[i] = text_copy(arena, texts->at[i]);
	texts->at = own;
}

static void copy_pairs(struct arena *arena, struct settings_pairs *pairs)
{
	struct settings_pair *own = ARENA_ARRAY(arena, struct settings_pair, pairs->count);
	for (size_t i = 0; i < pairs->count; i++) {
		own[i].key = text_copy(arena, pairs->at[i].key);
		own[i].value = text_copy(arena, pairs->at[i].value);
	}
	pairs->at = own;
}

static void copy_roles(struct arena *arena, struct settings_roles *roles)
{
	struct settings_role *own = ARENA_ARRAY(arena, struct settings_role, roles->count);
	for (size_t i = 0; i < roles->count; i++) {
		own[i] = roles->at[i];
		copy(arena, &own[i].role_arn);
		copy(arena, &own[i].session_name);
		copy(arena, &own[i].external_id);
		copy(arena, &own[i].policy);
		copy(arena, &own[i].source_identity);
		copy_texts(arena, &own[i].policy_arns);
		copy_pairs(arena, &own[i].tags);
		copy_texts(arena, &own[i].transitive_tag_keys);
	}
	roles->at = own;
}

static void copy_web_identity(struct arena *arena, struct settings_web_identity *block)
{
	copy(arena, &block->role_arn);
	copy(arena, &block->session_name);
	copy(arena, &block->policy);
	copy_texts(arena, &block->policy_arns);
	copy(arena, &block->token);
	copy(arena, &block->token_file);
}

void aws_settings_copy(struct arena *arena, const struct aws_settings *settings, struct aws_settings *ret_copy)
{
	*ret_copy = *settings;
	copy(arena, &ret_copy->region);
	copy(arena, &ret_copy->access_key);
	copy(arena, &ret_copy->secret_key);
	copy(arena, &ret_copy->token);
	copy(arena, &ret_copy->profile);
	copy_texts(arena, &ret_copy->shared_config_files);
	copy_texts(arena, &ret_copy->shared_credentials_files);
	copy_roles(arena, &ret_copy->assume_role);
	copy_web_identity(arena, &ret_copy->assume_role_with_web_identity);
	copy(arena, &ret_copy->ec2_metadata_service_endpoint);
	copy(arena, &ret_copy->ec2_metadata_service_endpoint_mode);
	copy(arena, &ret_copy->sts_region);
	copy_texts(arena, &ret_copy->allowed_account_ids);
	copy_texts(arena, &ret_copy->forbidden_account_ids);
	for (size_t i = 0; i < AWS_SERVICE_COUNT; i++)
		copy(arena, &ret_copy->endpoints[i]);
	copy(arena, &ret_copy->proxies.http.value);
	copy(arena, &ret_copy->proxies.https.value);
	copy(arena, &ret_copy->proxies.exceptions);
	copy(arena, &ret_copy->custom_ca_bundle);
	copy(arena, &ret_copy->retry_mode);
	copy(arena, &ret_copy->user_agent);
	copy(arena, &ret_copy->unknown);
}
