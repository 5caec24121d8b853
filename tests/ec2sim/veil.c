// SPDX-License-Identifier: MPL-2.0
// world->veils: id -> {"unborn": n} or {"ghost": n, "object": {...}} or {"busy": n}; n calls are left.
#include "veil.h"

#include "actions.h"
#include "describe.h"
#include "place.h"
#include "world.h"

#include <string.h>

static bool is_describe(const struct exchange *exchange)
{
	return exchange->action->describe != NULL;
}

static bool names(const json_t *value, const char *id)
{
	if (json_is_string(value))
		return strcmp(json_string_value(value), id) == 0;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (names(json_array_get(value, i), id))
			return true;
	}
	return false;
}

// In any parameter that takes ids.
static bool call_names(const struct exchange *exchange, const char *id)
{
	json_t *parameters = exchange->parameters;
	for (void *at = json_object_iter(parameters); at; at = json_object_iter_next(parameters, at)) {
		if (names(json_object_iter_value(at), id))
			return true;
	}
	return false;
}

// A Describe of that kind without ids meets all of them.
static bool call_lists(const struct exchange *exchange, const char *id)
{
	const struct describe_row *row = exchange->action->describe;
	return row && row->kind == kinds_of_id(id) &&
	       !(row->ids_parameter && exchange_list(exchange, row->ids_parameter));
}

// One call less; true while the veil was still there for this one.
static bool count_down(json_t *veil, const char *what)
{
	const json_int_t left = json_integer_value(json_object_get(veil, what));
	if (left > 0)
		json_object_set_new(veil, what, json_integer(left - 1));
	else
		json_object_del(veil, what);
	return left > 0;
}

static bool is_delete_of(const struct exchange *exchange, const char *id)
{
	return strncmp(exchange->action->name, "DeleteTraffic", 13) == 0 && call_names(exchange, id);
}

static bool refuse_busy(struct exchange *exchange, const char *id)
{
	const bool filter = kinds_of_id(id) == KIND_FILTER;
	return exchange_refuse(exchange, filter ? "TrafficMirrorFilterInUse" : "TrafficMirrorTargetInUse",
			       "Cannot delete %s. %s is in use", id, filter ? "Filter" : "Target");
}

static bool meet_one(struct exchange *exchange, const char *id, json_t *veil)
{
	const bool named = call_names(exchange, id);
	const struct kind_row *row = kinds_row(kinds_of_id(id));
	if (json_object_get(veil, "unborn") && (named || call_lists(exchange, id)) && count_down(veil, "unborn") &&
	    named)
		return exchange_refuse(exchange, row->not_found, "The %s ID '%s' does not exist", row->noun, id);
	if (json_object_get(veil, "ghost") && is_describe(exchange) && (named || call_lists(exchange, id)))
		count_down(veil, "ghost");
	if (json_object_get(veil, "busy") && is_delete_of(exchange, id) && count_down(veil, "busy"))
		return refuse_busy(exchange, id);
	return true;
}

bool veil_meet(struct exchange *exchange)
{
	bool clear = true;
	json_t *veils = exchange->world->veils;
	for (void *at = json_object_iter(veils); at; at = json_object_iter_next(veils, at))
		clear = meet_one(exchange, json_object_iter_key(at), json_object_iter_value(at)) && clear;
	return clear;
}

void veil_remember(struct exchange *exchange)
{
	const struct place *place = world_place(exchange->world, exchange->account, exchange->region);
	json_t *parameters = exchange->parameters;
	if (strncmp(exchange->action->name, "DeleteTraffic", 13) != 0)
		return;
	for (void *at = json_object_iter(parameters); at; at = json_object_iter_next(parameters, at)) {
		const char *id = json_string_value(json_object_iter_value(at));
		json_t *object =
			id && kinds_of_id(id) < KIND_FIRST_SEEDED ? place_find(place, kinds_of_id(id), id) : NULL;
		if (!object)
			continue;
		exchange->departing_id = id;
		exchange->departing = json_incref(object);
		return;
	}
}

static json_t *veil_of(struct world *world, const char *id)
{
	json_t *veil = json_object_get(world->veils, id);
	if (!veil) {
		veil = json_object();
		json_object_set_new(world->veils, id, veil);
	}
	return veil;
}

// The id of what a Create has answered: trafficMirrorTarget has a trafficMirrorTargetId.
static const char *id_of_new(const struct exchange *exchange)
{
	for (void *at = json_object_iter(exchange->result); at; at = json_object_iter_next(exchange->result, at)) {
		const char *member = text_print(exchange->arena, "%sId", json_object_iter_key(at)).at;
		const json_t *id = json_object_get(json_object_iter_value(at), member);
		if (id)
			return json_string_value(id);
	}
	return NULL;
}

static void lower_ghost(struct exchange *exchange, int64_t calls)
{
	if (!exchange->departing)
		return;
	json_t *veil = veil_of(exchange->world, exchange->departing_id);
	json_object_set_new(veil, "ghost", json_integer(calls));
	json_object_set(veil, "object", exchange->departing);
}

static void lower_busy(struct exchange *exchange, int64_t calls)
{
	const char *const members[] = { "trafficMirrorTargetId", "trafficMirrorFilterId" };
	if (!json_object_get(exchange->departing, "trafficMirrorSessionId"))
		return;
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		const char *id = json_string_value(json_object_get(exchange->departing, members[i]));
		json_object_set_new(veil_of(exchange->world, id), "busy", json_integer(calls));
	}
}

void veil_lower(struct exchange *exchange, const struct fault *fault)
{
	if (fault->kind == FAULT_NOT_FOUND) {
		const char *id = id_of_new(exchange);
		if (id)
			json_object_set_new(veil_of(exchange->world, id), "unborn", json_integer(fault->calls));
	}
	if (fault->kind == FAULT_STILL_SEEN)
		lower_ghost(exchange, fault->calls);
	if (fault->kind == FAULT_IN_USE)
		lower_busy(exchange, fault->calls);
}

static bool is_unborn(const struct world *world, const char *id)
{
	return json_object_get(json_object_get(world->veils, id), "unborn") != NULL;
}

void veil_hide(struct exchange *exchange)
{
	const struct describe_row *row = exchange->action->describe;
	if (!row || json_object_size(exchange->world->veils) == 0)
		return;
	json_t *items = json_object_get(exchange->result, row->result_element);
	for (size_t i = json_array_size(items); i-- > 0;) {
		if (is_unborn(exchange->world, kinds_id(row->kind, json_array_get(items, i))))
			json_array_remove(items, i);
	}
}

json_t *veil_ghost(const struct world *world, const char *id)
{
	json_t *veil = json_object_get(world->veils, id);
	return json_object_get(veil, "ghost") ? json_object_get(veil, "object") : NULL;
}
