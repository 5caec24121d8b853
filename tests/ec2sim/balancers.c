// SPDX-License-Identifier: MPL-2.0
#include "balancers.h"

#include "place.h"

#include <string.h>

#define PAGE_SIZE_DEFAULT 400

static bool is_named(const json_t *list, const json_t *text)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (json_equal(json_array_get(list, i), text))
			return true;
	}
	return false;
}

// Those that the request asks for: by ARN, by name, or all.
static json_t *select_balancers(struct exchange *exchange)
{
	const json_t *arns = exchange_list(exchange, "LoadBalancerArns");
	const json_t *names = exchange_list(exchange, "Names");
	json_t *all = exchange->place->objects[KIND_LOAD_BALANCER];
	json_t *chosen = json_array();
	for (void *at = json_object_iter(all); at; at = json_object_iter_next(all, at)) {
		json_t *balancer = json_object_iter_value(at);
		if ((!arns && !names) || is_named(arns, json_object_get(balancer, "LoadBalancerArn")) ||
		    is_named(names, json_object_get(balancer, "LoadBalancerName")))
			json_array_append(chosen, balancer);
	}
	if (json_array_size(chosen) < json_array_size(arns) + json_array_size(names)) {
		json_decref(chosen);
		exchange_refuse(exchange, "LoadBalancerNotFound", "One or more load balancers not found");
		return NULL;
	}
	return chosen;
}

// The items behind the marker, as many as a page holds; the marker is the position of the next page.
static bool answer_page(struct exchange *exchange, json_t *all, const char *element)
{
	const char *marker = exchange_text(exchange, "Marker");
	const size_t count = json_array_size(all);
	const size_t size = (size_t)exchange_integer(exchange, "PageSize", PAGE_SIZE_DEFAULT);
	int64_t first = 0;
	if (marker && (!text_to_int64(text_of(marker), &first) || first < 1 || (size_t)first >= count)) {
		json_decref(all);
		return exchange_refuse(exchange, "ValidationError", "Invalid marker: %s", marker);
	}
	json_t *page = json_array();
	size_t next = (size_t)first;
	for (; next < count && next - (size_t)first < size; next++)
		json_array_append(page, json_array_get(all, next));
	json_decref(all);
	if (next < count)
		exchange_answer(exchange, "NextMarker", json_sprintf("%zu", next));
	return exchange_answer(exchange, element, page);
}

bool balancers_describe(struct exchange *exchange)
{
	json_t *chosen = select_balancers(exchange);
	return chosen && answer_page(exchange, chosen, "LoadBalancers");
}

bool balancers_describe_listeners(struct exchange *exchange)
{
	const char *arn = exchange_text(exchange, "LoadBalancerArn");
	const json_t *balancer = place_find(exchange->place, KIND_LOAD_BALANCER, arn);
	if (!balancer)
		return exchange_refuse(exchange, "LoadBalancerNotFound", "Load balancer '%s' not found", arn);
	return answer_page(exchange, json_incref(json_object_get(balancer, "listeners")), "Listeners");
}
