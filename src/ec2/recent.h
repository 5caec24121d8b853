// SPDX-License-Identifier: MPL-2.0
// Ids that this process created a moment ago. EC2 answers from several places, and for a while not all of them know a
// new object: then "not found" is propagation delay and not absence (facts: ec2, 2.8). For an id that is not recent,
// "not found" is believed at once.
//
// This is state that all calls share and change, one of the few: which ids are new is known to the call that created
// them and needed by other calls, of other objects, that no argument connects (a session names the target that was
// created a second before). It is a ring of fixed size behind one lock; losing an old id only means believing EC2.
#ifndef VNS_EC2_RECENT_H
#define VNS_EC2_RECENT_H

#include "base/clock.h"
#include "base/text.h"

#include <stdbool.h>

void recent_add(const struct clock *clock, struct text id);
// Deleted: from now on "not found" means what it says.
void recent_forget(struct text id);
bool recent_has(const struct clock *clock, struct text id);

#endif
