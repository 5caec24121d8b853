// SPDX-License-Identifier: MPL-2.0
#include "describe.h"

#include "actions.h"
#include "place.h"
#include "veil.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

// The longest page, and the length of one when the request does not say.
#define DESCRIBE_PAGE_MAX 1000

// A page under way. What is listed has numbers that ascend, so that a page begins where the last one ended even when
// something was deleted in between.
struct page {
	json_t *items;
	int64_t after; // the number of the last item of the page before
	int64_t last;  // the number of this page's last item
	size_t size;
	bool more;
};

// A token says where the next page begins and which request it belongs to: one of another request is refused.
static unsigned fingerprint(const struct exchange *exchange)
{
	json_t *rest = json_copy(exchange->parameters);
	json_object_del(rest, "NextToken");
	json_object_del(rest, "MaxResults");
	char *printed = json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS);
	unsigned hash = 2166136261u; // FNV-1a
	for (const char *at = exchange->action->name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	for (const char *at = printed; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	free(printed);
	json_decref(rest);
	return hash;
}

static bool open_page(struct exchange *exchange, struct page *ret_page)
{
	*ret_page = (struct page){ .size = (size_t)exchange_integer(exchange, "MaxResults", DESCRIBE_PAGE_MAX) };
	const char *token = exchange_text(exchange, "NextToken");
	unsigned owner = 0;
	if (token) {
		unsigned after = 0;
		int length = 0;
		const bool whole = sscanf(token, "vns%8x%8x%n", &owner, &after, &length) == 2 && !token[length];
		if (!whole || owner != fingerprint(exchange))
			return exchange_refuse(exchange, "InvalidPaginationToken",
					       "The specified pagination token is not valid or is expired.");
		ret_page->after = after;
	}
	ret_page->items = json_array();
	return true;
}

static bool is_before(const struct page *page, int64_t number)
{
	return page->more || number <= page->after;
}

// Takes the reference over.
static void add_to_page(struct page *page, int64_t number, json_t *item)
{
	if (json_array_size(page->items) < page->size) {
		page->last = number;
		json_array_append_new(page->items, item);
		return;
	}
	page->more = true;
	json_decref(item);
}

static bool close_page(struct exchange *exchange, struct page *page, const char *result_element)
{
	exchange_answer(exchange, result_element, page->items);
	if (page->more) {
		char token[64];
		snprintf(token, sizeof token, "vns%08x%08x", fingerprint(exchange), (unsigned)page->last);
		exchange_answer(exchange, "nextToken", json_string(token));
	}
	return true;
}

static void consider(const struct exchange *exchange, struct page *page, int64_t number, json_t *object)
{
	const struct describe_row *row = exchange->action->describe;
	if (is_before(page, number) || (row->wanted && !row->wanted(exchange, object)))
		return;
	json_t *view = place_view(exchange->place, row->kind, object);
	if (matching_passes(exchange, row->filters, view))
		add_to_page(page, number, view);
	else
		json_decref(view);
}

// What a Describe by id finds: also what was deleted but is still seen.
static json_t *find(const struct exchange *exchange, enum kind kind, const char *id)
{
	json_t *object = place_find(exchange->place, kind, id);
	return object ? object : veil_ghost(exchange->world, id);
}

// EC2 names all ids that are not there in one error.
static bool check_ids(struct exchange *exchange, const json_t *ids)
{
	const enum kind kind = exchange->action->describe->kind;
	const struct kind_row *row = kinds_row(kind);
	struct text missing = T("");
	size_t missing_count = 0;
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		if (find(exchange, kind, id))
			continue;
		if (!kinds_id_is_well_formed(kind, id))
			return exchange_refuse(exchange, row->malformed, "Invalid id: \"%s\"", id);
		missing = text_print(exchange->arena, "%.*s%s%s", TEXT_ARG(missing), missing_count > 0 ? ", " : "", id);
		missing_count++;
	}
	if (missing_count == 0)
		return true;
	return exchange_refuse(exchange, row->not_found, "The %s ID%s '%.*s' do%s not exist", row->noun,
			       missing_count > 1 ? "s" : "", TEXT_ARG(missing), missing_count > 1 ? "" : "es");
}

static void list_ids(const struct exchange *exchange, const json_t *ids, struct page *page)
{
	const enum kind kind = exchange->action->describe->kind;
	json_t *done = json_object(); // an id that is given twice is answered once
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		if (json_object_get(done, id))
			continue;
		json_object_set_new(done, id, json_true());
		consider(exchange, page, (int64_t)i + 1, find(exchange, kind, id));
	}
	json_decref(done);
}

// Those that were deleted but are still seen come first, on the first page.
static void list_ghosts(const struct exchange *exchange, struct page *page)
{
	json_t *veils = exchange->world->veils;
	for (void *at = json_object_iter(veils); at && page->after == 0; at = json_object_iter_next(veils, at)) {
		json_t *ghost = veil_ghost(exchange->world, json_object_iter_key(at));
		if (ghost && kinds_of_id(json_object_iter_key(at)) == exchange->action->describe->kind)
			consider(exchange, page, place_number(ghost), ghost);
	}
}

static void list_all(const struct exchange *exchange, struct page *page)
{
	json_t *all = exchange->place->objects[exchange->action->describe->kind];
	list_ghosts(exchange, page);
	for (void *at = json_object_iter(all); at; at = json_object_iter_next(all, at))
		consider(exchange, page, place_number(json_object_iter_value(at)), json_object_iter_value(at));
}

bool describe_run(struct exchange *exchange)
{
	const struct describe_row *row = exchange->action->describe;
	const json_t *ids = row->ids_parameter ? exchange_list(exchange, row->ids_parameter) : NULL;
	struct page page;
	if (ids && row->ids_exclude_paging && exchange_has(exchange, "MaxResults"))
		return exchange_refuse(exchange, "InvalidParameterCombination",
				       "The parameter %s cannot be used with the parameter MaxResults",
				       row->ids_parameter);
	if (!matching_check(exchange, row->filters) || (ids && !check_ids(exchange, ids)) ||
	    !open_page(exchange, &page))
		return false;
	if (ids)
		list_ids(exchange, ids, &page);
	else
		list_all(exchange, &page);
	return close_page(exchange, &page, row->result_element);
}

bool describe_list(struct exchange *exchange, json_t *objects, const struct matching_row *filters,
		   const char *result_element)
{
	struct page page;
	const bool right = matching_check(exchange, filters) && open_page(exchange, &page);
	for (size_t i = 0; right && i < json_array_size(objects); i++) {
		json_t *object = json_array_get(objects, i);
		if (!is_before(&page, (int64_t)i + 1) && matching_passes(exchange, filters, object))
			add_to_page(&page, (int64_t)i + 1, json_incref(object));
	}
	json_decref(objects);
	return right && close_page(exchange, &page, result_element);
}
