// SPDX-License-Identifier: MPL-2.0
// What is there before the first call: network interfaces, instances, load balancers and so on, from a JSON file or
// built in. README.md describes the file.
#ifndef EC2SIM_SEED_H
#define EC2SIM_SEED_H

#include "world.h"

#include <jansson.h>
#include <stdint.h>

// The seed of that file, or the built-in one for NULL, checked and with its defaults filled in. NULL, with a message on
// standard error, when it is wrong.
json_t *seed_load(const char *path);

struct quotas seed_quotas(const json_t *seed);
uint64_t seed_random(const json_t *seed);
// Puts the seed's objects into an empty place.
void seed_fill(struct place *place);

// The built-in seed's JSON text.
extern const char seed_builtin_text[];

#endif
