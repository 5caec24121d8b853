// SPDX-License-Identifier: MPL-2.0
// The token of an SSO login, from the cache that `aws sso login` writes, renewed where that is possible.
#ifndef VNS_AWS_SSO_TOKEN_H
#define VNS_AWS_SSO_TOKEN_H

#include "aws/credentials.h"
#include "aws/profile.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>

struct sso_login {
	struct text profile; // its name, for people
	struct text session; // of the session form; empty: the older form
	struct text start_url;
	struct text region;
};

// False with an error, which says to log in again where that helps.
bool sso_token_get(struct call *call, const struct credential_inputs *inputs, const struct sso_login *login,
		   struct text *ret_token);

#endif
