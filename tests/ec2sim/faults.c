// SPDX-License-Identifier: MPL-2.0
#include "faults.h"

#include "fault_spec.h"
#include "matching.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct faults {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct fault *listed;  // in the order in which they were given
	struct fault *retired; // calls may still hold them
};

struct faults *faults_new(void)
{
	struct faults *faults = calloc(1, sizeof *faults);
	pthread_condattr_t attributes;
	if (!faults)
		return NULL;
	pthread_mutex_init(&faults->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&faults->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	return faults;
}

static void free_list(struct fault *fault)
{
	while (fault) {
		struct fault *next = fault->next;
		json_decref(fault->spec);
		free(fault->expired_key);
		free(fault);
		fault = next;
	}
}

void faults_free(struct faults *faults)
{
	if (!faults)
		return;
	free_list(faults->listed);
	free_list(faults->retired);
	pthread_cond_destroy(&faults->changed);
	pthread_mutex_destroy(&faults->lock);
	free(faults);
}

static struct fault **end_of(struct fault **list)
{
	while (*list)
		list = &(*list)->next;
	return list;
}

// Reads them all before the first is added.
static const char *read_list(json_t *specs, struct fault **ret_list)
{
	for (size_t i = 0; i < json_array_size(specs); i++) {
		struct fault *fault = calloc(1, sizeof *fault);
		if (!fault)
			return "out of memory";
		*end_of(ret_list) = fault;
		const char *wrong = fault_spec_read(json_array_get(specs, i), fault);
		if (wrong)
			return wrong;
	}
	return json_array_size(specs) > 0 ? NULL : "expected a fault or a list of faults";
}

const char *faults_add(struct faults *faults, json_t *spec)
{
	struct fault *list = NULL;
	json_t *specs = json_is_object(spec) ? json_pack("[O]", spec) : json_incref(spec);
	const char *wrong = read_list(specs, &list);
	json_decref(specs);
	if (wrong) {
		free_list(list);
		return wrong;
	}
	pthread_mutex_lock(&faults->lock);
	*end_of(&faults->listed) = list;
	pthread_mutex_unlock(&faults->lock);
	return NULL;
}

json_t *faults_show(struct faults *faults)
{
	json_t *list = json_array();
	pthread_mutex_lock(&faults->lock);
	for (const struct fault *fault = faults->listed; fault; fault = fault->next) {
		json_t *shown = json_copy(fault->spec);
		json_object_set_new(shown, "seen", json_integer((json_int_t)fault->seen));
		json_object_set_new(shown, "struck", json_integer((json_int_t)fault->struck));
		json_object_set_new(shown, "holding", json_integer((json_int_t)fault->holding));
		json_array_append_new(list, shown);
	}
	pthread_mutex_unlock(&faults->lock);
	return list;
}

void faults_clear(struct faults *faults)
{
	pthread_mutex_lock(&faults->lock);
	for (struct fault *fault = faults->listed; fault; fault = fault->next)
		fault->cleared = true;
	*end_of(&faults->retired) = faults->listed;
	faults->listed = NULL;
	pthread_cond_broadcast(&faults->changed);
	pthread_mutex_unlock(&faults->lock);
}

// From 0 up to, not including, 1. (SplitMix64.)
static double draw(uint64_t *state)
{
	*state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t mixed = *state;
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
	mixed ^= mixed >> 31;
	return (double)(mixed >> 11) / (double)(UINT64_C(1) << 53);
}

// Counts the call.
static bool strikes(struct fault *fault)
{
	fault->seen++;
	if (fault->probability >= 0)
		return draw(&fault->random) < fault->probability;
	const int64_t seen = (int64_t)fault->seen;
	return seen >= fault->nth && (fault->count == 0 || seen < fault->nth + fault->count);
}

static bool lasts(const struct fault *fault)
{
	return fault->kind == FAULT_SKEW || fault->kind == FAULT_BUCKETS;
}

struct fault *faults_strike(struct faults *faults, const char *action, const char *access_key)
{
	struct fault *first = NULL;
	pthread_mutex_lock(&faults->lock);
	for (struct fault *fault = faults->listed; fault; fault = fault->next) {
		if (lasts(fault) || !matching_wildcard(fault->action, action) || !strikes(fault) || first)
			continue;
		fault->struck++;
		first = fault;
		if (fault->kind == FAULT_EXPIRE && !fault->expired_key)
			fault->expired_key = strdup(access_key);
	}
	pthread_mutex_unlock(&faults->lock);
	return first;
}

bool faults_expired(struct faults *faults, const char *access_key)
{
	bool expired = false;
	pthread_mutex_lock(&faults->lock);
	for (const struct fault *fault = faults->listed; fault; fault = fault->next)
		expired |= fault->expired_key && strcmp(fault->expired_key, access_key) == 0;
	pthread_mutex_unlock(&faults->lock);
	return expired;
}

const struct fault *faults_lasting(struct faults *faults, enum fault_kind kind)
{
	pthread_mutex_lock(&faults->lock);
	const struct fault *fault = faults->listed;
	while (fault && fault->kind != kind)
		fault = fault->next;
	pthread_mutex_unlock(&faults->lock);
	return fault;
}

void faults_hold(struct faults *faults, struct fault *fault)
{
	struct timespec end;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)fault->seconds;
	end.tv_nsec += (long)((fault->seconds - (double)(time_t)fault->seconds) * 1e9);
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	pthread_mutex_lock(&faults->lock);
	fault->holding++;
	while (!fault->cleared && pthread_cond_timedwait(&faults->changed, &faults->lock, &end) == 0)
		continue;
	fault->holding--;
	pthread_mutex_unlock(&faults->lock);
}
