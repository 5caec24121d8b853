// SPDX-License-Identifier: MPL-2.0
// Credentials from environment variables. Half a pair is no pair, as in the AWS SDKs: later sources may have a whole
// one; when none has, the error says which half was missing here.
#include "aws/credentials.h"

#include "aws/aws_settings.h"

static bool retrieve_always(struct call *call, const struct credential_inputs *inputs,
			    struct credentials **ret_credentials, struct text *ret_hint)
{
	const struct environment *environment = inputs->environment;
	const struct text key_id = environment_get_either(environment, "AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY");
	const struct text secret = environment_get_either(environment, "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY");
	*ret_credentials = NULL;
	if (!key_id.length || !secret.length) {
		if (key_id.length)
			*ret_hint = T("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is missing.");
		else if (secret.length)
			*ret_hint = T("AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is missing.");
		return true;
	}
	*ret_credentials = credentials_new(call,
					   T("the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY "
					     "and AWS_SESSION_TOKEN"),
					   key_id, secret, environment_get(environment, "AWS_SESSION_TOKEN"),
					   CREDENTIALS_NEVER_EXPIRE);
	return *ret_credentials != NULL;
}

static bool retrieve(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		     struct text *ret_hint)
{
	*ret_credentials = NULL;
	if (inputs->settings->profile.length)
		return true; // the profile that the configuration names comes before the environment
	return retrieve_always(call, inputs, ret_credentials, ret_hint);
}

const struct credential_source credentials_environment = {
	TEXT("environment"),
	TEXT("the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN)"),
	retrieve,
};

const struct credential_source credentials_environment_always = {
	TEXT("environment"),
	TEXT("the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN)"),
	retrieve_always,
};
