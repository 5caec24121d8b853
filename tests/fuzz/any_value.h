// SPDX-License-Identifier: MPL-2.0
// Values of a row's type, as the input chooses them: mostly what a configuration would say, sometimes anything.
#ifndef VNS_TESTS_FUZZ_ANY_VALUE_H
#define VNS_TESTS_FUZZ_ANY_VALUE_H

#include "fuzz.h"
#include "schema/row.h"

#include <stdbool.h>

struct any {
	struct arena *arena;
	struct choices *choices;
	bool may_be_unknown;
	bool may_be_set; // computed attributes too
};

struct value any_value(const struct any *any, const struct row *row, const struct type *type);
// An object of the rows.
struct value any_object(const struct any *any, const struct row *rows, const struct type *type);
// The value with something known in place of every unknown.
struct value any_resolved(const struct any *any, const struct row *row, const struct value *value);
// Of the arguments that exclude each other, leaves exactly one: that of `like` (may be NULL), else one of choice.
void any_keep_one(const struct any *any, const struct row_set *set, struct value *config, const struct value *like);

#endif
