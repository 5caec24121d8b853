// SPDX-License-Identifier: MPL-2.0
#include "engine/read.h"

#include "ec2/reads.h"
#include "ec2/tags.h"
#include "engine/state.h"
#include "schema/deviations.h"

// The plan made the list from a configuration that is not known here, and it stays true as long as nothing changed.
// What was changed outside, or just imported, gets a list as if the configuration said the same.
static void set_deviations(struct call *call, const struct row_set *set, const struct value *prior, struct value *state)
{
	struct value *deviations = value_field(state, T("deviations"));
	if (value_is_null(deviations) || !value_equal(prior, state))
		*deviations = deviations_of_state(call, set, state);
}

bool read_object(const struct operation *operation, const struct value *prior, struct value *ret_state)
{
	struct call *call = operation->call;
	*ret_state = value_null(prior->type);
	const struct value *id = value_field(prior, T("id"));
	if (!value_is_known(id))
		return true; // a state without an id is of nothing
	const struct xml_node *item;
	switch (reads_describe(operation, id->string, &item)) {
	case READS_FOUND:
		break;
	case READS_GONE:
		return true;
	case READS_FAILED:
		return false;
	}
	if (!state_of_item(operation, id->string, item, prior, ret_state))
		return false;
	tags_decode(call->arena, xml_child(item, T("tagSet")), operation->settings, prior, ret_state);
	set_deviations(call, &operation->resource->set, prior, ret_state);
	return true;
}
