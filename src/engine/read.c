// SPDX-License-Identifier: MPL-2.0
#include "engine/read.h"

#include "ec2/reads.h"
#include "ec2/recent.h"
#include "ec2/tags.h"
#include "engine/absence.h"
#include "engine/state.h"
#include "schema/deviations.h"

// The plan made the list from a configuration that is not known here, and it stays true as long as nothing changed.
// What was changed outside, or just imported, gets a list as if the configuration said the same; what is remembered
// tells what of it was chosen.
static void set_deviations(const struct operation *operation, const struct value *prior, struct value *state)
{
	struct value *deviations = value_field(state, T("deviations"));
	if (value_is_null(deviations) || !value_equal(prior, state))
		*deviations =
			deviations_of_state(operation->call, &operation->resource->set, operation->remembered, state);
}

// To keep what is gone costs a plan that finds it so a little later; to lose what is there costs money until somebody
// notices. Hosts show one of several warnings that have the same summary: so it has the id.
static void warn_of_unseen(const struct operation *operation, struct text id)
{
	struct call *call = operation->call;
	const char *noun = operation->resource->set.noun;
	struct text summary = text_print(call->arena, "EC2 does not list the %s %.*s yet", noun, TEXT_ARG(id));
	struct text detail = text_print(call->arena,
					"It was created less than %d minutes ago, and EC2 needs a while to show a new "
					"object everywhere. So it stays in the state unchanged. If it has been deleted "
					"elsewhere since, a plan will notice that once it is %d minutes old.",
					RECENT_MS / 60000, RECENT_MS / 60000);
	diag_add(call, SEVERITY_WARNING, NULL, summary, detail);
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
		return absence_believe(operation, prior);
	case READS_UNSEEN:
		warn_of_unseen(operation, id->string);
		*ret_state = value_copy(call->arena, prior);
		return true;
	case READS_FAILED:
		return false;
	}
	if (!state_of_item(operation, id->string, item, prior, ret_state))
		return false;
	tags_decode(call->arena, xml_child(item, T("tagSet")), operation->settings, prior, ret_state);
	set_deviations(operation, prior, ret_state);
	return true;
}
