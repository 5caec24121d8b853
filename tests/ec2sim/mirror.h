// SPDX-License-Identifier: MPL-2.0
// What the four mirror objects have in common.
#ifndef EC2SIM_MIRROR_H
#define EC2SIM_MIRROR_H

#include "exchange.h"
#include "kinds.h"

#include <jansson.h>
#include <stdbool.h>

// The object that a parameter names; NULL when refused (no such id, or not the shape of one). Borrowed.
json_t *mirror_find(struct exchange *exchange, enum kind kind, const char *parameter);
// Refuses with the code when `count` objects exist already and no more are allowed; a quota of 0 allows any number.
bool mirror_check_quota(struct exchange *exchange, size_t count, int64_t quota, const char *code, const char *what);
// A new object with an id and the request's tags; NULL when refused. A new reference.
json_t *mirror_make(struct exchange *exchange, enum kind kind);
// Puts the object into the place, taking it over, and answers it under that element name.
bool mirror_put_and_answer(struct exchange *exchange, enum kind kind, json_t *object, const char *element);
// Removes the object and answers its id.
bool mirror_remove_and_answer(struct exchange *exchange, enum kind kind, const json_t *object);

#endif
