// SPDX-License-Identifier: MPL-2.0
// JSON that carries keys: whatever the reader takes from the heap is wiped before it is given back.
#ifndef VNS_AWS_JSON_SECRET_H
#define VNS_AWS_JSON_SECRET_H

#include "base/arena.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

// An object; the arena lets go of it. NULL when the content is not one JSON object, nested no deeper than
// LIMIT_NESTING and without repeated names.
json_t *json_secret_parse(struct arena *arena, struct text content);
// A string member, as a view; empty when there is none or it is no string. A NULL object has no members.
struct text json_secret_text(const json_t *object, const char *name);
// A member whose name is given in any case, as Go reads JSON.
struct text json_secret_text_any_case(json_t *object, const char *name);
bool json_secret_number(const json_t *object, const char *name, int64_t *ret_number);
// An empty object, which the arena lets go of; NULL: no memory.
json_t *json_secret_object(struct arena *arena);
// Sets a string member. False when there is no memory or the value is not UTF-8.
bool json_secret_set(json_t *object, const char *name, struct text value);
// The object's JSON, in the arena. Empty when there is no memory.
struct text json_secret_print(struct arena *arena, const json_t *object);

#endif
