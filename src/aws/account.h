// SPDX-License-Identifier: MPL-2.0
// Which account the credentials belong to (facts: aws_client, 2.6).
#ifndef VNS_AWS_ACCOUNT_H
#define VNS_AWS_ACCOUNT_H

#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>

#define ACCOUNT_CHARS         63 // AWS has 12 digits; other services may answer otherwise
#define ACCOUNT_SUMMARY_CHARS 63
#define ACCOUNT_PROBLEM_CHARS 1999

struct client;

// What is known of the account; guarded by whoever has it. The id never changes once it is there.
struct account {
	char id[ACCOUNT_CHARS + 1];              // empty: not known yet
	char summary[ACCOUNT_SUMMARY_CHARS + 1]; // of the error when it was asked in vain; empty: not yet
	char problem[ACCOUNT_PROBLEM_CHARS + 1]; // the error's detail
};

// Asks STS; where the settings skip the validation of credentials, others too, and says at the end what each answered.
// Asked in vain once, it tells the same error again without asking: what takes minutes is not done for each resource.
// False with an error.
bool account_find(struct call *call, struct client *client, struct account *account);

#endif
