// SPDX-License-Identifier: MPL-2.0
#include "instances.h"

#include "describe.h"
#include "matching.h"

#include <string.h>

// Types that are described. Enough to tell Nitro from Xen and bare metal from both; any list would be out of date.
static const struct {
	const char *name;
	bool current;
	bool bare_metal;
	const char *hypervisor; // NULL: none
} types[] = {
	{ "c5.large", true, false, "nitro" },    { "c5.9xlarge", true, false, "nitro" },
	{ "c5n.large", true, false, "nitro" },   { "c6g.large", true, false, "nitro" },
	{ "c6i.large", true, false, "nitro" },   { "c7g.large", true, false, "nitro" },
	{ "i3.metal", true, true, NULL },        { "i3.large", true, false, "xen" },
	{ "m4.large", true, false, "xen" },      { "m5.large", true, false, "nitro" },
	{ "m5.xlarge", true, false, "nitro" },   { "m5.2xlarge", true, false, "nitro" },
	{ "m5.24xlarge", true, false, "nitro" }, { "m5.metal", true, true, NULL },
	{ "m5n.large", true, false, "nitro" },   { "m6g.large", true, false, "nitro" },
	{ "m6i.large", true, false, "nitro" },   { "m7i.large", true, false, "nitro" },
	{ "r5.large", true, false, "nitro" },    { "r6i.large", true, false, "nitro" },
	{ "t2.micro", true, false, "xen" },      { "t2.large", true, false, "xen" },
	{ "t3.micro", true, false, "nitro" },    { "t3.large", true, false, "nitro" },
	{ "t4g.large", true, false, "nitro" },
};
#define TYPE_COUNT (sizeof types / sizeof types[0])

static const struct matching_row type_filters[] = {
	{ "bare-metal", "bareMetal" },
	{ "current-generation", "currentGeneration" },
	{ "hypervisor", "hypervisor" },
	{ "instance-type", "instanceType" },
	{ 0 },
};

json_t *instances_view(const struct place *place, json_t *instance)
{
	const char *id = kinds_id(KIND_INSTANCE, instance);
	json_t *interfaces = json_array();
	void *position = NULL;
	json_t *interface = NULL;
	while ((interface = place_next_dependent(place, id, KIND_NETWORK_INTERFACE, &position)))
		json_array_append(interfaces, interface);
	json_t *shown = json_copy(instance);
	json_object_set_new(shown, "networkInterfaceSet", interfaces);
	// The tags stand here a second time, where filters look for them.
	return json_pack("{s:s+, s:s, s:[o], s:O}", "reservationId", "r-", strchr(id, '-') + 1, "ownerId",
			 place->account, "instancesSet", shown, "tagSet", json_object_get(instance, "tagSet"));
}

static json_t *describe_type(size_t index)
{
	json_t *type = json_pack("{s:s, s:b, s:b}", "instanceType", types[index].name, "currentGeneration",
				 (int)types[index].current, "bareMetal", (int)types[index].bare_metal);
	if (types[index].hypervisor)
		json_object_set_new(type, "hypervisor", json_string(types[index].hypervisor));
	return type;
}

static size_t find_type(const char *name)
{
	size_t index = 0;
	while (index < TYPE_COUNT && strcmp(types[index].name, name) != 0)
		index++;
	return index;
}

bool instances_describe_types(struct exchange *exchange)
{
	const json_t *names = exchange_list(exchange, "InstanceType");
	json_t *list = json_array();
	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		const size_t index = find_type(name);
		if (index == TYPE_COUNT) {
			json_decref(list);
			return exchange_refuse(exchange, "InvalidInstanceType",
					       "The following supplied instance types do not exist: [%s]", name);
		}
		json_array_append_new(list, describe_type(index));
	}
	for (size_t i = 0; !names && i < TYPE_COUNT; i++)
		json_array_append_new(list, describe_type(i));
	return describe_list(exchange, list, type_filters, "instanceTypeSet");
}
