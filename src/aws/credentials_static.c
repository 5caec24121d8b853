// SPDX-License-Identifier: MPL-2.0
// Credentials from the provider's arguments. When one of them is set, nothing is mixed in from elsewhere.
#include "aws/client.h"
#include "aws/credentials.h"

static bool retrieve(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		     struct text *ret_hint)
{
	(void)ret_hint;
	const struct aws_settings *settings = inputs->settings;
	*ret_credentials = NULL;
	if (!settings->access_key.length && !settings->secret_key.length && !settings->token.length)
		return true;
	if (!settings->access_key.length || !settings->secret_key.length) {
		const char *missing = settings->access_key.length   ? "secret_key"
				      : settings->secret_key.length ? "access_key"
								    : "access_key and secret_key";
		diag_error(call, NULL, "Incomplete AWS credentials",
			   "The provider's configuration has a part of the AWS credentials, but not %s. Set access_key "
			   "and secret_key together (and token with temporary credentials), or none of them to use the "
			   "environment.",
			   missing);
		return false;
	}
	*ret_credentials = credentials_new(call, T("the provider's arguments"), settings->access_key,
					   settings->secret_key, settings->token, CREDENTIALS_NEVER_EXPIRE);
	return *ret_credentials != NULL;
}

const struct credential_source credentials_static = {
	TEXT("provider arguments"),
	TEXT("the provider's arguments access_key and secret_key (and token)"),
	retrieve,
};
