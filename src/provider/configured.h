// SPDX-License-Identifier: MPL-2.0
// The configured provider: made by ConfigureProvider, then only read. A process that serves several commands (debug
// mode) is configured several times; calls under way keep the one they began with. Private to provider/.
#ifndef VNS_PROVIDER_CONFIGURED_H
#define VNS_PROVIDER_CONFIGURED_H

#include "aws/client.h"
#include "base/call.h"
#include "ec2/changes.h"
#include "ec2/preflight.h"
#include "ec2/reads.h"
#include "schema/settings.h"

#include <stdatomic.h>
#include <stdbool.h>

struct provider;

struct configured {
	struct arena arena;       // of the settings
	struct settings settings; // with the region from the environment, when only that has one
	struct aws *aws;
	struct reads *reads;
	struct changes changes;
	struct preflight preflight;
	bool reaches_aws;                  // nothing is unknown that AWS needs
	atomic_bool account_asked_in_vain; // and the user was told so
	int holders;                       // under the provider's lock
};

// Held once. NULL when there is no memory or the settings are wrong; an error was added then. The texts of both
// settings are copied.
struct configured *configured_new(struct call *call, const struct aws_settings *aws_settings,
				  const struct settings *settings);
// Makes it the provider's, which takes over the caller's hold, instead of the one before. NULL: there is none any more.
void configured_publish(struct provider *provider, struct configured *configured);

// The newest, held for the caller; NULL when the provider was not configured.
struct configured *configured_acquire(struct provider *provider);
void configured_release(struct provider *provider, struct configured *configured); // NULL is fine

// Adds an error when it is NULL, which no host lets happen, and returns whether it is there.
bool configured_present(struct call *call, const struct configured *configured);

// The account of the credentials; empty when it cannot be had. The first failure of a configured provider adds its
// error; later ones only say what is known, since the run has failed already. `region` may be a null or unknown.
struct text configured_account_id(struct call *call, struct configured *configured, const struct value *region);

// The client of a region, of the provider's when that is a null. NULL with an error, at `region` when it is named.
struct client *configured_client(struct call *call, const struct configured *configured, const struct value *region);

#endif
