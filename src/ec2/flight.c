// SPDX-License-Identifier: MPL-2.0
#include "ec2/flight.h"

#include "ec2/listing.h"
#include "ec2/names.h"

#include <stdlib.h>
#include <string.h>

struct flight *flight_new(const struct call *call)
{
	struct flight *flight = calloc(1, sizeof *flight);
	if (!flight)
		return NULL;
	arena_init(&flight->arena, call->arena->ceiling_bytes);
	flight->arena.system_take = call->arena->system_take;
	flight->arena.system_context = call->arena->system_context;
	atomic_init(&flight->holders, 1);
	return flight;
}

void flight_hold(struct flight *flight)
{
	atomic_fetch_add(&flight->holders, 1);
}

void flight_release(struct flight *flight)
{
	if (!flight || atomic_fetch_sub(&flight->holders, 1) != 1)
		return;
	arena_free(&flight->arena);
	free(flight);
}

static int compare_items(const void *a, const void *b)
{
	return text_compare(((const struct flight_item *)a)->id, ((const struct flight_item *)b)->id);
}

// So that thousands of reads find theirs without walking through all of them.
static void sort_items(const struct resource *resource, struct flight *flight)
{
	struct arena *arena = &flight->arena;
	const struct xml_node *set = xml_child(flight->answer.root, names_element(arena, resource, "Set"));
	const struct text id_element = names_element(arena, resource, "Id");
	size_t count = 0;
	for (const struct xml_node *item = xml_child(set, T("item")); item; item = xml_next(item))
		count++;
	flight->items = ARENA_ARRAY(arena, struct flight_item, count);
	for (const struct xml_node *item = xml_child(set, T("item")); item; item = xml_next(item))
		flight->items[flight->count++] = (struct flight_item){ xml_text(item, id_element), item };
	if (count > 0)
		qsort(flight->items, count, sizeof *flight->items, compare_items);
}

static int compare_ids(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static bool has_others(const struct flight *flight, const struct text *sorted_ids, size_t count)
{
	for (size_t i = 0; i < flight->count; i++) {
		if (!bsearch(&flight->items[i].id, sorted_ids, count, sizeof *sorted_ids, compare_ids))
			return true;
	}
	return false;
}

struct asking {
	const struct operation *operation;
	struct flight *flight;
	const struct text *ids; // NULL: a page
	size_t count;
	struct text token;
};

static void ask(struct call *call, void *argument)
{
	const struct asking *asking = argument;
	const struct resource *resource = asking->operation->resource;
	struct flight *flight = asking->flight;
	struct query query;
	query_init(&query, call->arena);
	if (!asking->ids)
		query_add_number(&query, T("MaxResults"), LISTING_PAGE_LENGTH);
	if (asking->token.length > 0)
		query_add(&query, T("NextToken"), asking->token);
	for (size_t i = 0; i < asking->count; i++)
		// A page has no ids, and a count of 0. NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
		query_add_item(&query, names_id_parameter(call->arena, resource), i + 1, T(""), asking->ids[i]);
	const struct action action = {
		.service = AWS_EC2,
		.name = names_describe(call->arena, resource),
		.parameters = &query,
		.products = asking->operation->products,
	};
	struct action_answer answer;
	if (!client_send(call, asking->operation->client, &action, &answer))
		return;
	flight->answer = answer;
	if (answer.error_code.length > 0) {
		const bool is_absent = text_equal(answer.error_code, names_not_found(call->arena, resource));
		flight->outcome = is_absent ? FLIGHT_NOT_FOUND : FLIGHT_REFUSED;
		return;
	}
	sort_items(resource, flight);
	flight->next_token = xml_text(answer.root, T("nextToken"));
	if (asking->ids) {
		struct text *sorted = ARENA_ARRAY(call->arena, struct text, asking->count);
		memcpy(sorted, asking->ids, asking->count * sizeof *sorted);
		qsort(sorted, asking->count, sizeof *sorted, compare_ids);
		flight->is_strange = has_others(flight, sorted, asking->count);
	}
	flight->outcome = FLIGHT_LANDED;
}

// What is taken on the way belongs to the flight, and so does running out of it.
static void fly(struct asking *asking)
{
	struct call call = *asking->operation->call;
	call.arena = &asking->flight->arena;
	call.diagnostics = &asking->flight->told;
	(void)call_run(&call, ask, asking);
}

void flight_ask_ids(const struct operation *operation, struct flight *flight, const struct text *ids, size_t count)
{
	fly(&(struct asking){ .operation = operation, .flight = flight, .ids = ids, .count = count });
}

void flight_ask_page(const struct operation *operation, struct flight *flight, struct text token)
{
	fly(&(struct asking){ .operation = operation, .flight = flight, .token = token });
}

const struct xml_node *flight_find(const struct flight *flight, struct text id)
{
	if (flight->count == 0)
		return NULL;
	const struct flight_item wanted = { .id = id };
	const struct flight_item *found =
		bsearch(&wanted, flight->items, flight->count, sizeof *flight->items, compare_items);
	return found ? found->node : NULL;
}

static bool goes_on(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
}

bool flight_blames(const struct flight *flight, struct text id)
{
	struct text rest = flight->answer.error_message;
	for (size_t at = text_find(rest, id); at != SIZE_MAX; at = text_find(rest, id)) {
		rest = text_part(rest, at + id.length, rest.length);
		if (rest.length == 0 || !goes_on(rest.at[0])) // else it is the beginning of a longer one
			return true;
	}
	return false;
}
