// SPDX-License-Identifier: MPL-2.0
#include "aws/sts.h"

#include "aws/action.h"
#include "aws/aws.h"
#include "aws/iso_date.h"
#include "base/limits.h"

static const int64_t usual_duration_s = 15 * 60;

static struct text session_name_or_own(struct call *call, struct text name)
{
	return name.length ? name
			   : text_print(call->arena, "terraform-provider-vns-%lld",
					(long long)clock_realtime_us(call->clock));
}

static void add_if_set(struct query *query, struct text name, struct text value)
{
	if (value.length)
		query_add(query, name, value);
}

static void add_policies(struct query *query, struct text policy, const struct settings_texts *arns)
{
	add_if_set(query, T("Policy"), policy);
	for (size_t i = 0; i < arns->count; i++)
		query_add_item(query, T("PolicyArns.member"), i + 1, T("arn"), arns->at[i]);
}

static void complain(struct call *call, const struct action *action, const struct sts_purpose *purpose,
		     struct text role_arn, const struct action_answer *answer)
{
	diag_error(call, NULL, "Cannot assume IAM Role",
		   "The IAM role \"%.*s\", asked for by %.*s, cannot be assumed: STS answered %.*s: %.*s\n\n"
		   "There are a few usual causes:\n"
		   "  - the credentials used to assume the role are not valid\n"
		   "  - they are not permitted to assume the role, or the role's trust policy does not name them\n"
		   "  - the role's ARN is wrong, or the role does not exist\n\n"
		   "Action: %.*s. Request id: %.*s.",
		   TEXT_ARG(role_arn), TEXT_ARG(purpose->asked_by), TEXT_ARG(answer->error_code),
		   TEXT_ARG(answer->error_message), TEXT_ARG(action->name), TEXT_ARG(answer->request_id));
}

static struct credentials *read_answer(struct call *call, const struct action *action,
				       const struct action_answer *answer)
{
	const struct text result = text_print(call->arena, "%.*sResult/Credentials", TEXT_ARG(action->name));
	const struct xml_node *found = xml_find(answer->root, result);
	const struct text key_id = text_trim(xml_text(found, T("AccessKeyId")));
	const struct text secret = text_trim(xml_text(found, T("SecretAccessKey")));
	const struct text token = text_trim(xml_text(found, T("SessionToken")));
	int64_t expires_at_us = 0;
	if (!key_id.length || !secret.length || !token.length ||
	    !iso_date_parse(xml_text(found, T("Expiration")), &expires_at_us)) {
		diag_error(call, NULL, "Unusable response from AWS STS",
			   "The answer to %.*s has no complete credentials with an expiry time. Request id: %.*s.",
			   TEXT_ARG(action->name), TEXT_ARG(answer->request_id));
		return NULL;
	}
	return credentials_new(call, T("the answer of AWS STS"), key_id, secret, token, expires_at_us);
}

// Never asks the account for its region: that may depend on the very credentials that are sought.
static struct client *client_of_sts(struct call *call, const struct credential_inputs *inputs)
{
	struct text region = aws_region_if_known(inputs->aws);
	if (region.length == 0)
		region = inputs->settings->sts_region;
	if (region.length)
		return client_of(call, inputs->aws, region);
	diag_error(call, NULL, "No AWS region",
		   "A role is to be assumed, but the region of STS is not known. Set the provider argument "
		   "\"region\", the environment variable AWS_REGION, or \"region\" in the profile.");
	return NULL;
}

static bool ask(struct call *call, const struct credential_inputs *inputs, const struct action *action,
		const struct credentials *signer, const struct sts_purpose *purpose, struct text role_arn,
		struct credentials **ret_credentials)
{
	*ret_credentials = NULL;
	struct client *client = client_of_sts(call, inputs);
	const struct action_signing signing = { signer, LIMIT_CREDENTIAL_ATTEMPTS };
	struct action_answer answer;
	if (!client || !action_send_signed(call, client, action, &signing, &answer))
		return false;
	if (answer.error_code.length) {
		complain(call, action, purpose, role_arn, &answer);
		return false;
	}
	*ret_credentials = read_answer(call, action, &answer);
	if (!*ret_credentials)
		return false;
	credentials_set_source_name(*ret_credentials, purpose->source_name);
	return true;
}

bool sts_assume_role(struct call *call, const struct credential_inputs *inputs, const struct settings_role *role,
		     const struct sts_purpose *purpose, const struct credentials *signer,
		     struct credentials **ret_credentials)
{
	struct query query;
	query_init(&query, call->arena);
	query_add(&query, T("RoleArn"), role->role_arn);
	query_add(&query, T("RoleSessionName"), session_name_or_own(call, role->session_name));
	query_add_number(&query, T("DurationSeconds"), role->duration_s ? role->duration_s : usual_duration_s);
	add_if_set(&query, T("ExternalId"), role->external_id);
	add_if_set(&query, T("SourceIdentity"), role->source_identity);
	add_policies(&query, role->policy, &role->policy_arns);
	for (size_t i = 0; i < role->tags.count; i++) {
		query_add_item(&query, T("Tags.member"), i + 1, T("Key"), role->tags.at[i].key);
		query_add_item(&query, T("Tags.member"), i + 1, T("Value"), role->tags.at[i].value);
	}
	for (size_t i = 0; i < role->transitive_tag_keys.count; i++)
		query_add_item(&query, T("TransitiveTagKeys.member"), i + 1, T(""), role->transitive_tag_keys.at[i]);
	const struct action action = { .service = AWS_STS, .name = T("AssumeRole"), .parameters = &query };
	return ask(call, inputs, &action, signer, purpose, role->role_arn, ret_credentials);
}

bool sts_assume_role_with_web_identity(struct call *call, const struct credential_inputs *inputs,
				       const struct settings_web_identity *block, const struct sts_purpose *purpose,
				       struct text token, struct credentials **ret_credentials)
{
	struct query query;
	query_init(&query, call->arena);
	query_add(&query, T("RoleArn"), block->role_arn);
	query_add(&query, T("RoleSessionName"), session_name_or_own(call, block->session_name));
	if (block->duration_s)
		query_add_number(&query, T("DurationSeconds"), block->duration_s);
	add_policies(&query, block->policy, &block->policy_arns);
	query_add(&query, T("WebIdentityToken"), token);
	const struct action action = { .service = AWS_STS,
				       .name = T("AssumeRoleWithWebIdentity"),
				       .parameters = &query };
	return ask(call, inputs, &action, NULL, purpose, block->role_arn, ret_credentials);
}
