// SPDX-License-Identifier: MPL-2.0
// EC2 and the user may write the same thing in two ways: "" and no description, 2001:DB8::/32 and 2001:db8::/32. Core
// compares letters, so the state keeps what was planned or stored before wherever EC2 means the same by its answer.
#ifndef VNS_EC2_SETTLE_H
#define VNS_EC2_SETTLE_H

#include "schema/row.h"
#include "value/value.h"

#include <stdbool.h>

// Null, unknown, or the empty text: for EC2 there is no value.
bool settle_is_nothing(const struct row *row, const struct value *value);
// Both are the same to EC2.
bool settle_means_same(const struct row *row, const struct value *a, const struct value *b);

// Takes over from `reference` (planned or prior, or a null) whatever means the same as what `object` has, inside
// nested objects and maps too. Unknown parts of the reference change nothing.
void settle_object(struct arena *arena, const struct row *rows, const struct value *reference, struct value *object);

#endif
