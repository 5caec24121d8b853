// SPDX-License-Identifier: MPL-2.0
// Departures from the recommended settings, in words: for the computed attribute `deviations` and for warnings.
#ifndef VNS_SCHEMA_DEVIATIONS_H
#define VNS_SCHEMA_DEVIATIONS_H

#include "base/call.h"
#include "schema/plan.h"
#include "schema/row.h"

// A list of strings in table order, rules by number: each names the setting, its value, the recommended one and why it
// matters. A setting that the configuration leaves out is none; a name that comes from tags is. Unknown when a watched
// setting is unknown. A row_plan_fn, for the row `deviations`.
struct value deviations_plan(struct call *call, const struct plan_view *view);

// The list for an object of which no configuration is known, such as one just imported: as if everything in `state`
// were configured, but for what EC2 assigned, as far as that is `remembered` (schema/private.h; empty: nothing is). A
// configuration that says the same then plans the same list.
struct value deviations_of_state(struct call *call, const struct row_set *set, struct text remembered,
				 const struct value *state);

// Adds a diagnostic for each that is known, at its attribute, of the severity in the settings; one fixed summary, so
// that hosts fold many into one. An error only when the object is created or changed: before a destroy a host makes a
// plan that keeps everything, and what already departs must not stand in the way of its removal. `view` is the whole
// object's, its row unused.
void deviations_report(struct call *call, const struct plan_view *view);

#endif
