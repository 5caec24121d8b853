// SPDX-License-Identifier: MPL-2.0
#include "ec2/listing.h"

#include "base/limits.h"
#include "ec2/error.h"
#include "ec2/send.h"

void listing_trail_init(struct listing_trail *trail)
{
	buffer_init(&trail->tokens, LIMIT_REQUEST_BYTES);
	trail->count = 0;
}

void listing_trail_free(struct listing_trail *trail)
{
	buffer_free(&trail->tokens);
	trail->count = 0;
}

enum listing_way listing_follow(struct listing_trail *trail, struct text token)
{
	if (token.length == 0)
		return LISTING_ENDS;
	struct text rest = buffer_text(&trail->tokens), followed;
	while (text_take_until(&rest, '\0', &followed)) {
		if (text_equal(followed, token))
			return LISTING_ENDS;
	}
	buffer_append_text(&trail->tokens, token);
	buffer_append_char(&trail->tokens, '\0');
	trail->count++;
	return trail->tokens.failed || trail->count == LIMIT_LISTING_PAGES ? LISTING_IS_ENDLESS : LISTING_GOES_ON;
}

static bool ask_page(const struct operation *operation, const struct listing *listing, struct text token,
		     struct action_answer *ret_answer)
{
	struct query query;
	query_init(&query, operation->call->arena);
	if (listing->filter.length > 0) {
		query_add(&query, T("Filter.1.Name"), listing->filter);
		query_add(&query, T("Filter.1.Value.1"), listing->value);
	}
	query_add_number(&query, T("MaxResults"), LISTING_PAGE_LENGTH);
	if (token.length > 0)
		query_add(&query, T("NextToken"), token);
	if (!send_action(operation, listing->action, &query, ACTION_ASKS, ret_answer))
		return false;
	if (ret_answer->error_code.length == 0)
		return true;
	const struct error_place place = { .action = listing->action, .doing = listing->doing };
	error_add(operation->call, &place, ret_answer);
	return false;
}

struct walk {
	const struct operation *operation;
	const struct listing *listing;
	listing_visit_fn *visit;
	void *context;
	struct listing_trail trail;
	bool done;
};

static void walk_pages(struct call *call, void *argument)
{
	struct walk *walk = argument;
	struct action_answer answer;
	struct text token = T("");
	enum listing_way way;
	do {
		if (!ask_page(walk->operation, walk->listing, token, &answer))
			return;
		const struct xml_node *set = xml_child(answer.root, walk->listing->set);
		for (const struct xml_node *item = xml_child(set, T("item")); item; item = xml_next(item)) {
			walk->done = !walk->visit(walk->context, item);
			if (walk->done)
				return;
		}
		token = xml_text(answer.root, T("nextToken"));
		way = listing_follow(&walk->trail, token);
	} while (way == LISTING_GOES_ON);
	walk->done = way == LISTING_ENDS;
	if (!walk->done)
		diag_error(call, NULL, "A listing without an end",
			   "The answers to %.*s say after %zu pages that there are more, which is more than an "
			   "account can have.",
			   TEXT_ARG(walk->listing->action), walk->trail.count);
}

bool listing_walk(const struct operation *operation, const struct listing *listing, listing_visit_fn *visit,
		  void *context)
{
	struct call *call = operation->call;
	struct walk walk = { .operation = operation, .listing = listing, .visit = visit, .context = context };
	listing_trail_init(&walk.trail);
	const bool came_back = call_run(call, walk_pages, &walk);
	listing_trail_free(&walk.trail);
	if (!came_back)
		arena_leave(call->arena);
	return walk.done;
}
