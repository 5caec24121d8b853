// SPDX-License-Identifier: MPL-2.0
// Ids of objects that were created a moment ago, by this process or by an earlier one. EC2 answers from several places,
// and for a while not all of them know a new object: then "not found" is propagation delay and not absence (facts: ec2,
// 2.8). For an id that is recent, "not found" is never believed; for any other it is believed at once.
//
// This is state that all calls share and change, one of the few: which ids are new is known to the call that created
// them and needed by other calls, of other objects, that no argument connects (a session names the target that was
// created a second before). It is a ring of fixed size behind one lock; losing an old id only means believing EC2.
// What earlier processes created is told by the private data of the objects that the host asks about.
#ifndef VNS_EC2_RECENT_H
#define VNS_EC2_RECENT_H

#include "base/clock.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

// EC2's documentation speaks of seconds, rarely a minute or two. An object is recent for no longer than this, so that
// nobody waits longer for one that is really gone.
#define RECENT_MS 120000

// Created just now.
void recent_add(const struct clock *clock, struct text id);
// Created by an earlier process, at that time of the wall clock, in seconds since 1970. Another machine's clock may be
// ahead of ours: up to RECENT_MS in the future is just now, and more than that says nothing. Who is told so again and
// again does not get younger.
void recent_recall(const struct clock *clock, struct text id, int64_t created_s);
// It exists by the state, and nobody remembers since when: for PATIENCE_UNSEEN_MS it counts as recent.
void recent_doubt(const struct clock *clock, struct text id);
// Deleted: from now on "not found" means what it says.
void recent_forget(struct text id);
bool recent_has(const struct clock *clock, struct text id);

#endif
