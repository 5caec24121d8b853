// SPDX-License-Identifier: MPL-2.0
#include "ec2/preflight.h"

#include "base/limits.h"
#include "ec2/listing.h"
#include "ec2/names.h"
#include "ec2/recent.h"
#include "ec2/sessions.h"
#include "ec2/tags.h"

// A host goes through what the state holds while it plans what is new, in no order: so long those of the name are
// expected to become known after all.
static const int64_t expectation_ms = 2000;
static const int64_t expectation_step_ms = 100;

// What one plan looks for.
struct look {
	const struct operation *told; // who is warned
	struct operation quiet;       // who asks EC2
	struct preflight *preflight;
	struct preflight_listing *listing; // of the planned object's type; NULL: no room
	struct preflight_listing *uses;    // the sessions, once they are needed
};

void preflight_init(struct preflight *preflight)
{
	preflight->count = 0;
	preflight->ready = turn_init(&preflight->turn);
	(void)pthread_mutex_init(&preflight->lock, NULL);
	id_set_init(&preflight->known);
	id_set_init(&preflight->warned);
}

void preflight_free(struct preflight *preflight)
{
	if (preflight->ready)
		turn_destroy(&preflight->turn);
	for (size_t i = 0; i < preflight->count; i++) {
		buffer_free(&preflight->listings[i].objects);
		buffer_free(&preflight->listings[i].cause);
		id_set_free(&preflight->listings[i].used);
	}
	(void)pthread_mutex_destroy(&preflight->lock);
	id_set_free(&preflight->known);
	id_set_free(&preflight->warned);
}

static void append(struct buffer *buffer, struct text one)
{
	buffer_append_text(buffer, one);
	buffer_append_char(buffer, '\0');
}

void preflight_end(struct preflight *preflight)
{
	(void)pthread_mutex_lock(&preflight->lock);
	preflight->ended = true;
	(void)pthread_mutex_unlock(&preflight->lock);
}

static bool has_ended(struct preflight *preflight)
{
	(void)pthread_mutex_lock(&preflight->lock);
	const bool ended = preflight->ended;
	(void)pthread_mutex_unlock(&preflight->lock);
	return ended;
}

// Or needs no warning any more.
static bool is_known(const struct operation *operation, struct preflight *preflight, struct text id)
{
	return recent_has(operation->call->clock, id) || has_ended(preflight) || id_set_may_have(&preflight->known, id);
}

// Within what is left of the time that one plan may take.
static bool becomes_known(const struct operation *operation, struct preflight *preflight, struct text id,
			  int64_t *left_ms)
{
	const struct call *call = operation->call;
	bool known = is_known(operation, preflight, id);
	for (; !known && *left_ms > 0; *left_ms -= expectation_step_ms) {
		if (!clock_sleep_ms(call->clock, expectation_step_ms, call->cancel))
			return true; // the host wants to stop: nobody reads a warning
		known = is_known(operation, preflight, id);
	}
	return known;
}

// A filter or a target. What uses them is a session.
static bool is_used(const struct resource *resource)
{
	return resource->in_use_code != NULL;
}

struct noting {
	struct arena *arena;
	struct text id_element;
	struct preflight_listing *listing;
};

static bool note_object(void *context, const struct xml_node *item)
{
	const struct noting *noting = context;
	struct preflight_listing *listing = noting->listing;
	struct buffer *objects = &listing->objects;
	const struct text filter = xml_text(item, T("trafficMirrorFilterId"));
	const struct text target = xml_text(item, T("trafficMirrorTargetId"));
	append(objects, xml_text(item, noting->id_element));
	append(objects, listing->resource ? tags_name(item) : sessions_slot(noting->arena, item));
	append(objects, filter);
	append(objects, target);
	if (!listing->resource) {
		(void)id_set_add(&listing->used, filter);
		(void)id_set_add(&listing->used, target);
	}
	return !objects->failed;
}

static bool list_all(const struct operation *operation, struct preflight_listing *ret_listing)
{
	struct arena *arena = operation->call->arena;
	const struct resource *resource = ret_listing->resource;
	struct listing listing = sessions_listing();
	struct noting noting = { arena, T("trafficMirrorSessionId"), ret_listing };
	if (resource) {
		listing.action = names_describe(arena, resource);
		listing.set = names_element(arena, resource, "Set");
		listing.doing = text_print(arena, "list each %s", resource->set.noun);
		noting.id_element = names_element(arena, resource, "Id");
	}
	if (!listing_walk(operation, &listing, note_object, &noting))
		return false;
	if (ret_listing->objects.failed)
		diag_error(operation->call, NULL, "Too many objects",
			   "The answers to %.*s are larger than the provider has room for.", TEXT_ARG(listing.action));
	return !ret_listing->objects.failed;
}

struct listing_work {
	struct look *look;
	const struct resource *resource; // NULL: the sessions
	struct preflight_listing *ret_listing;
};

// In turn: the listing that is there, or a new one.
static void find_listing(struct call *call, void *argument)
{
	struct listing_work *work = argument;
	const struct operation *quiet = &work->look->quiet;
	struct preflight *preflight = work->look->preflight;
	if (has_ended(preflight))
		return;
	for (size_t i = 0; i < preflight->count; i++) {
		struct preflight_listing *each = &preflight->listings[i];
		if (each->client == quiet->client && each->resource == work->resource) {
			work->ret_listing = each;
			return;
		}
	}
	if (preflight->count == PREFLIGHT_MOST_LISTINGS)
		return;
	struct preflight_listing *listing = &preflight->listings[preflight->count++];
	*listing = (struct preflight_listing){ .client = quiet->client, .resource = work->resource };
	id_set_init(&listing->used);
	buffer_init(&listing->objects, LIMIT_RESPONSE_BYTES);
	buffer_init(&listing->cause, LIMIT_RESPONSE_BYTES);
	work->ret_listing = listing;
	listing->is_whole = list_all(quiet, listing);
	if (!listing->is_whole)
		buffer_append_text(&listing->cause, call->diagnostics->last->detail);
}

static struct preflight_listing *listing_of(struct look *look, const struct resource *resource)
{
	struct listing_work work = { look, resource, NULL };
	(void)turn_run(look->quiet.call, &look->preflight->turn, find_listing, &work);
	return work.ret_listing;
}

// Once for what `told` stands for. A plan does not fail for it, but who reviews it is to know what nobody has looked
// at: the double that its apply makes would never be told, since later plans create nothing.
static void warn_of_failure(const struct look *look, const struct preflight_listing *failed, bool *told)
{
	const struct operation *operation = look->told;
	(void)pthread_mutex_lock(&look->preflight->lock);
	const bool is_told = *told;
	*told = true;
	(void)pthread_mutex_unlock(&look->preflight->lock);
	if (is_told || cancel_fired(operation->call->cancel))
		return; // that is why, and nobody reads a warning
	const struct resource *resource = operation->resource;
	struct text summary =
		text_print(operation->call->arena, "Cannot check whether the %s already exists", resource->set.noun);
	struct text detail = text_print(
		operation->call->arena,
		"Before a create, the plan lists existing objects in %.*s to find one that a killed run left behind. "
		"That failed, so there may be one that this plan does not name. Fix the cause below and plan again, or "
		"turn this check off with `skip_preflight = true` in the provider block.\n\n%.*s",
		TEXT_ARG(client_region(operation->client)), TEXT_ARG(buffer_text(&failed->cause)));
	diag_add(operation->call, SEVERITY_WARNING, NULL, summary, detail);
}

// Each provider block is a process of its own: what the state has for one, no other sees.
#define MANAGED_UNKNOWN                                                                                                \
	" (which the provider cannot know with -target, with -parallelism=1, during an apply, or if that has another " \
	"provider block), ignore this warning. `skip_preflight = true` in the provider block turns it off."

// Hosts show one of several warnings that have the same summary: so it has the id.
static void warn_of(const struct operation *operation, struct text id, struct text name)
{
	struct arena *arena = operation->call->arena;
	const struct resource *resource = operation->resource;
	struct text summary = text_print(arena, "The %s %.*s already exists", resource->set.noun, TEXT_ARG(id));
	struct text import_id = names_import_id(operation, id);
	struct text detail = text_print(
		arena,
		"It is in %.*s and has the name of the planned object, \"%.*s\". No session uses it, and this run has "
		"not seen it in the state. A run that is killed before it saves its state leaves such an object "
		"behind. If this resource should manage it, import it instead of creating another (NAME is the name of "
		"this resource):\n\n"
		"    terraform import %s.NAME %.*s\n\n"
		"If it is managed elsewhere, or by another resource of this configuration" MANAGED_UNKNOWN,
		TEXT_ARG(client_region(operation->client)), TEXT_ARG(name), resource->set.name, TEXT_ARG(import_id));
	diag_add(operation->call, SEVERITY_WARNING, NULL, summary, detail);
}

// What a listing says of an object.
struct found {
	struct text id;
	struct text key; // its name; of a session, its slot
	struct text filter_id, target_id;
};

static bool take_found(struct text *objects, struct found *ret_found)
{
	return text_take_until(objects, '\0', &ret_found->id) && text_take_until(objects, '\0', &ret_found->key) &&
	       text_take_until(objects, '\0', &ret_found->filter_id) &&
	       text_take_until(objects, '\0', &ret_found->target_id);
}

// What a session uses and nobody knows is left behind with it, and would not be told as long as the session uses it.
static struct text import_of_used(const struct operation *operation, struct preflight *preflight, const char *name,
				  struct text id)
{
	if (id.length == 0 || is_known(operation, preflight, id))
		return T("");
	struct text import_id = names_import_id(operation, id);
	return text_print(operation->call->arena, "\n    terraform import vns_mirror_%s.NAME %.*s", name,
			  TEXT_ARG(import_id));
}

static void warn_of_session(const struct operation *operation, struct preflight *preflight, const struct found *found)
{
	struct arena *arena = operation->call->arena;
	const struct resource *resource = operation->resource;
	struct text summary = text_print(arena, "The %s %.*s already exists", resource->set.noun, TEXT_ARG(found->id));
	struct text import_id = names_import_id(operation, found->id);
	struct text filter = import_of_used(operation, preflight, "filter", found->filter_id);
	struct text target = import_of_used(operation, preflight, "target", found->target_id);
	struct text detail =
		text_print(arena,
			   "It is in %.*s and has the network interface and the number of the planned session (%.*s), "
			   "so EC2 will refuse to create that one. This run has not seen it in the state. A run that "
			   "is killed before it saves its state leaves such an object behind. If this resource should "
			   "manage it, import it and the objects that it uses (NAME is the name of each resource):\n\n"
			   "    terraform import %s.NAME %.*s%.*s%.*s\n\n"
			   "If it is managed elsewhere, use another number. If it is managed by another resource of "
			   "this configuration" MANAGED_UNKNOWN,
			   TEXT_ARG(client_region(operation->client)), TEXT_ARG(found->key), resource->set.name,
			   TEXT_ARG(import_id), TEXT_ARG(filter), TEXT_ARG(target));
	diag_add(operation->call, SEVERITY_WARNING, NULL, summary, detail);
}

// Whether no session uses the filter or target. When that cannot be known, the plan is told so, and not of the object.
static bool is_unused(struct look *look, struct text id)
{
	if (!look->uses)
		look->uses = listing_of(look, NULL);
	if (!look->uses || id_set_may_have(&look->uses->used, id))
		return false;
	if (!look->uses->is_whole)
		warn_of_failure(look, look->uses, &look->listing->told_of_uses);
	return look->uses->is_whole;
}

static void warn_of_equals(struct look *look, struct text wanted)
{
	const struct operation *told = look->told;
	struct preflight *preflight = look->preflight;
	struct text objects = buffer_text(&look->listing->objects);
	struct found found;
	int64_t left_ms = expectation_ms;
	while (take_found(&objects, &found)) {
		if (!text_equal(found.key, wanted) || is_known(told, preflight, found.id) ||
		    id_set_may_have(&preflight->warned, found.id) ||
		    (is_used(told->resource) && !is_unused(look, found.id)) ||
		    becomes_known(told, preflight, found.id, &left_ms) || !id_set_add(&preflight->warned, found.id))
			continue;
		if (is_used(told->resource))
			warn_of(told, found.id, found.key);
		else
			warn_of_session(told, preflight, &found);
	}
}

// What an object must have that the planned one would double; empty when that is not known, or nothing.
static struct text wanted_key(const struct operation *operation, const struct value *planned)
{
	if (!is_used(operation->resource))
		return sessions_planned_slot(operation, planned);
	const struct value *name = value_field(planned, T("name"));
	return value_is_known(name) ? name->string : T("");
}

void preflight_warn(const struct operation *operation, struct preflight *preflight, const struct value *planned)
{
	struct text wanted = wanted_key(operation, planned);
	if (!preflight->ready || wanted.length == 0 || has_ended(preflight))
		return;
	struct diagnostics unsaid = { 0 };
	struct call quiet_call = *operation->call;
	quiet_call.diagnostics = &unsaid;
	struct look look = { .told = operation, .quiet = *operation, .preflight = preflight };
	look.quiet.call = &quiet_call;
	look.quiet.in_passing = true;
	look.listing = listing_of(&look, is_used(operation->resource) ? operation->resource : NULL);
	if (!look.listing)
		return;
	if (!look.listing->is_whole)
		warn_of_failure(&look, look.listing, &look.listing->told);
	warn_of_equals(&look, wanted);
}
