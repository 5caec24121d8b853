// SPDX-License-Identifier: MPL-2.0
// The times that signed requests carry (X-Amz-Date).
#ifndef EC2SIM_TIMESTAMP_H
#define EC2SIM_TIMESTAMP_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

// Seconds since 1970; false when it is not a timestamp.
bool timestamp_parse(struct text timestamp, int64_t *ret_seconds);

#endif
