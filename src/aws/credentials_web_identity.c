// SPDX-License-Identifier: MPL-2.0
// A role for a token of an identity provider: of a pipeline (GitHub Actions, GitLab) or of a cluster (EKS). The token's
// file is read anew each time, since it is rotated.
#include "aws/credentials_web_identity.h"

#include "aws/home_path.h"
#include "aws/sts.h"
#include "aws/whole_file.h"
#include "base/limits.h"

static bool read_token(struct call *call, struct text path, struct text named_by, struct text *ret_token)
{
	struct text content = T("");
	const char *problem = whole_file_read(call, call->arena, path, LIMIT_CONFIG_FILE_BYTES, &content);
	*ret_token = text_trim(content);
	if (!problem && ret_token->length == 0)
		problem = "it is empty";
	if (!problem)
		return true;
	diag_error(call, NULL, "No web identity token",
		   "The file \"%.*s\" with the web identity token, named by %.*s, cannot be used: %s.", TEXT_ARG(path),
		   TEXT_ARG(named_by), problem);
	return false;
}

bool credentials_web_identity_retrieve(struct call *call, const struct credential_inputs *inputs,
				       const struct settings_web_identity *block, struct text named_by,
				       struct text source_name, struct credentials **ret_credentials)
{
	struct text token = block->token;
	const struct sts_purpose purpose = { named_by, source_name };
	*ret_credentials = NULL;
	if (block->role_arn.length == 0) {
		diag_error(call, NULL, "No role for the web identity",
			   "There is a web identity token (%.*s), but no role to assume with it. Set the role's ARN "
			   "(AWS_ROLE_ARN, or role_arn).",
			   TEXT_ARG(named_by));
		return false;
	}
	if (token.length == 0 && !read_token(call, block->token_file, named_by, &token))
		return false;
	return sts_assume_role_with_web_identity(call, inputs, block, &purpose, token, ret_credentials);
}

// What the block leaves out, exactly one variable must give.
static bool find_token(struct call *call, const struct environment *environment, struct settings_web_identity *block)
{
	if (block->token.length)
		return true;
	if (block->token_file.length) {
		block->token_file = home_path_expand(call->arena, environment, block->token_file);
		return true;
	}
	block->token = environment_get(environment, "TF_AWS_WEB_IDENTITY_TOKEN");
	block->token_file = environment_get(environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
	if ((block->token.length > 0) != (block->token_file.length > 0))
		return true;
	diag_error(call, NULL, "No web identity token",
		   "The provider argument \"assume_role_with_web_identity\" has neither web_identity_token nor "
		   "web_identity_token_file, and %s of the environment variables TF_AWS_WEB_IDENTITY_TOKEN and "
		   "AWS_WEB_IDENTITY_TOKEN_FILE %s set. Set exactly one of them.",
		   block->token.length ? "both" : "none", block->token.length ? "are" : "is");
	return false;
}

static bool retrieve_by_argument(struct call *call, const struct credential_inputs *inputs,
				 struct credentials **ret_credentials, struct text *ret_hint)
{
	(void)ret_hint;
	struct settings_web_identity block = inputs->settings->assume_role_with_web_identity;
	const struct environment *environment = inputs->environment;
	*ret_credentials = NULL;
	if (!block.is_set)
		return true;
	if (block.role_arn.length == 0)
		block.role_arn = environment_get(environment, "AWS_ROLE_ARN");
	if (block.session_name.length == 0)
		block.session_name = environment_get(environment, "AWS_ROLE_SESSION_NAME");
	return find_token(call, environment, &block) &&
	       credentials_web_identity_retrieve(call, inputs, &block,
						 T("the provider argument \"assume_role_with_web_identity\""),
						 credentials_web_identity_argument.name, ret_credentials);
}

const struct credential_source credentials_web_identity_argument = {
	TEXT("provider web identity"),
	TEXT("the provider argument assume_role_with_web_identity"),
	retrieve_by_argument,
};

static bool retrieve(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		     struct text *ret_hint)
{
	const struct environment *environment = inputs->environment;
	const struct settings_web_identity block = {
		.role_arn = environment_get(environment, "AWS_ROLE_ARN"),
		.session_name = environment_get(environment, "AWS_ROLE_SESSION_NAME"),
		.token_file = environment_get(environment, "AWS_WEB_IDENTITY_TOKEN_FILE"),
	};
	*ret_credentials = NULL;
	if (inputs->settings->profile.length)
		return true; // the profile that the configuration names comes before the environment
	if (block.token_file.length == 0) {
		if (block.role_arn.length)
			*ret_hint = T("AWS_ROLE_ARN is set, but AWS_WEB_IDENTITY_TOKEN_FILE is missing.");
		return true;
	}
	return credentials_web_identity_retrieve(call, inputs, &block,
						 T("the environment variable AWS_WEB_IDENTITY_TOKEN_FILE"),
						 credentials_web_identity.name, ret_credentials);
}

const struct credential_source credentials_web_identity = {
	TEXT("web identity"),
	TEXT("the environment variables AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN"),
	retrieve,
};
