// SPDX-License-Identifier: MPL-2.0
#ifndef VNS_AWS_CREDENTIALS_SSO_H
#define VNS_AWS_CREDENTIALS_SSO_H

#include "aws/credentials.h"
#include "aws/profile.h"

// The role of the profile's SSO (IAM Identity Center) login. False with an error.
bool credentials_sso_retrieve(struct call *call, const struct credential_inputs *inputs, const struct profile *profile,
			      struct credentials **ret_credentials);

#endif
