// SPDX-License-Identifier: MPL-2.0
#include "place.h"

#include "world.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

// No element of an answer is called so.
static const char number_key[] = "_number";

struct place *place_new(struct world *world, const char *account, const char *region)
{
	struct place *place = calloc(1, sizeof *place);
	if (!place)
		abort();
	place->world = world;
	place->account = strdup(account);
	place->region = strdup(region);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		place->objects[kind] = json_object();
	place->dependents = json_object();
	place->touched = json_object();
	place->tokens = json_object();
	place->next_number = 1;
	return place;
}

void place_free(struct place *place)
{
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		json_decref(place->objects[kind]);
	json_decref(place->dependents);
	json_decref(place->touched);
	json_decref(place->tokens);
	free(place->account);
	free(place->region);
	free(place);
}

json_t *place_find(const struct place *place, enum kind kind, const char *id)
{
	return json_object_get(place->objects[kind], id);
}

// The id at a path like "attachment.instanceId", or NULL.
static const char *reference_at(const json_t *object, const char *path)
{
	struct text rest = text_of(path);
	struct text part = { 0 };
	while (text_take_until(&rest, '.', &part))
		object = json_object_getn(object, part.at, part.length);
	return json_string_value(object);
}

// Those that `kept` (may be NULL) has too stay as they are, and so does their order.
static void unlink_references(struct place *place, enum kind kind, const json_t *object, const json_t *kept)
{
	const struct kind_row *row = kinds_row(kind);
	for (const char *const *path = row->references; *path; path++) {
		const char *used = reference_at(object, *path);
		const char *still_used = kept ? reference_at(kept, *path) : NULL;
		json_t *users = used ? json_object_get(place->dependents, used) : NULL;
		if (!users || (still_used && strcmp(used, still_used) == 0))
			continue;
		json_object_del(users, kinds_id(kind, object));
		if (json_object_size(users) == 0)
			json_object_del(place->dependents, used);
	}
}

static void link_references(struct place *place, enum kind kind, const json_t *object)
{
	const struct kind_row *row = kinds_row(kind);
	for (const char *const *path = row->references; *path; path++) {
		const char *used = reference_at(object, *path);
		if (!used)
			continue;
		json_t *users = json_object_get(place->dependents, used);
		if (!users)
			json_object_set_new(place->dependents, used, users = json_object());
		json_object_set_new(users, kinds_id(kind, object), json_true());
	}
}

int64_t place_number(const json_t *object)
{
	return json_integer_value(json_object_get(object, number_key));
}

void place_hide_numbers(json_t *value)
{
	for (size_t i = 0; i < json_array_size(value); i++)
		place_hide_numbers(json_array_get(value, i));
	json_object_del(value, number_key);
	for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
		place_hide_numbers(json_object_iter_value(at));
}

void place_put(struct place *place, enum kind kind, json_t *object)
{
	const json_t *old = place_find(place, kind, kinds_id(kind, object));
	const int64_t number = old ? place_number(old) : place->next_number++;
	json_object_set_new(object, number_key, json_integer(number));
	place_restore(place, kind, object);
}

void place_restore(struct place *place, enum kind kind, json_t *object)
{
	const char *id = kinds_id(kind, object);
	const json_t *old = place_find(place, kind, id);
	if (old)
		unlink_references(place, kind, old, object);
	link_references(place, kind, object);
	if (kind >= KIND_FIRST_SEEDED)
		json_object_set(place->touched, id, object);
	json_object_set_new(place->objects[kind], id, object);
	world_changed(place->world);
}

void place_remove(struct place *place, enum kind kind, const char *id)
{
	json_t *old = json_incref(place_find(place, kind, id)); // keeps `id` alive too when it is the object's own
	if (!old)
		return;
	unlink_references(place, kind, old, NULL);
	if (kind >= KIND_FIRST_SEEDED)
		json_object_set_new(place->touched, id, json_null());
	json_object_del(place->objects[kind], id);
	json_decref(old);
	world_changed(place->world);
}

size_t place_count(const struct place *place, enum kind kind)
{
	return json_object_size(place->objects[kind]);
}

json_t *place_next_dependent(const struct place *place, const char *id, enum kind kind, void **position)
{
	json_t *users = json_object_get(place->dependents, id);
	if (!users)
		return NULL;
	*position = *position ? json_object_iter_next(users, *position) : json_object_iter(users);
	for (; *position; *position = json_object_iter_next(users, *position)) {
		const char *user = json_object_iter_key(*position);
		if (kinds_of_id(user) == kind)
			return place_find(place, kind, user);
	}
	return NULL;
}

size_t place_count_dependents(const struct place *place, const char *id, enum kind kind)
{
	size_t count = 0;
	void *position = NULL;
	while (place_next_dependent(place, id, kind, &position))
		count++;
	return count;
}

json_t *place_view(const struct place *place, enum kind kind, json_t *object)
{
	const struct kind_row *row = kinds_row(kind);
	return row->view ? row->view(place, object) : json_incref(object);
}
