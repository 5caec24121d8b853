// SPDX-License-Identifier: MPL-2.0
#include "engine/refusal.h"

bool refusal_passes(const struct operation *operation, const struct error_place *place,
		    const struct action_answer *refusal, struct patience *patience)
{
	const struct resource *resource = operation->resource;
	enum explanation explanation = EXPLANATION_NONE;
	if (resource->explain)
		explanation = resource->explain(operation, place->object, refusal, !patience_is_over(patience));
	if (explanation == EXPLANATION_PASSES) {
		if (patience_wait(operation->call, patience))
			return true;
		explanation = resource->explain(operation, place->object, refusal, false);
	}
	if (explanation == EXPLANATION_NONE)
		error_add(operation->call, place, refusal);
	return false;
}
