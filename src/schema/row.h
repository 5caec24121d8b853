// SPDX-License-Identifier: MPL-2.0
// An attribute is declared once, as a row of a static table, and that row drives every stage: the schema that the host
// gets, docs/, validation, planning, deviations, requests to EC2 and the reading of its answers (src/README.md).
#ifndef VNS_SCHEMA_ROW_H
#define VNS_SCHEMA_ROW_H

#include "base/arena.h"
#include "base/call.h"
#include "base/diag.h"
#include "value/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_view;

enum row_kind {
	ROW_STRING,
	ROW_INTEGER,
	ROW_BOOL,
	ROW_STRING_LIST,
	ROW_STRING_SET,
	ROW_STRING_MAP,
	ROW_OBJECT,     // a nested attribute: one object
	ROW_NUMBER_MAP, // a nested attribute: a map of objects whose keys are whole numbers, `min` to `max`
	ROW_BLOCK, // a nested block, at most `max` times (0: once); sent as a list of blocks. Only in the provider's
		   // settings
};

enum row_flag {
	ROW_REQUIRED = 1 << 0,
	ROW_OPTIONAL = 1 << 1,
	ROW_COMPUTED = 1 << 2, // with ROW_OPTIONAL: the provider chooses when the configuration does not
	ROW_SENSITIVE = 1 << 3,
	// Another value needs another object.
	ROW_REPLACE = 1 << 4,
	// A value that is not known until the apply needs another object: what it refers to is being replaced, and EC2
	// deletes nothing that is in use. A change from one known value to another is made in place.
	ROW_REPLACE_IF_UNKNOWN = 1 << 5,
	// When the configuration has no value any more, the modify action is told so by RemoveField.
	ROW_CLEARABLE = 1 << 6,
	// EC2 assigns a value when none is configured. Private data remembers whether the value in state was
	// configured, so that removing the argument gives it back to EC2 (schema/private.h).
	ROW_ASSIGNED = 1 << 7,
	// Text of an IP network: two values are equal when they mean the same network (2001:db8::/32 and
	// 2001:DB8:0::/32).
	ROW_CIDR = 1 << 8,
	// An empty text is as if there were none, so it is not checked. Only in the provider's settings.
	ROW_EMPTY_IS_NONE = 1 << 9,
	// Exactly one of the rows with this flag is given. Only in a set's own table, on optional rows.
	ROW_ONE_OF = 1 << 10,
};

// A value that a row computes from others, when the configuration has none (and for computed rows always).
// The result must conform to the row's type. Unknown when what it depends on is unknown.
typedef struct value row_plan_fn(struct call *call, const struct plan_view *view);

// Checks a known, non-null value by itself. NULL when it is good, else what is wrong, in words that follow
// "<path> ": "must be ...", in the arena or static.
typedef const char *row_check_fn(struct arena *arena, const struct value *value);

struct row {
	const char *name; // Terraform's; NULL ends a table
	const char *doc;  // one or two sentences for docs/ and the schema, plain text with `code`
	enum row_kind kind;
	unsigned flags; // enum row_flag

	// EC2's name in requests ("SessionNumber"); NULL: not a parameter. The element in answers is the same with a
	// small first letter, unless `xml` says otherwise. RemoveField's word is the Terraform name with '-' for '_'.
	const char *ec2;
	const char *xml; // "" : not in answers
	// For docs/: the calls that take it, of an argument that is no parameter of its object's own; part of a
	// sentence.
	const char *sent_with;

	// The default, which is the recommended setting where the sensor's documentation has one. For a string the text
	// itself; otherwise JSON. NULL: none.
	const char *fallback;
	row_plan_fn *plan; // computes the value instead of `fallback`; may itself use the row's fallback

	// ROW_ASSIGNED: the one value that EC2 assigns, written like `fallback`, when there is only one (or none at
	// all). What state holds beside it then was chosen by somebody, also when nothing remembers it: after an
	// import. NULL: EC2 assigns any.
	const char *assigned;

	// Why a value other than the default (or, without one, any value) is worth a reviewer's look; a sentence for
	// `deviations`. NULL: no recommended setting.
	const char *why;

	// Validation. `max` 0: no range. For a string `max` is the longest length in characters; for a ROW_NUMBER_MAP
	// the range is that of its keys.
	int64_t min, max;
	const char *const *choices; // of a string, or of each string in a set; NULL-terminated
	const char *id_prefix;      // "eni-": an EC2 id, the prefix and 8 or 17 hexadecimal digits
	row_check_fn *check;

	const struct row *fields; // of ROW_OBJECT, ROW_NUMBER_MAP, ROW_BLOCK
	const char *key_xml;      // ROW_NUMBER_MAP: the element of an item that holds its key
	const char *key_noun;     // ROW_NUMBER_MAP: what a key numbers, for messages: "rule"
};

// What a provider, a resource or a list of settings declares.
struct row_set {
	const char *name; // "vns_mirror_filter"; "vns" for the provider
	const char *noun; // for messages: "traffic mirror filter"
	const char *doc;  // a paragraph for docs/
	int64_t version;
	const struct row *rows;
	// What no single row can say. Adds an error for each fault; complains of nothing unknown. May be NULL.
	void (*validate)(struct call *call, const struct value *config);
};

// The number of rows; the slot of a row in an object value is its position in the table.
size_t row_count(const struct row *rows);
// The row of that name, or NULL.
const struct row *row_find(const struct row *rows, struct text name);
// The position of that name; the name must exist.
size_t row_slot(const struct row *rows, struct text name);

// The type of the object that the rows describe; for blocks lists of objects. In the arena.
const struct type *row_type(struct arena *arena, const struct row *rows);
// The type of one row's value.
const struct type *row_value_type(struct arena *arena, const struct row *row);

// The row's fallback as a value of the row's type; null when it has none. Nested fields are not filled in.
struct value row_fallback(struct arena *arena, const struct row *row);
// The same for `assigned`.
struct value row_assigned(struct arena *arena, const struct row *row);

// The element name of the row in EC2's answers, empty when it has none; in the arena or static.
struct text row_xml_name(struct arena *arena, const struct row *row);
// What RemoveField calls the row: "packet-length".
struct text row_remove_field_name(struct arena *arena, const struct row *row);

// Does a reference to another object (ROW_REPLACE_IF_UNKNOWN) change? What EC2 assigns may depend on that object.
bool row_moves(const struct row *rows, const struct value *before, const struct value *now);

// Equal for the row: networks by meaning (in the fields of nested rows too), tags without the nulls among them, all
// else by value.
bool row_value_equal(const struct row *row, const struct value *a, const struct value *b);

#endif
