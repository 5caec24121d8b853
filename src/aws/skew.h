// SPDX-License-Identifier: MPL-2.0
// How far the service's clock is from ours (facts: aws_client, 3.4), pure.
#ifndef VNS_AWS_SKEW_H
#define VNS_AWS_SKEW_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

// Milliseconds since 1970 of a Date header ("Sun, 06 Nov 1994 08:49:37 GMT"); false when it is not one.
bool skew_parse_date(struct text date, int64_t *ret_ms);
// What to add to our clock to get the service's, from an answer's Date header and our clock before and after the
// exchange. False when the answer says nothing: no date, from a cache (`age` is its Age header), or a trip too long.
bool skew_measure(struct text date, struct text age, int64_t sent_ms, int64_t received_ms, int64_t *ret_skew_ms);
// Whether a request signed with `used_ms` was so far off that signing with `measured_ms` may help.
bool skew_explains(int64_t used_ms, int64_t measured_ms);

#endif
