// SPDX-License-Identifier: MPL-2.0
#include "world.h"

#include "buckets.h"
#include "faults.h"
#include "seed.h"
#include "state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const known_regions[] = {
	"af-south-1",     "ap-east-1",      "ap-east-2",      "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
	"ap-south-1",     "ap-south-2",     "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4",
	"ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1",   "ca-west-1",      "cn-north-1",
	"cn-northwest-1", "eu-central-1",   "eu-central-2",   "eu-north-1",     "eu-south-1",     "eu-south-2",
	"eu-west-1",      "eu-west-2",      "eu-west-3",      "eusc-de-east-1", "il-central-1",   "me-central-1",
	"me-south-1",     "mx-central-1",   "sa-east-1",      "us-east-1",      "us-east-2",      "us-gov-east-1",
	"us-gov-west-1",  "us-iso-east-1",  "us-iso-west-1",  "us-isob-east-1", "us-west-1",      "us-west-2",
};

bool world_init(struct world *world, json_t *seed, const char *state_path, int64_t latency_ms)
{
	*world = (struct world){ .seed = seed, .state_path = state_path, .latency_ms = latency_ms };
	pthread_mutex_init(&world->lock, NULL);
	pthread_mutex_init(&world->state_lock, NULL);
	world->quotas = seed_quotas(seed);
	world->random = seed_random(seed);
	world->calls = json_array();
	world->veils = json_object();
	world->issued = json_object();
	world->identity = json_object();
	world->faults = faults_new();
	world->buckets = buckets_new();
	if (!world->faults || !world->buckets)
		return false;
	if (state_path && asprintf(&world->state_temporary_path, "%s.new", state_path) < 0)
		return false;
	return state_open(world);
}

void world_free(struct world *world)
{
	while (world->places) {
		struct place *place = world->places;
		world->places = place->next;
		place_free(place);
	}
	faults_free(world->faults);
	buckets_free(world->buckets);
	json_decref(world->veils);
	json_decref(world->issued);
	json_decref(world->identity);
	json_decref(world->calls);
	json_decref(world->seed);
	free(world->state_temporary_path);
	pthread_mutex_destroy(&world->state_lock);
	pthread_mutex_destroy(&world->lock);
}

void world_lock(struct world *world)
{
	pthread_mutex_lock(&world->lock);
}

void world_unlock(struct world *world)
{
	pthread_mutex_unlock(&world->lock);
}

bool world_find_credential(const struct world *world, const char *access_key, struct credential *ret_credential)
{
	const json_t *credentials = json_object_get(world->seed, "credentials");
	for (size_t i = 0; i < json_array_size(credentials); i++) {
		const json_t *row = json_array_get(credentials, i);
		*ret_credential = (struct credential){
			.access_key = json_string_value(json_object_get(row, "access_key")),
			.secret_key = json_string_value(json_object_get(row, "secret_key")),
			.token = json_string_value(json_object_get(row, "token")),
			.account = json_string_value(json_object_get(row, "account")),
		};
		if (strcmp(ret_credential->access_key, access_key) == 0)
			return true;
	}
	return false;
}

bool world_has_region(const struct world *world, const char *region)
{
	const json_t *regions = json_object_get(world->seed, "regions");
	for (size_t i = 0; i < json_array_size(regions); i++) {
		if (strcmp(json_string_value(json_array_get(regions, i)), region) == 0)
			return true;
	}
	for (size_t i = 0; !regions && i < sizeof known_regions / sizeof known_regions[0]; i++) {
		if (strcmp(known_regions[i], region) == 0)
			return true;
	}
	return false;
}

struct place *world_place(struct world *world, const char *account, const char *region)
{
	for (struct place *place = world->places; place; place = place->next) {
		if (strcmp(place->account, account) == 0 && strcmp(place->region, region) == 0)
			return place;
	}
	struct place *place = place_new(world, account, region);
	const uint64_t changes = world->changes;
	seed_fill(place);
	json_object_clear(place->touched); // what the seed gives, it will give again
	world->changes = changes;
	place->next = world->places;
	world->places = place;
	return place;
}

void world_changed(struct world *world)
{
	world->changes++;
}

// SplitMix64: a counter, so that the state file needs to keep one number.
uint64_t world_random(struct world *world)
{
	world->random += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t mixed = world->random;
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	return mixed ^ (mixed >> 31);
}

void world_new_id(struct world *world, const char *prefix, char ret_id[WORLD_ID_SIZE])
{
	snprintf(ret_id, WORLD_ID_SIZE, "%s0%016llx", prefix, (unsigned long long)world_random(world));
}
