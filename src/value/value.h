// SPDX-License-Identifier: MPL-2.0
// A value of Terraform's: null, unknown until the apply, or known. Values are trees in a call's arena and are not
// changed once they are shared: to change one, copy the level that changes.
#ifndef VNS_VALUE_VALUE_H
#define VNS_VALUE_VALUE_H

#include "base/arena.h"
#include "base/text.h"
#include "value/type.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_state { VALUE_NULL, VALUE_UNKNOWN, VALUE_KNOWN };

// A number keeps its decimal text, since cty's numbers are exact (facts: protocol, 4.3): no double ever touches it.
struct number {
	bool is_integer; // it fits int64; then `integer` holds it and `decimal` is empty
	int64_t integer;
	struct text decimal; // otherwise: digits with an optional sign and point, no exponent
};

struct value {
	enum value_state state;
	const struct type *type; // of this value; for an unknown or null of dynamic type: &type_dynamic
	union {                  // by type->kind, only when known
		bool boolean;
		struct number number;
		struct text string; // UTF-8
		struct {
			struct value *items; // list, set, tuple: elements; object: one per field; map: values
			struct text *keys;   // map: one key per item, in byte order, no key twice; otherwise NULL
			size_t count;
		};
	};
};

struct value value_null(const struct type *type);
struct value value_unknown(const struct type *type);
struct value value_string(struct text view);
struct value value_integer(int64_t number);
struct value value_bool(bool truth);
// Known containers with `count` null items, to be filled in. Keys of a map are to be set too, and in byte order
// (value_sort_map orders them).
struct value value_list(struct arena *arena, const struct type *type, size_t count); // list, set or tuple
struct value value_map(struct arena *arena, const struct type *type, size_t count);
struct value value_object(struct arena *arena, const struct type *type);
void value_sort_map(struct value *map);

static inline bool value_is_null(const struct value *value)
{
	return value->state == VALUE_NULL;
}
static inline bool value_is_unknown(const struct value *value)
{
	return value->state == VALUE_UNKNOWN;
}
static inline bool value_is_known(const struct value *value)
{
	return value->state == VALUE_KNOWN;
}
// Known, and a list, set, tuple, map or object: it has items.
bool value_holds_items(const struct value *value);
// No unknown anywhere inside.
bool value_is_wholly_known(const struct value *value);

// The item of an object's field; the object must be known and the field must exist.
struct value *value_field(const struct value *object, struct text name);
// The item under a key, or NULL; a null or unknown map has none.
const struct value *value_key(const struct value *map, struct text key);
// True when a known set or list of strings has this one.
bool value_has_string(const struct value *list, struct text wanted);

// Same state, type and content. Sets compare without order. Two unknowns are equal.
bool value_equal(const struct value *a, const struct value *b);
// A deep copy; texts are shared, not copied.
struct value value_copy(struct arena *arena, const struct value *value);

// For messages: "accept", 100, true, null, (known after apply), ["a", "b"], { 100 = {...} }; cut at about 200 bytes.
struct text value_print(struct arena *arena, const struct value *value);

#endif
