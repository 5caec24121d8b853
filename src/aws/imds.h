// SPDX-License-Identifier: MPL-2.0
// The metadata service of an EC2 instance (facts: aws_client, 2.3): version 2 with its token, and version 1 where the
// service has no version 2 and nobody forbids it. Never through a proxy.
#ifndef VNS_AWS_IMDS_H
#define VNS_AWS_IMDS_H

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>

struct imds {
	const struct credential_inputs *inputs;
	struct endpoint endpoint;
	struct text chosen_by; // of the endpoint
	bool version_1_forbidden;
	bool version_1;    // the service has no tokens
	struct text token; // empty: none yet
};

enum imds_result {
	IMDS_FOUND,
	IMDS_ABSENT,      // there is no such thing: HTTP status 404
	IMDS_UNREACHABLE, // *ret_reason says why, for people
	IMDS_STOPPED,     // the call is to stop
};

// The provider's argument, AWS_EC2_METADATA_DISABLED.
bool imds_is_disabled(const struct credential_inputs *inputs);
// False with an error: an endpoint or a mode that is none.
bool imds_open(struct call *call, const struct credential_inputs *inputs, struct imds *ret_imds);
// GET of a path that begins with '/'; the content lives in the call's arena.
enum imds_result imds_get(struct call *call, struct imds *imds, struct text path, struct text *ret_content,
			  struct text *ret_reason);
// The instance's region; empty with an error.
struct text imds_region(struct call *call, const struct credential_inputs *inputs);

#endif
