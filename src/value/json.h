// SPDX-License-Identifier: MPL-2.0
// Values as JSON: stored state (RawState), private data.
#ifndef VNS_VALUE_JSON_H
#define VNS_VALUE_JSON_H

#include "base/arena.h"
#include "base/buffer.h"
#include "value/value.h"

#include <stdbool.h>

// Reads a value of that type from stored state, leniently where a stored state may be of another version: attributes
// that the type lacks are skipped, missing ones are null, numbers and bools may be given as strings, as cty does.
// Numbers keep all their digits. False when it is no JSON, or something cannot be converted; *ret_problem then says
// where and why.
bool json_read(struct arena *arena, struct text bytes, const struct type *type, struct value *ret_value,
	       struct text *ret_problem);
// Appends a wholly known value; an unknown marks the buffer failed.
void json_write(const struct value *value, struct buffer *out);

#endif
