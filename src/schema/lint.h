// SPDX-License-Identifier: MPL-2.0
// Are the rows consistent with themselves? For tests: core refuses a bad schema only when a user loads it.
#ifndef VNS_SCHEMA_LINT_H
#define VNS_SCHEMA_LINT_H

#include "base/buffer.h"
#include "schema/row.h"

// Appends one line for each fault; nothing when all is well: core's InternalValidate (facts: protocol, 5), a fallback
// that is not of the row's type or fails its own checks, a missing doc, a flag that contradicts another, a name used
// twice.
void lint_rows(struct buffer *out, const struct row_set *set);

#endif
