// SPDX-License-Identifier: MPL-2.0
// Moments as AWS and the files of its tools write them (RFC 3339), pure.
#ifndef VNS_AWS_ISO_DATE_H
#define VNS_AWS_ISO_DATE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

// Microseconds since 1970 of "2026-08-01T12:00:00Z": any offset ("+02:00", "+0200"), any fraction of a second, and the
// "UTC" that older tools put at the end. False when it is not a moment.
bool iso_date_parse(struct text date, int64_t *ret_us);
// "2026-08-01T12:00:00Z", NUL-terminated. False before 1970 and when the year has not four digits.
#define ISO_DATE_CHARS 20
bool iso_date_print(int64_t realtime_us, char ret_date[ISO_DATE_CHARS + 1]);

#endif
