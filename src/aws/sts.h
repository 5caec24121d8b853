// SPDX-License-Identifier: MPL-2.0
// The two calls of STS that give credentials.
#ifndef VNS_AWS_STS_H
#define VNS_AWS_STS_H

#include "aws/credentials.h"
#include "aws/aws_settings.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>

// What a role is taken for, for people: "the provider argument \"assume_role\"", "the profile \"dev\"".
struct sts_purpose {
	struct text asked_by;
	struct text source_name; // of the credentials that come out; static text
};

// False with an error. The caller becomes the first holder of what comes out.
bool sts_assume_role(struct call *call, const struct credential_inputs *inputs, const struct settings_role *role,
		     const struct sts_purpose *purpose, const struct credentials *signer,
		     struct credentials **ret_credentials);
// Of the block: role_arn, session_name, duration_s, policy and policy_arns; the token is given apart. Not signed.
bool sts_assume_role_with_web_identity(struct call *call, const struct credential_inputs *inputs,
				       const struct settings_web_identity *block, const struct sts_purpose *purpose,
				       struct text token, struct credentials **ret_credentials);

#endif
