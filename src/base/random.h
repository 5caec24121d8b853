// SPDX-License-Identifier: MPL-2.0
// Random bytes from the system, for ids and tokens and for spreading retries.
#ifndef VNS_BASE_RANDOM_H
#define VNS_BASE_RANDOM_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

// All of these never fail: without the system's random numbers the process ends with a message.
uint32_t random_number(void);
// A version 4 UUID, "f47ac10b-58cc-4372-a567-0e02b2c3d479", NUL-terminated.
enum { RANDOM_UUID_CHARS = 36 };
void random_uuid(char ret_uuid[RANDOM_UUID_CHARS + 1]);
// The same in the arena: a client token, a name that nobody else has.
struct text random_token(struct arena *arena);

#endif
