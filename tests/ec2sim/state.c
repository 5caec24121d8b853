// SPDX-License-Identifier: MPL-2.0
#include "state.h"

#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATE_FORMAT 1

// The seed gives the other kinds again; of those, only what was touched is kept.
static json_t *save_place(const struct place *place)
{
	json_t *saved = json_pack("{s:s, s:s, s:I, s:O, s:O}", "account", place->account, "region", place->region,
				  "next_number", (json_int_t)place->next_number, "tokens", place->tokens, "touched",
				  place->touched);
	for (enum kind kind = 0; kind < KIND_FIRST_SEEDED; kind++)
		json_object_set(saved, kinds_row(kind)->collection, place->objects[kind]);
	return saved;
}

static json_t *save_world(const struct world *world)
{
	json_t *places = json_array();
	for (const struct place *place = world->places; place; place = place->next)
		json_array_append_new(places, save_place(place));
	return json_pack("{s:i, s:I, s:O, s:o}", "format", STATE_FORMAT, "random", (json_int_t)world->random, "issued",
			 world->issued, "places", places);
}

// False, with a message, when it cannot be written.
static bool write_file(const struct world *world, const char *text)
{
	const size_t length = text ? strlen(text) : 0;
	FILE *file = text ? fopen(world->state_temporary_path, "w") : NULL;
	bool written = file && fwrite(text, 1, length, file) == length;
	if (file)
		written = fclose(file) == 0 && written;
	written = written && rename(world->state_temporary_path, world->state_path) == 0;
	if (!written)
		fprintf(stderr, "vns-ec2sim: cannot write --state %s: %s\n", world->state_path, strerror(errno));
	return written;
}

void state_save(struct world *world)
{
	if (!world->state_path)
		return;
	world_lock(world);
	const uint64_t wanted = world->changes;
	world_unlock(world);
	pthread_mutex_lock(&world->state_lock);
	if (world->saved_changes < wanted) {
		world_lock(world);
		const uint64_t changes = world->changes;
		json_t *saved = save_world(world);
		char *text = json_dumps(saved, JSON_COMPACT);
		json_decref(saved);
		world_unlock(world);
		if (!write_file(world, text))
			_exit(1);
		free(text);
		world->saved_changes = changes;
	}
	pthread_mutex_unlock(&world->state_lock);
}

static void load_objects(struct place *place, enum kind kind, json_t *objects)
{
	for (void *at = json_object_iter(objects); at; at = json_object_iter_next(objects, at)) {
		json_t *object = json_object_iter_value(at);
		if (json_is_null(object))
			place_remove(place, kind, json_object_iter_key(at));
		else
			place_restore(place, kind, json_incref(object));
	}
}

static void load_place(struct world *world, const json_t *saved)
{
	struct place *place = world_place(world, json_string_value(json_object_get(saved, "account")),
					  json_string_value(json_object_get(saved, "region")));
	json_t *touched = json_object_get(saved, "touched");
	for (void *at = json_object_iter(touched); at; at = json_object_iter_next(touched, at)) {
		const enum kind kind = kinds_of_id(json_object_iter_key(at));
		json_t *one = json_pack("{s:O}", json_object_iter_key(at), json_object_iter_value(at));
		load_objects(place, kind, one);
		json_decref(one);
	}
	for (enum kind kind = 0; kind < KIND_FIRST_SEEDED; kind++)
		load_objects(place, kind, json_object_get(saved, kinds_row(kind)->collection));
	json_object_update(place->tokens, json_object_get(saved, "tokens"));
	place->next_number = json_integer_value(json_object_get(saved, "next_number"));
}

static bool load(struct world *world)
{
	json_error_t error;
	json_t *saved = json_load_file(world->state_path, 0, &error);
	if (!saved || json_integer_value(json_object_get(saved, "format")) != STATE_FORMAT) {
		fprintf(stderr, "vns-ec2sim: --state %s: %s\n", world->state_path,
			saved ? "not a state file of this version" : error.text);
		json_decref(saved);
		return false;
	}
	world->random = (uint64_t)json_integer_value(json_object_get(saved, "random"));
	json_object_update(world->issued, json_object_get(saved, "issued"));
	const json_t *places = json_object_get(saved, "places");
	for (size_t i = 0; i < json_array_size(places); i++)
		load_place(world, json_array_get(places, i));
	world->saved_changes = world->changes;
	json_decref(saved);
	return true;
}

bool state_open(struct world *world)
{
	if (!world->state_path)
		return true;
	if (access(world->state_path, F_OK) == 0 && !load(world))
		return false;
	json_t *saved = save_world(world);
	char *text = json_dumps(saved, JSON_COMPACT);
	const bool written = write_file(world, text);
	free(text);
	json_decref(saved);
	return written;
}

static json_t *show_objects(const struct place *place, enum kind kind)
{
	json_t *objects = place->objects[kind];
	json_t *list = json_array();
	for (void *at = json_object_iter(objects); at; at = json_object_iter_next(objects, at)) {
		json_t *view = place_view(place, kind, json_object_iter_value(at));
		json_t *copy = json_deep_copy(view);
		json_decref(view);
		place_hide_numbers(copy);
		json_array_append_new(list, copy);
	}
	return list;
}

// The filters' rules stand in the filters and in a list of their own, as they do in EC2.
json_t *state_show(const struct world *world)
{
	size_t mirror_objects = 0;
	json_t *places = json_array();
	for (const struct place *place = world->places; place; place = place->next) {
		json_t *shown = json_pack("{s:s, s:s}", "account", place->account, "region", place->region);
		for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
			json_object_set_new(shown, kinds_row(kind)->collection, show_objects(place, kind));
			mirror_objects += kind < KIND_FIRST_SEEDED ? place_count(place, kind) : 0;
		}
		json_array_append_new(places, shown);
	}
	return json_pack("{s:I, s:o}", "traffic_mirror_objects", (json_int_t)mirror_objects, "places", places);
}
