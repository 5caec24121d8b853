// SPDX-License-Identifier: MPL-2.0
// Terraform's types (cty), as far as a provider declares them, and their JSON form (facts: protocol, 4.2).
#ifndef VNS_VALUE_TYPE_H
#define VNS_VALUE_TYPE_H

#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum type_kind {
	TYPE_STRING,
	TYPE_NUMBER,
	TYPE_BOOL,
	TYPE_LIST,
	TYPE_SET,
	TYPE_MAP,
	TYPE_OBJECT,
	TYPE_TUPLE,
	TYPE_DYNAMIC, // the type travels with the value
};

struct type_field {
	struct text name;
	const struct type *type;
};

struct type {
	enum type_kind kind;
	const struct type *element;      // of a list, set or map
	const struct type_field *fields; // of an object (slot i of the value is field i), or a tuple (names unused)
	size_t field_count;
	// Of an object, where somebody has worked it out: after[i + 1] is what type_next_field gives for i; NULL:
	// nobody has.
	const size_t *after;
};

extern const struct type type_string, type_number, type_bool, type_dynamic;
extern const struct type type_string_list, type_string_set, type_string_map;

// Fields of objects may stand in any order.
bool type_equal(const struct type *a, const struct type *b);
// Slot of the field, or SIZE_MAX.
size_t type_field_index(const struct type *object, struct text name);
// The same for a reader of what was written in name order: found at once when it is the field after `previous`
// (SIZE_MAX: the first) and somebody has worked that order out.
size_t type_field_after(const struct type *object, size_t previous, struct text name);
// Walks the fields of an object in name order: the slot after `previous` (SIZE_MAX gives the first), SIZE_MAX at the
// end.
size_t type_next_field(const struct type *object, size_t previous);
// Works that order out once, for a type that is written often: `ret_after` has room for one more than there are fields.
void type_order_fields(const struct type *object, size_t *ret_after);
// "string", "list", ...
struct text type_kind_name(enum type_kind kind);
// Appends `"string"`, `["map","string"]`, `["object",{"a":"bool"}]`; the fields of an object in name order.
void type_write_json(const struct type *type, struct buffer *out);
// Reads such a text into the arena. NULL when it is no type (or nests deeper than LIMIT_NESTING).
const struct type *type_read_json(struct arena *arena, struct text json);

#endif
