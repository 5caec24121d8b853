// SPDX-License-Identifier: MPL-2.0
// Random bytes from the system, for tokens and for spreading retries.
#ifndef VNS_BASE_RANDOM_H
#define VNS_BASE_RANDOM_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

uint32_t random_number(void);
// A version 4 UUID, "f47ac10b-58cc-4372-a567-0e02b2c3d479": a client token.
struct text random_token(struct arena *arena);

#endif
