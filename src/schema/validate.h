// SPDX-License-Identifier: MPL-2.0
// Validation of a configuration by its rows. Unknown values are never complained about.
#ifndef VNS_SCHEMA_VALIDATE_H
#define VNS_SCHEMA_VALIDATE_H

#include "base/call.h"
#include "schema/row.h"

// Adds an error for each fault, at its attribute: value out of range, not among the choices, malformed; a computed
// attribute that is set; exactly-one-of; the set's own rule. `config` may be null (then nothing is checked).
void validate_config(struct call *call, const struct row_set *set, const struct value *config);

#endif
