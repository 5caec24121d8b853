// SPDX-License-Identifier: MPL-2.0
#include "fault_spec.h"

#include <stddef.h>
#include <string.h>

// The most that a fault's time may be, and a body's length.
#define SECONDS_MAX 86400.0
#define BYTES_MAX   (1024.0 * 1024 * 1024)

enum type { TYPE_TEXT, TYPE_WHOLE, TYPE_NUMBER };

#define KIND(name)   (1u << FAULT_##name)
#define EVERY_CALL   (~(KIND(SKEW) | KIND(BUCKETS)))
#define AROUND       (KIND(ERROR) | KIND(HANG) | KIND(PAUSE) | KIND(RESET) | KIND(EXIT))
#define PROPAGATION  (KIND(NOT_FOUND) | KIND(STILL_SEEN) | KIND(IN_USE))
#define PLACE(field) offsetof(struct fault, field)

static const char *const kinds[FAULT_KIND_COUNT] = {
	[FAULT_PAUSE] = "pause",         [FAULT_ERROR] = "error",
	[FAULT_HANG] = "hang",           [FAULT_RESET] = "reset",
	[FAULT_EXIT] = "exit",           [FAULT_CUT] = "cut",
	[FAULT_DRIP] = "drip",           [FAULT_MALFORMED] = "malformed",
	[FAULT_ENCODING] = "encoding",   [FAULT_HUGE] = "huge",
	[FAULT_EMPTY] = "empty",         [FAULT_PAGE] = "page",
	[FAULT_NOT_FOUND] = "not_found", [FAULT_STILL_SEEN] = "still_seen",
	[FAULT_IN_USE] = "in_use",       [FAULT_EXPIRE] = "expire",
	[FAULT_SKEW] = "skew",           [FAULT_BUCKETS] = "buckets",
	[FAULT_FOREIGN] = "foreign",     [FAULT_EMPTIED] = "emptied",
};

// `kind`, `stage`, `status` and `seed` are read by hand.
static const struct key {
	const char *name;
	enum type type;
	size_t place; // SIZE_MAX: none
	double min, max;
	unsigned kinds; // that have it
} keys[] = {
	{ "kind", TYPE_TEXT, SIZE_MAX, 0, 0, ~0u },
	{ "action", TYPE_TEXT, PLACE(action), 0, 0, EVERY_CALL },
	{ "nth", TYPE_WHOLE, PLACE(nth), 1, 1e9, EVERY_CALL },
	{ "count", TYPE_WHOLE, PLACE(count), 0, 1e9, EVERY_CALL },
	{ "probability", TYPE_NUMBER, PLACE(probability), 0, 1, EVERY_CALL },
	{ "seed", TYPE_WHOLE, SIZE_MAX, 0, 9e15, EVERY_CALL },
	{ "stage", TYPE_TEXT, SIZE_MAX, 0, 0, AROUND },
	{ "code", TYPE_TEXT, PLACE(code), 0, 0, KIND(ERROR) | KIND(EXPIRE) },
	{ "message", TYPE_TEXT, PLACE(message), 0, 0, KIND(ERROR) },
	{ "status", TYPE_WHOLE, SIZE_MAX, 200, 599, KIND(ERROR) | KIND(PAGE) | KIND(EMPTY) },
	{ "seconds", TYPE_NUMBER, PLACE(seconds), -SECONDS_MAX, SECONDS_MAX, KIND(HANG) | KIND(PAUSE) | KIND(SKEW) },
	{ "bytes", TYPE_WHOLE, PLACE(bytes), 0, BYTES_MAX, KIND(CUT) | KIND(DRIP) | KIND(HUGE) },
	{ "interval_ms", TYPE_WHOLE, PLACE(interval_ms), 1, 60000, KIND(DRIP) },
	{ "calls", TYPE_WHOLE, PLACE(calls), 1, 1e6, PROPAGATION },
	{ "burst", TYPE_NUMBER, PLACE(burst), 1, 1e6, KIND(BUCKETS) },
	{ "refill", TYPE_NUMBER, PLACE(refill), 0.001, 1e6, KIND(BUCKETS) },
};

static const struct key *find_key(const char *name, enum fault_kind kind)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (strcmp(keys[i].name, name) == 0)
			return (keys[i].kinds >> kind) & 1 ? &keys[i] : NULL;
	}
	return NULL;
}

static bool fits(const struct key *key, const json_t *value)
{
	if (key->type == TYPE_TEXT)
		return json_is_string(value);
	if (key->type == TYPE_WHOLE ? !json_is_integer(value) : !json_is_number(value))
		return false;
	return json_number_value(value) >= key->min && json_number_value(value) <= key->max;
}

static void store(const struct key *key, const json_t *value, struct fault *fault)
{
	if (key->place == SIZE_MAX)
		return;
	void *place = (char *)fault + key->place;
	if (key->type == TYPE_TEXT)
		*(const char **)place = json_string_value(value);
	else if (key->type == TYPE_WHOLE)
		*(int64_t *)place = json_integer_value(value);
	else
		*(double *)place = json_number_value(value);
}

static enum fault_kind kind_of(const json_t *spec)
{
	const char *name = json_string_value(json_object_get(spec, "kind"));
	enum fault_kind kind = 0;
	while (kind < FAULT_KIND_COUNT && (!name || strcmp(kinds[kind], name) != 0))
		kind++;
	return kind;
}

static struct fault defaults_of(enum fault_kind kind)
{
	return (struct fault){
		.kind = kind,
		.action = "*",
		.nth = 1,
		.count = 1,
		.probability = -1,
		.code = kind == FAULT_EXPIRE ? "RequestExpired" : "InternalError",
		.message = "An internal error has occurred",
		.seconds = kind == FAULT_HANG || kind == FAULT_PAUSE ? 600 : 0,
		.bytes = kind == FAULT_HUGE   ? 80 * 1024 * 1024
			 : kind == FAULT_DRIP ? 16
					      : 0,
		.interval_ms = 50,
		.calls = 1,
	};
}

const char *fault_spec_read(json_t *spec, struct fault *ret_fault)
{
	const enum fault_kind kind = kind_of(spec);
	if (kind == FAULT_KIND_COUNT)
		return "expected {\"kind\": ...} with a kind that tests/ec2sim/README.md lists";
	*ret_fault = defaults_of(kind);
	for (void *at = json_object_iter(spec); at; at = json_object_iter_next(spec, at)) {
		const struct key *key = find_key(json_object_iter_key(at), kind);
		if (!key)
			return "a fault of that kind has no such key; tests/ec2sim/README.md lists them";
		if (!fits(key, json_object_iter_value(at)))
			return "the value of a key has the wrong type, or is out of range";
		store(key, json_object_iter_value(at), ret_fault);
	}
	const json_t *stage = json_object_get(spec, "stage");
	const json_t *seed = json_object_get(spec, "seed");
	if (stage && strcmp(json_string_value(stage), "before") != 0 && strcmp(json_string_value(stage), "after") != 0)
		return "stage is before or after";
	ret_fault->after = stage && strcmp(json_string_value(stage), "after") == 0;
	ret_fault->status = (unsigned)json_integer_value(json_object_get(spec, "status"));
	ret_fault->random = seed ? (uint64_t)json_integer_value(seed) : 1;
	ret_fault->spec = json_incref(spec);
	return NULL;
}
