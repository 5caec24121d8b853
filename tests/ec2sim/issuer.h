// SPDX-License-Identifier: MPL-2.0
// Credentials that the simulator hands out, and what it is told about those who ask for them: each source may be slow,
// deny, hand out what has expired, or speak nonsense.
#ifndef EC2SIM_ISSUER_H
#define EC2SIM_ISSUER_H

#include "world.h"

#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum issuer_mode { ISSUER_NORMAL, ISSUER_SLOW, ISSUER_DENIED, ISSUER_EXPIRED, ISSUER_MALFORMED };

// How a source ("sts", "sso", "oidc", "imds", "container") is to behave. Takes the world's lock.
enum issuer_mode issuer_mode(struct world *world, const char *source);
// Another text among what was posted for the source, copied into the arena; NULL: nothing was said.
const char *issuer_setting(struct world *world, struct arena *arena, const char *source, const char *key);
// Waits if the source is slow. Not under the lock.
void issuer_wait(struct world *world, const char *source);
// Replaces what was said about the source that `settings` names. NULL, or what is wrong. Under the lock.
const char *issuer_configure(struct world *world, const json_t *settings);

// New credentials: {"access_key", "secret_key", "token", "account", "arn", "expires_s"}, valid as long as was said
// about the source, else for `seconds`. Owned by the world. Under the lock.
const json_t *issuer_issue(struct world *world, const char *source, const char *account, const char *arn,
			   int64_t seconds);
// Those of the seed, or issued ones. Takes the lock.
bool issuer_find(struct world *world, const char *access_key, struct credential *ret_credential);
// Whose the issued key is; NULL: it is of the seed. Under the lock.
const char *issuer_arn(const struct world *world, const char *access_key);
// "2026-01-31T23:59:59Z"
struct text issuer_date(struct arena *arena, int64_t seconds);

#endif
