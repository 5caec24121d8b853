// SPDX-License-Identifier: MPL-2.0
#include "eligibility.h"

#include "base/text.h"

#include <string.h>

// Instance families that cannot be mirrored: the Nitro ones that the documentation excludes, and old ones that never
// could.
static const char *const unsupported_families[] = {
	"c1",   "c3",    "c6a",  "c6gd",  "c6gn",  "c6i",    "c6id",   "c6in",     "c7a",   "c7g",   "c7gd",
	"c7gn", "c7i",   "c8g",  "cc2",   "cr1",   "g2",     "hpc6a",  "hpc6id",   "hpc7a", "hpc7g", "hs1",
	"i2",   "i4g",   "i4i",  "im4gn", "inf2",  "is4gen", "m1",     "m2",       "m3",    "m6a",   "m6i",
	"m6id", "m6idn", "m6in", "m7a",   "m7g",   "m7gd",   "m7i",    "m7i-flex", "m8g",   "p5",    "r3",
	"r6a",  "r6i",   "r6id", "r6idn", "r6in",  "r7a",    "r7g",    "r7gd",     "r7i",   "r7iz",  "r8g",
	"t1",   "t2",    "trn1", "trn1n", "x2idn", "x2iedn", "x2iezn", "x8g",
};

// The largest sizes of the families that can be mirrored.
static const char *const largest_sizes[] = { "16xlarge", "18xlarge", "24xlarge", "32xlarge", "48xlarge" };

static bool is_among(const char *const *names, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(text_of(names[i]), name))
			return true;
	}
	return false;
}

// "m5.large" of the interface's instance, or empty when it is not attached.
static struct text instance_type(const struct place *place, const json_t *interface)
{
	const char *instance_id =
		json_string_value(json_object_get(json_object_get(interface, "attachment"), "instanceId"));
	const json_t *instance = instance_id ? place_find(place, KIND_INSTANCE, instance_id) : NULL;
	return text_of(json_string_value(json_object_get(instance, "instanceType")));
}

static bool type_is_supported(struct text type)
{
	struct text family = { 0 };
	if (!text_take_until(&type, '.', &family) || text_starts_with(type, T("metal")))
		return false;
	return !is_among(unsupported_families, sizeof unsupported_families / sizeof unsupported_families[0], family);
}

bool eligibility_check(struct exchange *exchange, const json_t *interface)
{
	const char *id = kinds_id(KIND_NETWORK_INTERFACE, interface);
	const char *type = json_string_value(json_object_get(interface, "interfaceType"));
	void *position = NULL;
	if (strcmp(type, "interface") != 0)
		return exchange_refuse(exchange, "NetworkInterfaceNotSupported", "%s of type %s cannot be mirrored", id,
				       type);
	if (!type_is_supported(instance_type(exchange->place, interface)))
		return exchange_refuse(exchange, "NetworkInterfaceNotSupported",
				       "%s must be attached to a supported instance", id);
	const json_t *target = place_next_dependent(exchange->place, id, KIND_TARGET, &position);
	if (target)
		return exchange_refuse(exchange, "NetworkInterfaceNotSupported",
				       "%s is used by the traffic mirror target %s and cannot be mirrored", id,
				       kinds_id(KIND_TARGET, target));
	return true;
}

bool eligibility_is_on_largest(const struct place *place, const char *interface_id)
{
	const json_t *interface = place_find(place, KIND_NETWORK_INTERFACE, interface_id);
	struct text type = instance_type(place, interface);
	struct text family = { 0 };
	text_take_until(&type, '.', &family);
	return is_among(largest_sizes, sizeof largest_sizes / sizeof largest_sizes[0], type);
}
