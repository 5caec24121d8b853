// SPDX-License-Identifier: MPL-2.0
// Moments by arithmetic of our own, to hold libc's calendar and the readers of dates against.
#ifndef VNS_TESTS_FUZZ_MOMENT_H
#define VNS_TESTS_FUZZ_MOMENT_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct moment {
	int year, month, day, hour, minute, second; // month and day from 1
};

// Whether the calendar and the clock have it; a minute may have a second 60.
bool moment_exists(const struct moment *moment);
int64_t moment_seconds(const struct moment *moment); // since 1970
// The number that `length` digits make, or -1 when there are not so many.
int moment_digits(struct text text, size_t at, size_t length);

#endif
