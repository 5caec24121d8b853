// SPDX-License-Identifier: MPL-2.0
#ifndef VNS_AWS_CREDENTIALS_WEB_IDENTITY_H
#define VNS_AWS_CREDENTIALS_WEB_IDENTITY_H

#include "aws/credentials.h"
#include "aws/aws_settings.h"

// Takes the block's role with its token, or the token in its file. False with an error, which names what asked for it
// (`named_by`). `source_name` is static text.
bool credentials_web_identity_retrieve(struct call *call, const struct credential_inputs *inputs,
				       const struct settings_web_identity *block, struct text named_by,
				       struct text source_name, struct credentials **ret_credentials);

#endif
