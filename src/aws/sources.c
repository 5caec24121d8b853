// SPDX-License-Identifier: MPL-2.0
#include "aws/sources.h"

#include "aws/aws_settings.h"
#include "aws/sts.h"

static const struct credential_source *const in_order[] = {
	&credentials_static, // the provider block's
	&credentials_web_identity_argument,
	&credentials_environment,
	&credentials_web_identity,
	&credentials_profile,
	&credentials_container,
	&credentials_imds,
	NULL,
};

// The provider's assume_role blocks, each with the credentials of the one before. NULL with an error.
static struct credentials *take_roles(struct call *call, const struct credential_inputs *inputs,
				      struct credentials *found)
{
	static const struct sts_purpose purpose = { TEXT("the provider argument \"assume_role\""),
						    TEXT("provider role") };
	const struct settings_roles *roles = &inputs->settings->assume_role;
	for (size_t i = 0; found && i < roles->count; i++) {
		const struct credentials *signer = credentials_keep(call, found);
		found = NULL;
		if (roles->at[i].role_arn.length == 0)
			diag_error(call, NULL, "No role to assume",
				   "A block \"assume_role\" of the provider's configuration has no role_arn.");
		else
			(void)sts_assume_role(call, inputs, &roles->at[i], &purpose, signer, &found);
	}
	return found;
}

const struct credential_sources sources_all = { in_order, take_roles };
