// SPDX-License-Identifier: MPL-2.0
// Percent-encoding as AWS wants it everywhere: everything but A-Z a-z 0-9 - _ . ~ as %XX in capitals; a space is %20.
#ifndef VNS_AWS_PERCENT_H
#define VNS_AWS_PERCENT_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

bool percent_unreserved(char c);
size_t percent_encoded_length(struct text plain);
// Writes percent_encoded_length() bytes and returns the place after them.
char *percent_encode(char *at, struct text plain);
// Writes at most the length of `encoded` and returns the place after it. A '%' without two digits stays as it is;
// '+' stays '+'.
char *percent_decode(char *at, struct text encoded);

#endif
