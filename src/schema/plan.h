// SPDX-License-Identifier: MPL-2.0
// Planning: from prior state and configuration to the planned state, by the rows. Deterministic, and by core's rules
// (facts: protocol, 6.2 to 6.5): whatever can be known is known in the plan.
#ifndef VNS_SCHEMA_PLAN_H
#define VNS_SCHEMA_PLAN_H

#include "base/call.h"
#include "base/path.h"
#include "schema/private.h"
#include "schema/row.h"
#include "schema/settings.h"
#include "value/value.h"

#include <stdbool.h>
#include <stddef.h>

struct plan_request {
	const struct row_set *set;
	const struct value *prior;  // null: to be created
	const struct value *config; // null: to be destroyed
	struct text prior_private;  // as stored
	const struct settings *settings;
};

struct plan_result {
	struct value planned;                       // null for a destroy
	const struct path *const *requires_replace; // each the path of an attribute
	size_t requires_replace_count;
	struct text private_data; // to be stored with the planned state
};

// What a row's plan function sees. The object's slots are those of `rows`; rows with a plan function are computed after
// all others of the same object, in table order. Until then a row's slot of `planned` holds what its other columns
// give: the fallback, the prior value or an unknown; the function may return that.
struct plan_view {
	const struct row_set *set;
	const struct row *rows;      // of the object that is planned: the set's, or a nested row's fields
	const struct row *row;       // the one to be computed
	const struct value *config;  // the object; known
	const struct value *prior;   // the object, or a null
	const struct value *planned; // the object as far as it is planned
	const struct settings *settings;
	const struct private_data *private_data; // what will be remembered of this plan
};

// Plans one resource and adds a warning (or error, as settings->deviation_severity says) for each deviation
// (schema/deviations.h).
// False when an error was added.
bool plan_resource(struct call *call, const struct plan_request *request, struct plan_result *ret_result);

// For plan functions: the value of another row of the same object.
const struct value *plan_config_of(const struct plan_view *view, struct text name);
const struct value *plan_prior_of(const struct plan_view *view, struct text name); // a null when there is no prior
const struct value *plan_planned_of(const struct plan_view *view, struct text name);

#endif
