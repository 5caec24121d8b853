// SPDX-License-Identifier: MPL-2.0
#include "seed.h"

#include <stdio.h>
#include <string.h>

#define SEED_ACCOUNT    "123456789012"
#define SEED_ACCESS_KEY "AKIDSIMULATOR"
#define SEED_SECRET_KEY "simulator-secret"
#define SEED_RANDOM     20190625 // the day on which EC2 began to mirror traffic

// One key of the file.
struct seed_key {
	const char *name;
	json_type type;
	bool required;
	bool nullable;
	bool unique;                  // no two items of a list have the same
	const char *prefix;           // of a text; NULL: any
	const struct seed_key *items; // keys of a list's items or of an object; NULL: a list of texts, any keys
	json_type values;             // of an object with any keys
};

static const struct seed_key interface_keys[] = {
	{ .name = "id", .type = JSON_STRING, .required = true, .unique = true, .prefix = "eni-" },
	{ .name = "description", .type = JSON_STRING },
	{ .name = "type", .type = JSON_STRING },
	{ .name = "instance_id", .type = JSON_STRING, .nullable = true, .prefix = "i-" },
	{ .name = "device_index", .type = JSON_INTEGER },
	{ .name = "vpc_id", .type = JSON_STRING },
	{ .name = "subnet_id", .type = JSON_STRING },
	{ .name = "security_groups", .type = JSON_ARRAY },
	{ .name = "tags", .type = JSON_OBJECT, .values = JSON_STRING },
	{ 0 },
};
static const struct seed_key instance_keys[] = {
	{ .name = "id", .type = JSON_STRING, .required = true, .unique = true, .prefix = "i-" },
	{ .name = "type", .type = JSON_STRING },
	{ .name = "tags", .type = JSON_OBJECT, .values = JSON_STRING },
	{ 0 },
};
static const struct seed_key listener_keys[] = {
	{ .name = "protocol", .type = JSON_STRING, .required = true },
	{ .name = "port", .type = JSON_INTEGER, .required = true },
	{ 0 },
};
static const struct seed_key balancer_keys[] = {
	{ .name = "arn", .type = JSON_STRING, .required = true, .unique = true, .prefix = "arn:" },
	{ .name = "type", .type = JSON_STRING },
	{ .name = "listeners", .type = JSON_ARRAY, .items = listener_keys },
	{ 0 },
};
static const struct seed_key endpoint_keys[] = {
	{ .name = "id", .type = JSON_STRING, .required = true, .unique = true, .prefix = "vpce-" },
	{ 0 },
};
static const struct seed_key permission_keys[] = {
	{ .name = "protocol", .type = JSON_STRING },
	{ .name = "from_port", .type = JSON_INTEGER },
	{ .name = "to_port", .type = JSON_INTEGER },
	{ .name = "cidr", .type = JSON_STRING },
	{ 0 },
};
static const struct seed_key group_keys[] = {
	{ .name = "id", .type = JSON_STRING, .required = true, .unique = true, .prefix = "sg-" },
	{ .name = "name", .type = JSON_STRING },
	{ .name = "description", .type = JSON_STRING },
	{ .name = "vpc_id", .type = JSON_STRING },
	{ .name = "ingress", .type = JSON_ARRAY, .items = permission_keys },
	{ .name = "tags", .type = JSON_OBJECT, .values = JSON_STRING },
	{ 0 },
};
static const struct seed_key credential_keys[] = {
	{ .name = "access_key", .type = JSON_STRING, .required = true, .unique = true },
	{ .name = "secret_key", .type = JSON_STRING, .required = true },
	{ .name = "token", .type = JSON_STRING },
	{ .name = "account", .type = JSON_STRING },
	{ 0 },
};
static const struct seed_key generate_keys[] = {
	{ .name = "network_interfaces", .type = JSON_INTEGER },
	{ 0 },
};
static const struct seed_key top_keys[] = {
	{ .name = "account", .type = JSON_STRING },
	{ .name = "regions", .type = JSON_ARRAY },
	{ .name = "credentials", .type = JSON_ARRAY, .items = credential_keys },
	{ .name = "network_interfaces", .type = JSON_ARRAY, .items = interface_keys },
	{ .name = "instances", .type = JSON_ARRAY, .items = instance_keys },
	{ .name = "load_balancers", .type = JSON_ARRAY, .items = balancer_keys },
	{ .name = "gateway_load_balancer_endpoints", .type = JSON_ARRAY, .items = endpoint_keys },
	{ .name = "security_groups", .type = JSON_ARRAY, .items = group_keys },
	{ .name = "generate", .type = JSON_OBJECT, .items = generate_keys },
	{ .name = "quotas", .type = JSON_OBJECT, .values = JSON_INTEGER },
	{ .name = "random", .type = JSON_INTEGER },
	{ 0 },
};

static const struct {
	const char *name;
	size_t offset;
	int64_t quota;
} quota_rows[] = {
	{ "filters", offsetof(struct quotas, filters), 10000 },
	{ "targets", offsetof(struct quotas, targets), 10000 },
	{ "sessions", offsetof(struct quotas, sessions), 10000 },
	{ "rules_per_filter", offsetof(struct quotas, rules_per_filter), 10 },
	{ "sessions_per_network_interface", offsetof(struct quotas, sessions_per_network_interface), 3 },
	{ "sessions_per_target", offsetof(struct quotas, sessions_per_target), 0 },
	{ "sources_per_interface_target", offsetof(struct quotas, sources_per_interface_target), 10 },
	{ "sources_per_large_interface_target", offsetof(struct quotas, sources_per_large_interface_target), 100 },
};

#define QUOTA_COUNT (sizeof quota_rows / sizeof quota_rows[0])

static const struct seed_key *find_key(const struct seed_key *keys, const char *name)
{
	for (; keys->name; keys++) {
		if (strcmp(keys->name, name) == 0)
			return keys;
	}
	return NULL;
}

static bool complain(const char *where, const char *what, const char *name)
{
	fprintf(stderr, "vns-ec2sim: seed, %s: %s %s (tests/ec2sim/README.md describes the file)\n", where, what, name);
	return false;
}

static bool check_object(const char *where, json_t *object, const struct seed_key *keys);

// Nothing tells which of two would be meant. They were checked one by one before.
static bool check_unique(const struct seed_key *key, json_t *list)
{
	const struct seed_key *by = key->items;
	while (by && by->name && !by->unique)
		by++;
	if (!by || !by->name)
		return true;
	json_t *seen = json_object();
	bool right = true;
	for (size_t i = 0; right && i < json_array_size(list); i++) {
		const char *id = json_string_value(json_object_get(json_array_get(list, i), by->name));
		right = !json_object_get(seen, id) || complain(key->name, "there are two of", id);
		json_object_set_new(seen, id, json_true());
	}
	json_decref(seen);
	return right;
}

static bool check_items(const struct seed_key *key, json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *item = json_array_get(list, i);
		if (!key->items && !json_is_string(item))
			return complain(key->name, "expected a list of", "texts");
		if (key->items && !check_object(key->name, item, key->items))
			return false;
	}
	return check_unique(key, list);
}

static bool check_values(const struct seed_key *key, json_t *object)
{
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		if (json_typeof(json_object_iter_value(at)) != key->values)
			return complain(key->name, "wrong type of", json_object_iter_key(at));
	}
	return true;
}

static bool check_value(const char *where, const struct seed_key *key, json_t *value)
{
	if (json_typeof(value) != key->type)
		return complain(where, "wrong type of", key->name);
	if (key->prefix && strncmp(json_string_value(value), key->prefix, strlen(key->prefix)) != 0)
		return complain(where, json_string_value(value), "is not an id of the right kind");
	if (key->type == JSON_ARRAY)
		return check_items(key, value);
	if (key->type == JSON_OBJECT)
		return key->items ? check_object(key->name, value, key->items) : check_values(key, value);
	return true;
}

static bool check_object(const char *where, json_t *object, const struct seed_key *keys)
{
	if (!json_is_object(object))
		return complain(where, "expected", "an object");
	for (const struct seed_key *key = keys; key->name; key++) {
		json_t *value = json_object_get(object, key->name);
		if (!value && key->required)
			return complain(where, "there must be", key->name);
		if (value && !(key->nullable && json_is_null(value)) && !check_value(where, key, value))
			return false;
	}
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		if (!find_key(keys, json_object_iter_key(at)))
			return complain(where, "unknown key", json_object_iter_key(at));
	}
	return true;
}

static bool check_quotas(json_t *quotas)
{
	for (void *at = json_object_iter(quotas); at; at = json_object_iter_next(quotas, at)) {
		size_t row = 0;
		while (row < QUOTA_COUNT && strcmp(quota_rows[row].name, json_object_iter_key(at)) != 0)
			row++;
		if (row == QUOTA_COUNT || json_integer_value(json_object_iter_value(at)) < 0)
			return complain("quotas", "unknown name or negative number:", json_object_iter_key(at));
	}
	return true;
}

static void set_default(json_t *object, const char *key, json_t *value)
{
	if (json_object_get(object, key))
		json_decref(value);
	else
		json_object_set_new(object, key, value);
}

static void fill_defaults(json_t *seed)
{
	set_default(seed, "account", json_string(SEED_ACCOUNT));
	set_default(seed, "credentials",
		    json_pack("[{s:s, s:s}]", "access_key", SEED_ACCESS_KEY, "secret_key", SEED_SECRET_KEY));
	const json_t *credentials = json_object_get(seed, "credentials");
	for (size_t i = 0; i < json_array_size(credentials); i++)
		set_default(json_array_get(credentials, i), "account", json_incref(json_object_get(seed, "account")));
}

json_t *seed_load(const char *path)
{
	json_error_t error;
	json_t *seed = path ? json_load_file(path, 0, &error) : json_loads(seed_builtin_text, 0, &error);
	if (!seed) {
		fprintf(stderr, "vns-ec2sim: seed %s: line %d: %s\n", path ? path : "(built in)", error.line,
			error.text);
		return NULL;
	}
	if (!check_object("top level", seed, top_keys) || !check_quotas(json_object_get(seed, "quotas"))) {
		json_decref(seed);
		return NULL;
	}
	fill_defaults(seed);
	return seed;
}

struct quotas seed_quotas(const json_t *seed)
{
	struct quotas quotas = { 0 };
	const json_t *given = json_object_get(seed, "quotas");
	for (size_t i = 0; i < QUOTA_COUNT; i++) {
		const json_t *quota = json_object_get(given, quota_rows[i].name);
		const int64_t value = quota ? json_integer_value(quota) : quota_rows[i].quota;
		memcpy((char *)&quotas + quota_rows[i].offset, &value, sizeof value);
	}
	return quotas;
}

uint64_t seed_random(const json_t *seed)
{
	const json_t *number = json_object_get(seed, "random");
	return number ? (uint64_t)json_integer_value(number) : SEED_RANDOM;
}
