// SPDX-License-Identifier: MPL-2.0
// Which sessions stand in the way: errors that name the object that the user must look at.
#ifndef VNS_EC2_SESSIONS_H
#define VNS_EC2_SESSIONS_H

#include "ec2/listing.h"
#include "ec2/resource.h"

#include <stdbool.h>

// For a session that EC2 refuses: the number is taken (names the session that has it, and how to import it). It passes
// when that session has let go meanwhile, or is one that the state holds: then this run may be about to delete it, or
// to give it another number. A host does all that does not depend on each other at once and in no order, so that the
// new holder of a number may come before the old one goes. An explain function (ec2/resource.h).
enum explanation sessions_explain(const struct operation *operation, const struct value *planned,
				  const struct action_answer *refusal, bool may_wait);
// "INTERFACE NUMBER", which EC2 gives to one session only: of a session in an answer, and of a planned one (empty when
// that is not known yet).
struct text sessions_slot(struct arena *arena, const struct xml_node *session);
struct text sessions_planned_slot(const struct operation *operation, const struct value *planned);
// For a target or filter that EC2 will not delete: the sessions that use it.
void sessions_explain_in_use(const struct operation *operation, const struct value *prior,
			     const struct action_answer *refusal);
// All of them.
struct listing sessions_listing(void);

#endif
