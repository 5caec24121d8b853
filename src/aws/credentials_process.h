// SPDX-License-Identifier: MPL-2.0
#ifndef VNS_AWS_CREDENTIALS_PROCESS_H
#define VNS_AWS_CREDENTIALS_PROCESS_H

#include "aws/credentials.h"
#include "aws/profile.h"

// Runs the profile's credential_process. False with an error.
bool credentials_process_retrieve(struct call *call, const struct profile *profile,
				  struct credentials **ret_credentials);

#endif
