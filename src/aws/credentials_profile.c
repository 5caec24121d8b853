// SPDX-License-Identifier: MPL-2.0
// Credentials as a profile of the shared files says: keys, or one of the other sources, and a role on top of them.
#include "aws/credentials.h"
#include "aws/credentials_process.h"
#include "aws/credentials_sso.h"
#include "aws/credentials_web_identity.h"
#include "aws/profile.h"
#include "aws/sts.h"

static bool retrieve_profile(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
			     struct credentials **ret_credentials);

static bool complain(struct call *call, const struct profile *profile, const char *what)
{
	diag_error(call, NULL, "Unusable AWS profile", "The profile \"%.*s\" in the shared AWS files %s.",
		   TEXT_ARG(profile->name), what);
	return false;
}

static bool retrieve_keys(struct call *call, const struct profile *profile, struct credentials **ret_credentials)
{
	*ret_credentials = credentials_new(
		call, text_print(call->arena, "the profile \"%.*s\" in the shared AWS files", TEXT_ARG(profile->name)),
		profile->key_id, profile->secret, profile->token, CREDENTIALS_NEVER_EXPIRE);
	return *ret_credentials != NULL;
}

static bool retrieve_web_identity(struct call *call, const struct credential_inputs *inputs,
				  const struct profile *profile, struct credentials **ret_credentials)
{
	const struct settings_web_identity block = {
		.role_arn = profile->role_arn,
		.session_name = profile->role_session_name,
		.token_file = profile->web_identity_token_file,
	};
	return credentials_web_identity_retrieve(
		call, inputs, &block, text_print(call->arena, "the profile \"%.*s\"", TEXT_ARG(profile->name)),
		T("profile web identity"), ret_credentials);
}

static bool ask(struct call *call, const struct credential_inputs *inputs, const struct credential_source *source,
		struct credentials **ret_credentials, struct text *ret_hint)
{
	if (!source->retrieve(call, inputs, ret_credentials, ret_hint))
		return false;
	if (*ret_credentials)
		credentials_set_source_name(*ret_credentials, source->name);
	return true;
}

// A source that must have credentials, because the profile names it or takes its role with them.
static bool retrieve_from(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
			  const struct credential_source *source, struct credentials **ret_credentials)
{
	struct text hint = T("");
	if (!ask(call, inputs, source, ret_credentials, &hint) || *ret_credentials)
		return *ret_credentials != NULL;
	diag_error(call, NULL, "No credentials for the AWS profile",
		   "The profile \"%.*s\" in the shared AWS files takes its credentials from %.*s, which gives none. "
		   "%.*s",
		   TEXT_ARG(profile->name), TEXT_ARG(source->looked_at), TEXT_ARG(hint));
	return false;
}

// For a profile that says nothing of it: the container's role where there is one, else the instance's.
static bool retrieve_surrounding(struct call *call, const struct credential_inputs *inputs,
				 const struct profile *profile, struct credentials **ret_credentials)
{
	struct text hint = T("");
	if (!ask(call, inputs, &credentials_container, ret_credentials, &hint) || *ret_credentials)
		return *ret_credentials != NULL;
	return retrieve_from(call, inputs, profile, &credentials_imds, ret_credentials);
}

static bool retrieve_credential_source(struct call *call, const struct credential_inputs *inputs,
				       const struct profile *profile, struct credentials **ret_credentials)
{
	if (text_equal(profile->credential_source, T("Ec2InstanceMetadata")))
		return retrieve_from(call, inputs, profile, &credentials_imds, ret_credentials);
	if (text_equal(profile->credential_source, T("EcsContainer")))
		return retrieve_from(call, inputs, profile, &credentials_container, ret_credentials);
	if (text_equal(profile->credential_source, T("Environment")))
		return retrieve_from(call, inputs, profile, &credentials_environment_always, ret_credentials);
	return complain(call, profile,
			"has a credential_source that is none of Environment, Ec2InstanceMetadata and EcsContainer");
}

// The first that applies.
static bool retrieve_own(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
			 struct credentials **ret_credentials)
{
	if (profile->source)
		return retrieve_profile(call, inputs, profile->source, ret_credentials);
	if (profile->key_id.length && profile->secret.length)
		return retrieve_keys(call, profile, ret_credentials);
	if (profile->credential_source.length)
		return retrieve_credential_source(call, inputs, profile, ret_credentials);
	if (profile->web_identity_token_file.length)
		return retrieve_web_identity(call, inputs, profile, ret_credentials);
	if (profile_has_sso(profile))
		return credentials_sso_retrieve(call, inputs, profile, ret_credentials);
	if (profile->login_session.length)
		return complain(call, profile,
				"uses login_session (\"aws login\"), which this provider does not support. Use SSO "
				"(\"aws sso login\"), a role or keys, or export the credentials to the environment "
				"(\"aws configure export-credentials --format env\")");
	if (profile->credential_process.length)
		return credentials_process_retrieve(call, profile, ret_credentials);
	return retrieve_surrounding(call, inputs, profile, ret_credentials);
}

// Takes the profile's role with the credentials, which the caller gives up.
static bool take_role(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
		      struct credentials **credentials)
{
	const struct settings_role role = {
		.role_arn = profile->role_arn,
		.session_name = profile->role_session_name,
		.external_id = profile->external_id,
		.duration_s = profile->duration_s,
	};
	const struct sts_purpose purpose = {
		text_print(call->arena, "the profile \"%.*s\"", TEXT_ARG(profile->name)),
		T("profile role"),
	};
	const struct credentials *signer = credentials_keep(call, *credentials);
	*credentials = NULL;
	return sts_assume_role(call, inputs, &role, &purpose, signer, credentials);
}

// A web identity gives the profile's role by itself.
static bool takes_role(const struct profile *profile)
{
	const bool by_web_identity = !profile->source && !(profile->key_id.length && profile->secret.length) &&
				     profile->web_identity_token_file.length;
	return profile->role_arn.length && !by_web_identity;
}

static bool retrieve_profile(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
			     struct credentials **ret_credentials)
{
	if (takes_role(profile) && profile->mfa_serial.length)
		return complain(call, profile,
				"has mfa_serial: its role requires a code from an MFA device, which cannot be entered "
				"while Terraform runs, so MFA is not supported. Assume the role beforehand and export "
				"the temporary credentials to the environment (\"aws configure export-credentials "
				"--format env\")");
	if (!retrieve_own(call, inputs, profile, ret_credentials))
		return false;
	return !takes_role(profile) || take_role(call, inputs, profile, ret_credentials);
}

// Why there is no profile, or none that says anything of credentials; empty: nobody asked for it.
static struct text explain_absence(struct call *call, const struct profiles *profiles)
{
	if (profiles->chosen)
		return text_print(call->arena, "The profile \"%.*s\" in the shared AWS files has no credentials.",
				  TEXT_ARG(profiles->name));
	if (profiles->chosen_by.length == 0)
		return T("");
	return text_print(call->arena, "The profile \"%.*s\", chosen by %.*s, is in none of the shared AWS files.",
			  TEXT_ARG(profiles->name), TEXT_ARG(profiles->chosen_by));
}

static bool retrieve(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		     struct text *ret_hint)
{
	*ret_credentials = NULL;
	if (!inputs->profiles)
		return true;
	const struct profile *profile = inputs->profiles->chosen;
	// One that says nothing of credentials leaves them to the sources after it.
	if (!profile || (!profile_has_credentials(profile) && profile->role_arn.length == 0)) {
		*ret_hint = explain_absence(call, inputs->profiles);
		return true;
	}
	return retrieve_profile(call, inputs, profile, ret_credentials);
}

const struct credential_source credentials_profile = {
	TEXT("profile"),
	TEXT("the profile (provider argument \"profile\", AWS_PROFILE, or \"default\") in ~/.aws/config and "
	     "~/.aws/credentials"),
	retrieve,
};
