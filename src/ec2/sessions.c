// SPDX-License-Identifier: MPL-2.0
#include "ec2/sessions.h"

#include "ec2/encode.h"
#include "ec2/error.h"
#include "ec2/id_set.h"
#include "ec2/listing.h"
#include "ec2/names.h"
#include "ec2/recent.h"
#include "ec2/tags.h"

// Names of sessions in one message.
enum { MOST_NAMED = 10 };

struct listing sessions_listing(void)
{
	return (struct listing){
		.action = T("DescribeTrafficMirrorSessions"),
		.set = T("trafficMirrorSessionSet"),
		.doing = T("list each traffic mirror session"),
	};
}

// As far as they can be had. Says nothing when it fails but false: the user is to be told of what made us look, not of
// the look.
static bool look_at_sessions(const struct operation *operation, struct text filter, struct text value,
			     listing_visit_fn *visit, void *context)
{
	struct diagnostics unsaid = { 0 };
	struct call quiet_call = *operation->call;
	quiet_call.diagnostics = &unsaid;
	struct operation quiet = *operation;
	quiet.call = &quiet_call;
	struct listing listing = sessions_listing();
	listing.filter = filter;
	listing.value = value;
	return listing_walk(&quiet, &listing, visit, context);
}

static struct text session_id(const struct xml_node *session)
{
	return xml_text(session, T("trafficMirrorSessionId"));
}

// `tms-1 ("web", on eni-1)`
static struct text print_session(struct arena *arena, const struct xml_node *session)
{
	struct text name = tags_name(session);
	struct text id = session_id(session), interface = xml_text(session, T("networkInterfaceId"));
	if (name.length == 0)
		return text_print(arena, "%.*s (no name, on %.*s)", TEXT_ARG(id), TEXT_ARG(interface));
	return text_print(arena, "%.*s (\"%.*s\", on %.*s)", TEXT_ARG(id), TEXT_ARG(name), TEXT_ARG(interface));
}

// The known value of the row of that EC2 name, or NULL.
static const struct value *planned_value(const struct operation *operation, const struct value *planned,
					 const struct row *row)
{
	const struct value *value = row ? &planned->items[row - operation->resource->set.rows] : NULL;
	return value && value_is_known(value) ? value : NULL;
}

// A number of an interface that EC2 refuses to give to a session.
struct contest {
	const struct operation *operation;
	const struct row *number_row;
	const struct value *number, *interface;
	const struct action_answer *refusal;
};

static void add_number_taken(const struct contest *contest, struct text what)
{
	const struct action_answer *refusal = contest->refusal;
	const struct path at = path_attribute(NULL, text_of(contest->number_row->name));
	diag_error(contest->operation->call, &at, "The session number is taken",
		   "%.*s\n\nEC2's response: %.*s: %.*s (HTTP status %d, request id %.*s)", TEXT_ARG(what),
		   TEXT_ARG(refusal->error_code), TEXT_ARG(refusal->error_message), refusal->http_status,
		   TEXT_ARG(refusal->request_id));
}

#define TAKEN_BY "The network interface already has a session with the number %lld: %.*s. "
#define NO_ROOM_FOR_BOTH                                                                                               \
	"If it is the session that this one is to replace, remove `create_before_destroy` from this resource and "     \
	"from those that depend on it: both sessions cannot exist at once."

static void add_taken_by_stranger(const struct contest *contest, const struct xml_node *holder)
{
	struct arena *arena = contest->operation->call->arena;
	struct text session = print_session(arena, holder);
	struct text import_id = names_import_id(contest->operation, session_id(holder));
	add_number_taken(
		contest,
		text_print(
			arena,
			TAKEN_BY
			"Use another `%s`, or remove the other session. " NO_ROOM_FOR_BOTH
			" If this run deletes the other session or gives it another number, run again. If this "
			"resource should manage the other session, import it (NAME is the name of this resource):\n\n"
			"    terraform import %s.NAME %.*s",
			(long long)contest->number->number.integer, TEXT_ARG(session), contest->number_row->name,
			contest->operation->resource->set.name, TEXT_ARG(import_id)));
}

static void add_taken_by_known(const struct contest *contest, const struct xml_node *holder)
{
	struct arena *arena = contest->operation->call->arena;
	struct text session = print_session(arena, holder);
	add_number_taken(
		contest,
		text_print(arena,
			   TAKEN_BY
			   "The state has that session too, and it has not let go of the number. Use another `%s` for "
			   "one of them. If they are to swap numbers, that takes two runs: first give one of them a "
			   "number that is free. " NO_ROOM_FOR_BOTH,
			   (long long)contest->number->number.integer, TEXT_ARG(session), contest->number_row->name));
}

static void add_taken_by_new(const struct contest *contest, const struct xml_node *holder)
{
	struct arena *arena = contest->operation->call->arena;
	struct text session = print_session(arena, holder);
	add_number_taken(contest,
			 text_print(arena,
				    TAKEN_BY "Another resource of this configuration has just created it. Use another "
					     "`%s` for one of them.",
				    (long long)contest->number->number.integer, TEXT_ARG(session),
				    contest->number_row->name));
}

static void add_taken_before(const struct contest *contest)
{
	add_number_taken(contest,
			 text_print(contest->operation->call->arena,
				    "The number %lld of the network interface %.*s was taken a moment ago, "
				    "and no session has it now. Run again.",
				    (long long)contest->number->number.integer, TEXT_ARG(contest->interface->string)));
}

// For another session with the number.
struct search {
	const struct contest *contest;
	const struct value *own_id;
	const struct xml_node *holder; // NULL: not found
};

static bool is_not_holder(void *context, const struct xml_node *session)
{
	struct search *search = context;
	const struct value *own_id = search->own_id;
	int64_t taken;
	const bool is_own = value_is_known(own_id) && text_equal(session_id(session), own_id->string);
	if (!is_own && text_to_int64(xml_text(session, T("sessionNumber")), &taken) &&
	    taken == search->contest->number->number.integer)
		search->holder = session;
	return !search->holder;
}

// The session that has the number; NULL when none has. False when nobody can say.
static bool find_holder(const struct contest *contest, const struct value *own_id, const struct xml_node **ret_holder)
{
	struct search search = { contest, own_id, NULL };
	const bool looked = look_at_sessions(contest->operation, T("network-interface-id"), contest->interface->string,
					     is_not_holder, &search);
	*ret_holder = search.holder;
	return looked || search.holder;
}

enum explanation sessions_explain(const struct operation *operation, const struct value *planned,
				  const struct action_answer *refusal, bool may_wait)
{
	// No source says which code EC2 uses for a number that is taken (facts: ec2, 6), so we look.
	const bool says_taken = text_find(refusal->error_message, T("is in use")) != SIZE_MAX;
	if (error_is_plain(refusal->error_code) && !says_taken)
		return EXPLANATION_NONE;
	const struct row *rows = operation->resource->set.rows;
	const struct row *number_row = encode_row(rows, T("SessionNumber"));
	const struct contest contest = {
		.operation = operation,
		.number_row = number_row,
		.number = planned_value(operation, planned, number_row),
		.interface = planned_value(operation, planned, encode_row(rows, T("NetworkInterfaceId"))),
		.refusal = refusal,
	};
	const struct xml_node *holder;
	if (!contest.number || !contest.interface || !find_holder(&contest, value_field(planned, T("id")), &holder))
		return EXPLANATION_NONE;
	const bool is_known = holder && operation->known && id_set_may_have(operation->known, session_id(holder));
	if (may_wait && (holder ? is_known : says_taken))
		return EXPLANATION_PASSES;
	if (is_known)
		add_taken_by_known(&contest, holder);
	else if (holder && recent_has(operation->call->clock, session_id(holder)))
		add_taken_by_new(&contest, holder);
	else if (holder)
		add_taken_by_stranger(&contest, holder);
	else if (says_taken)
		add_taken_before(&contest);
	else
		return EXPLANATION_NONE;
	return EXPLANATION_ADDED;
}

struct text sessions_slot(struct arena *arena, const struct xml_node *session)
{
	return text_print(arena, "%.*s %.*s", TEXT_ARG(xml_text(session, T("networkInterfaceId"))),
			  TEXT_ARG(xml_text(session, T("sessionNumber"))));
}

struct text sessions_planned_slot(const struct operation *operation, const struct value *planned)
{
	const struct row *rows = operation->resource->set.rows;
	const struct value *number = planned_value(operation, planned, encode_row(rows, T("SessionNumber")));
	const struct value *interface = planned_value(operation, planned, encode_row(rows, T("NetworkInterfaceId")));
	if (!number || !interface)
		return T("");
	return text_print(operation->call->arena, "%.*s %lld", TEXT_ARG(interface->string),
			  (long long)number->number.integer);
}

// The beginning of a list, and how long the whole would be.
struct naming {
	struct arena *arena;
	struct text list;
	size_t count;
};

static bool name_session(void *context, const struct xml_node *session)
{
	struct naming *naming = context;
	if (++naming->count > MOST_NAMED)
		return true;
	struct text one = print_session(naming->arena, session);
	naming->list = text_print(naming->arena, "%.*s\n  - %.*s", TEXT_ARG(naming->list), TEXT_ARG(one));
	return true;
}

static struct text print_sessions(const struct operation *operation, struct text filter, struct text value)
{
	struct naming naming = { operation->call->arena, T(""), 0 };
	(void)look_at_sessions(operation, filter, value, name_session, &naming);
	if (naming.count <= MOST_NAMED)
		return naming.list;
	return text_print(naming.arena, "%.*s\n  - and %zu more", TEXT_ARG(naming.list), naming.count - MOST_NAMED);
}

void sessions_explain_in_use(const struct operation *operation, const struct value *prior,
			     const struct action_answer *refusal)
{
	struct call *call = operation->call;
	const struct resource *resource = operation->resource;
	struct text id = value_field(prior, T("id"))->string;
	struct text filter = text_print(call->arena, "%s-id", resource->tag_type);
	struct text sessions = print_sessions(operation, filter, id);
	struct text holders =
		sessions.length > 0
			? text_print(call->arena, "These sessions use it:%.*s", TEXT_ARG(sessions))
			: T("The sessions that use it belong to other accounts, or the credentials may not list them.");
	diag_error(call, NULL, "Still used by traffic mirror sessions",
		   "EC2 does not delete the %s %.*s while a traffic mirror session uses it. %.*s\n\n"
		   "Remove these sessions first, or move them to another %s. To move them without interruption: create "
		   "the new one and apply; point the sessions at it and apply; then remove this one.\n\n"
		   "EC2's response: %.*s: %.*s (HTTP status %d, request id %.*s)",
		   resource->set.noun, TEXT_ARG(id), TEXT_ARG(holders), resource->set.noun,
		   TEXT_ARG(refusal->error_code), TEXT_ARG(refusal->error_message), refusal->http_status,
		   TEXT_ARG(refusal->request_id));
}
