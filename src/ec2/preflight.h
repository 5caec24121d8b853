// SPDX-License-Identifier: MPL-2.0
// What a run that was killed left behind is found again. EC2 makes any number of equal filters and targets, so a create
// whose answer never reached the state would be made a second time, and the first one would stay, known to nobody. So
// before one is created, all of its type are listed, once in a plan, and when one has the name of the new one all
// sessions too, once; one of the same name that no session uses and that this process has not seen in the state is told
// to the user, once, with the command that imports it. A second session EC2 refuses by its number; that is told before
// the apply too, since only the session leads to the filter and the target that were left behind with it.
//
// A provider is never shown the state. But a host has it upgrade the state of each object before anything else is done
// with it, also with -refresh=false: so all that the state holds becomes known in the course of a plan, and one that is
// not known yet is waited for a little. Three things stay uncertain, and the warning says what to do when the object is
// managed after all. A host that is told to look at some objects only (-target) has no other upgraded. One that works
// on one thing at a time (-parallelism=1) may come to the object only after the answer. And hosts plan again during the
// apply, in a new process, which is told of nothing but what is applied: it looks no further once the first change is
// applied, or when the host passes what the first plan remembered.
//
// It is not worth waiting for: each request is tried twice, for seconds.
#ifndef VNS_EC2_PREFLIGHT_H
#define VNS_EC2_PREFLIGHT_H

#include "aws/turn.h"
#include "base/buffer.h"
#include "ec2/id_set.h"
#include "ec2/resource.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

// Three types in most of AWS's regions; more are not looked at.
enum { PREFLIGHT_MOST_LISTINGS = 64 };

// State that calls share, with the configured provider. Private to preflight.c, but for `known`.
struct preflight {
	struct turn turn; // of those who list
	bool ready;
	size_t count;
	struct preflight_listing {
		const struct client *client;
		const struct resource *resource; // NULL: the sessions
		struct buffer objects;           // id, key, filter, target of each, with a NUL at the end
		struct id_set used;              // filters and targets, by the sessions
		bool is_whole;
		struct buffer cause;     // why not
		bool told, told_of_uses; // the plan, of a cause; under the lock
	} listings[PREFLIGHT_MOST_LISTINGS];
	// Of what the state holds, as far as requests tell. When there are too many to keep, nobody is warned any more.
	struct id_set known;
	struct id_set warned; // of what the plan was warned
	pthread_mutex_t lock; // guards what follows
	bool ended;
};

// When the system lacks what it needs, there are no warnings.
void preflight_init(struct preflight *preflight);
void preflight_free(struct preflight *preflight);

// No more requests and warnings: what is planned from now on has been planned before.
void preflight_end(struct preflight *preflight);
// Adds a warning for each object that the planned one would double, unless an earlier one did. When EC2 cannot be
// asked, one warning for each type says so, and one when it cannot be asked for sessions.
void preflight_warn(const struct operation *operation, struct preflight *preflight, const struct value *planned);

#endif
