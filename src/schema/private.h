// SPDX-License-Identifier: MPL-2.0
// What a resource remembers beside its state, opaque to the host: a JSON object, written by us alone.
//
// It answers two questions. How old is the object? EC2 does not show a new one everywhere at once, so that a refresh in
// another process must know (ec2/recent.h). And was a ROW_ASSIGNED value chosen, in the configuration or by somebody
// else, or assigned by EC2? Only then can a plan tell what is to be given back to EC2 (an argument that was removed, a
// value that was set behind our back) from what is to be kept. A configured value that repeats the one EC2 had assigned
// does not count as chosen: nothing changes by it, and configuration that Terraform generates for an import repeats
// them all. Unless EC2 would assign another now, because the object is to use another target: then the configured one
// is said to EC2, and chosen by that.
//
// And a third: which texts did an import find empty? Such a configuration writes null for an empty text, as it writes
// null for nothing, so that the default would change what was imported, or replace it. Until the configuration has a
// word of its own, an imported object's empty text stays empty.
#ifndef VNS_SCHEMA_PRIVATE_H
#define VNS_SCHEMA_PRIVATE_H

#include "base/arena.h"
#include "base/text.h"
#include "schema/row.h"

#include <stdbool.h>
#include <stdint.h>

struct private_data {
	bool exists;             // false: no plan was ever remembered, as after an import
	struct value configured; // set of strings: the ROW_ASSIGNED rows whose value the configuration chose
	struct value before;     // the same before this plan: in force until the plan has been applied
	struct value token;      // string: the ClientToken of the create that is planned; null when none is
	struct value created;    // number: when it was created, in seconds since 1970; null when that is not known
	struct value assigned;   // map of numbers: what EC2 had assigned when we looked last; null when we never did
	struct value empty;      // set of strings: rows with a default that an import found empty
};

// Anything that is not ours (empty, damaged) reads as "does not exist, nothing was configured".
struct private_data private_read(struct arena *arena, struct text bytes);
// Leaves the call where there is no memory, as whatever is taken from the arena: less than the whole would be
// forgotten.
struct text private_write(struct arena *arena, const struct private_data *data);

// What is to be remembered of a plan. `prior` is the object before, or a null; `before` what was remembered then.
// In a replacement that is the object to be deleted, whose age is kept for its delete.
struct private_data private_of_plan(struct arena *arena, const struct row *rows, const struct value *config,
				    const struct value *prior, const struct private_data *before);
// What is to be remembered when applying a plan with that private data has failed half way: what was configured before
// or is now, so that an argument whose removal failed is removed again.
struct text private_after_failure(struct arena *arena, struct text planned);

// A plan's private data with the ClientToken of the create that it plans: the one that `earlier` (what the first plan
// of the same change remembered, where the host passes that back) holds, else a new one. So a saved plan that is
// applied again, after a death between EC2's effect and its answer, gets the object that was left rather than a second
// one.
struct text private_with_token(struct arena *arena, struct text planned, struct text earlier);
// The token, empty when there is none.
struct text private_token(struct arena *arena, struct text planned);
// What is to be stored once the create has been tried: the token has served, and whatever there is was created at that
// time. Anything that is not ours is returned as it is.
struct text private_after_create(struct arena *arena, struct text planned, int64_t created_s);
// `stored` with what EC2 assigned, as the object's state after a change has it.
struct text private_with_assigned(struct arena *arena, struct text stored, const struct row *rows,
				  const struct value *state);
// `stored` with the texts that are empty in `state` and were never read before (null in `prior`), as in an import.
struct text private_with_empty(struct arena *arena, struct text stored, const struct row *rows,
			       const struct value *prior, const struct value *state);
// Is the row's default "" for this object?
bool private_is_empty(const struct private_data *data, const struct row *row);
// False when it is not known.
bool private_created(struct arena *arena, struct text stored, int64_t *ret_created_s);

// Was the value that `prior` (the object before) has for this ROW_ASSIGNED row chosen by somebody?
bool private_was_chosen(struct arena *arena, const struct private_data *data, const struct row *row,
			const struct value *prior_value);

#endif
