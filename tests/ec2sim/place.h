// SPDX-License-Identifier: MPL-2.0
// What exists in one region of one account. Objects are never changed in place: a change puts a copy, so that an answer
// may be written from what was found after the lock is released.
#ifndef EC2SIM_PLACE_H
#define EC2SIM_PLACE_H

#include "kinds.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct world;

struct place {
	struct world *world;
	char *account;
	char *region;
	json_t *objects[KIND_COUNT]; // id -> object, in the order of their making
	json_t *dependents;          // id -> the ids of the objects that refer to it
	json_t *touched;     // id -> seeded object that was changed, null when it was removed: what a restart needs
	json_t *tokens;      // see tokens.h
	int64_t next_number; // objects are numbered in the order of their making
	struct place *next;
};

// An empty place.
struct place *place_new(struct world *world, const char *account, const char *region);
void place_free(struct place *place);

// Borrowed; NULL when there is none.
json_t *place_find(const struct place *place, enum kind kind, const char *id);
// Adds the object or replaces the one with its id. Takes the reference over.
void place_put(struct place *place, enum kind kind, json_t *object);
// The same for an object that has its number already: one that was saved.
void place_restore(struct place *place, enum kind kind, json_t *object);
void place_remove(struct place *place, enum kind kind, const char *id);
int64_t place_number(const json_t *object);
// Takes the numbers out of a copy that a person will see, at every depth.
void place_hide_numbers(json_t *value);
size_t place_count(const struct place *place, enum kind kind);

// The objects of a kind that refer to an id: call with *position NULL at first; NULL is the end. Borrowed.
// The objects must not be removed while iterating, but for the one just returned after the next was taken.
json_t *place_next_dependent(const struct place *place, const char *id, enum kind kind, void **position);
size_t place_count_dependents(const struct place *place, const char *id, enum kind kind);
// An object as answers show it; a new reference.
json_t *place_view(const struct place *place, enum kind kind, json_t *object);

#endif
