// SPDX-License-Identifier: MPL-2.0
// Values on the wire: cty's MessagePack encoding (facts: protocol, 4.1), checked against the type at every level.
#ifndef VNS_VALUE_MSGPACK_H
#define VNS_VALUE_MSGPACK_H

#include "base/arena.h"
#include "base/buffer.h"
#include "value/value.h"

#include <stdbool.h>

// Reads a value of that type. Empty bytes are a null. False when the bytes do not encode one; *ret_problem then names
// the place and the fault, for people. Texts are views of `bytes` or live in the arena: keep `bytes` as long as the
// value.
bool msgpack_read(struct arena *arena, struct text bytes, const struct type *type, struct value *ret_value,
		  struct text *ret_problem);
// Appends the value; fields in name order, unknowns unrefined, numbers in the form that Terraform itself would choose.
// The value's own type counts as declared: at the root no type travels with it. Check out->failed at the end.
void msgpack_write(const struct value *value, struct buffer *out);

#endif
