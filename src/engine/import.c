// SPDX-License-Identifier: MPL-2.0
#include "engine/import.h"

#include "engine/state.h"
#include "schema/check.h"

bool import_object(struct call *call, const struct resource *resource, struct text id, struct text region,
		   struct value *ret_state)
{
	const struct type *type = row_type(call->arena, resource->set.rows);
	*ret_state = value_null(type);
	if (!check_is_id(id, text_of(resource->id_prefix))) {
		diag_error(call, NULL, "Invalid import id",
			   "\"%.*s\" is not the id of a %s, which looks like %s0123456789abcdef0.", TEXT_ARG(id),
			   resource->set.noun, resource->id_prefix);
		return false;
	}
	*ret_state = state_of_id(call->arena, type, text_copy(call->arena, id), text_copy(call->arena, region));
	return true;
}
