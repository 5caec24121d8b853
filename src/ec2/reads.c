// SPDX-License-Identifier: MPL-2.0
#include "ec2/reads.h"

#include "ec2/error.h"
#include "ec2/names.h"
#include "ec2/patience.h"
#include "ec2/recent.h"

// The item of that id. Lists are not atomic: an answer without the id that was asked for is one without the object.
static const struct xml_node *find_item(struct arena *arena, const struct resource *resource,
					const struct xml_node *root, struct text id)
{
	const struct xml_node *set = xml_child(root, names_element(arena, resource, "Set"));
	struct text id_element = names_element(arena, resource, "Id");
	for (const struct xml_node *item = xml_child(set, T("item")); item; item = xml_next(item)) {
		if (text_equal(xml_text(item, id_element), id))
			return item;
	}
	return NULL;
}

static enum reads_result describe_once(const struct operation *operation, struct text id,
				       const struct xml_node **ret_item)
{
	struct arena *arena = operation->call->arena;
	const struct resource *resource = operation->resource;
	struct query query;
	query_init(&query, arena);
	query_add_item(&query, names_id_parameter(arena, resource), 1, T(""), id);
	struct text action = names_describe(arena, resource);
	struct action_answer answer;
	if (!action_send(operation->call, operation->client, &(struct action){ AWS_EC2, action, &query, false },
			 &answer))
		return READS_FAILED;
	if (answer.error_code.length == 0) {
		*ret_item = find_item(arena, resource, answer.root, id);
		return *ret_item ? READS_FOUND : READS_GONE;
	}
	if (text_equal(answer.error_code, names_not_found(arena, resource)))
		return READS_GONE;
	const struct error_place place = {
		.action = action,
		.doing = text_print(arena, "read the %s %.*s", resource->set.noun, TEXT_ARG(id)),
	};
	error_add(operation->call, &place, &answer);
	return READS_FAILED;
}

enum reads_result reads_describe(const struct operation *operation, struct text id, const struct xml_node **ret_item)
{
	const struct call *call = operation->call;
	struct patience patience = patience_of(PATIENCE_CREATED_MS);
	enum reads_result result;
	do {
		result = describe_once(operation, id, ret_item);
	} while (result == READS_GONE && recent_has(call->clock, id) && patience_wait(call, &patience));
	return result;
}
