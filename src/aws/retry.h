// SPDX-License-Identifier: MPL-2.0
// What is tried again and after how long (facts: aws_client, 3.1 to 3.4), pure.
#ifndef VNS_AWS_RETRY_H
#define VNS_AWS_RETRY_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum retry_kind {
	RETRY_NEVER,
	RETRY_TRANSIENT,   // the service or the connection hiccuped
	RETRY_THROTTLED,   // too many requests: waits longer
	RETRY_UNREACHABLE, // no such host, connection refused: more likely a wrong setting, so given up sooner
	RETRY_DOUBTFUL,    // a success that cannot be read: damaged on its way, or not the service's; given up soonest
};

// What an answer of the service calls for. `code` has no "Client." or "Server." in front; empty when the answer was
// not the service's own (a proxy's page, an empty body).
enum retry_kind retry_classify(int http_status, struct text code, struct text message);
// Codes that a wrong clock can cause. Whether it did is for skew.h to say.
bool retry_blames_clock(struct text code);
// Codes that say that temporary credentials have ended.
bool retry_blames_expiry(struct text code);

// Whether attempt number `attempt` (the first is 1), which ended in `kind`, is followed by another.
bool retry_goes_on(enum retry_kind kind, int attempt, int most_attempts);
// How long to wait after attempt number `attempt`. `random` is any number, all of them equally likely.
int64_t retry_delay_ms(enum retry_kind kind, int attempt, uint32_t random);

#endif
