// SPDX-License-Identifier: MPL-2.0
// The state of an object from what EC2 says of it: the second half of reading, creating and changing alike.
#ifndef VNS_ENGINE_STATE_H
#define VNS_ENGINE_STATE_H

#include "aws/xml.h"
#include "ec2/resource.h"

#include <stdbool.h>

// Whether the owner's account must be asked for, since EC2's answers about this kind of object do not say it.
bool state_needs_account(const struct operation *operation);

// Makes *ret_state, wholly known, from the item of an answer. What answers do not have comes from `reference` (planned
// or prior) where it is known there, and is null otherwise: tags are not read. False, with an error, when something in
// the item cannot be read or the account is not to be had; the state then has all the rest.
bool state_of_item(const struct operation *operation, struct text id, const struct xml_node *item,
		   const struct value *reference, struct value *ret_state);

// Sets the row of that name to what `reference` has for it, unless that is unknown.
void state_take(struct arena *arena, const struct value *reference, struct text name, struct value *state);

// An object with nothing but id and region.
struct value state_of_id(struct arena *arena, const struct type *type, struct text id, struct text region);

// Adds the error for memory that ran out on the way. May itself find no memory, and then adds none.
void state_complain_of_memory(const struct operation *operation, struct text id);

#endif
