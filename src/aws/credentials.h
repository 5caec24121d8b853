// SPDX-License-Identifier: MPL-2.0
// Credentials, where they come from and how long they last. Each source is a file, credentials_<name>.c; the chain asks
// those that it is given in order and keeps what the first one gives until it is about to expire.
#ifndef VNS_AWS_CREDENTIALS_H
#define VNS_AWS_CREDENTIALS_H

#include "aws/environment.h"
#include "aws/http.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct aws;
struct aws_settings;
struct profiles;

#define CREDENTIALS_NEVER_EXPIRE INT64_MAX

// Never changed once made; counted, and wiped when the last holder lets go.
struct credentials;

// Views of the credentials: good as long as these are held. Names are static.
struct text credentials_key_id(const struct credentials *credentials);
struct text credentials_secret(const struct credentials *credentials);
struct text credentials_token(const struct credentials *credentials); // empty: none
struct text credentials_source_name(const struct credentials *credentials);
// Of the credentials that the provider's roles were taken with; without roles it is the same.
struct text credentials_base_name(const struct credentials *credentials);
int64_t credentials_expires_at_us(const struct credentials *credentials);
bool credentials_expire(const struct credentials *credentials); // they have an end

// Made by a source; the caller is the first holder. NULL, with an error, when a value could not stand in a header
// (`origin` then names where it came from, for people) or when there is no memory.
struct credentials *credentials_new(struct call *call, struct text origin, struct text key_id, struct text secret,
				    struct text token, int64_t expires_at_us);
// Another hold, and an end of one; NULL is fine.
struct credentials *credentials_hold(struct credentials *credentials);
void credentials_release(struct credentials *credentials);
// Hands the caller's hold to the call's arena, which lets go of it.
const struct credentials *credentials_keep(struct call *call, struct credentials *credentials);
// The error when a wish to stop came first.
void credentials_say_stopped(struct call *call);
// For a source that has several ways, before it hands them out. Static text; else they bear the source's name.
void credentials_set_source_name(struct credentials *credentials, struct text name);
// Before it hands them out, too.
void credentials_set_end(struct credentials *credentials, int64_t expires_at_us);

// What sources may use.
struct credential_inputs {
	const struct aws_settings *settings;
	const struct environment *environment;
	struct http *http;
	const struct profiles *profiles; // of the shared files; NULL: none
	struct aws *aws;                 // whose STS gives roles; NULL: then no source may need it
	struct credentials **instance;   // where the EC2 instance's last are held; touched by the asking thread only
};

struct credential_source {
	struct text name;      // for the log
	struct text looked_at; // what the user could set, for the error when no source has any
	// False with an error; true with *ret_credentials NULL when this source is not configured, and then *ret_hint
	// may say, in a sentence, why it nearly was. May use the network and may leave the call.
	bool (*retrieve)(struct call *call, const struct credential_inputs *inputs,
			 struct credentials **ret_credentials, struct text *ret_hint);
};

extern const struct credential_source credentials_static;
extern const struct credential_source credentials_web_identity_argument;
extern const struct credential_source credentials_environment;
extern const struct credential_source credentials_web_identity;
extern const struct credential_source credentials_profile;
extern const struct credential_source credentials_container;
extern const struct credential_source credentials_imds;
// Not in the chain: the environment, also where a profile that the configuration names comes before it.
extern const struct credential_source credentials_environment_always;

// All that a chain goes through.
struct credential_sources {
	const struct credential_source *const *in_order; // NULL ends them; the first that has credentials gives them
	// Takes the roles that the provider's configuration names, with what a source gave, and takes over the caller's
	// hold of that. Gives what it was given when there are none. NULL with an error. May be NULL: takes none.
	struct credentials *(*take_roles)(struct call *call, const struct credential_inputs *inputs,
					  struct credentials *found);
};

// The chain with what it found; safe to use from all threads.
struct credential_chain;

// The inputs and the sources are kept, not copied. NULL: no memory.
struct credential_chain *credentials_chain_new(const struct credential_inputs *inputs,
					       const struct credential_sources *sources);
void credentials_chain_free(struct credential_chain *chain);
// Current credentials, which the arena lets go of. One thread asks the sources, the others wait, or go on with what
// is still valid. NULL with an error.
const struct credentials *credentials_chain_get(struct call *call, struct credential_chain *chain);
// The service called them expired: the next get asks the sources again.
void credentials_chain_reject(struct credential_chain *chain, const struct credentials *rejected);

#endif
