// SPDX-License-Identifier: MPL-2.0
// The seed's objects as EC2 shows them, with what the seed leaves out.
#include "seed.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define SEED_VPC           "vpc-0000000000000000a"
#define SEED_SUBNET        "subnet-0000000000000000a"
#define SEED_GROUP         "sg-0000000000000000a"
#define SEED_INSTANCE_TYPE "m5.large"
// Generated interfaces are numbered from here, clear of the ids of the built-in ones.
#define SEED_GENERATED_FIRST 0x1000

static const char *text_or(const json_t *object, const char *key, const char *otherwise)
{
	const char *value = json_string_value(json_object_get(object, key));
	return value ? value : otherwise;
}

static json_t *tags_of(const json_t *row)
{
	json_t *tags = json_object_get(row, "tags");
	return tags ? json_deep_copy(tags) : json_object();
}

static void zone_of(const struct place *place, char *ret_zone, size_t size)
{
	snprintf(ret_zone, size, "%sa", place->region);
}

static void put_instance(struct place *place, const char *id, const char *type, json_t *tags)
{
	char zone[64];
	zone_of(place, zone, sizeof zone);
	// EC2 says "xen" for Nitro instances too.
	place_put(place, KIND_INSTANCE,
		  json_pack("{s:s, s:s, s:{s:i, s:s}, s:{s:s, s:s}, s:s, s:s, s:s, s:o}", "instanceId", id,
			    "instanceType", type, "instanceState", "code", 16, "name", "running", "placement",
			    "availabilityZone", zone, "tenancy", "default", "vpcId", SEED_VPC, "subnetId", SEED_SUBNET,
			    "hypervisor", "xen", "tagSet", tags));
}

static json_t *groups_of(const json_t *row)
{
	json_t *set = json_array();
	const json_t *groups = json_object_get(row, "security_groups");
	for (size_t i = 0; i < json_array_size(groups); i++) {
		const char *id = json_string_value(json_array_get(groups, i));
		json_array_append_new(set, json_pack("{s:s, s:s}", "groupId", id, "groupName", id));
	}
	if (!groups)
		json_array_append_new(set, json_pack("{s:s, s:s}", "groupId", SEED_GROUP, "groupName", "sensor"));
	return set;
}

static json_t *attachment_of(const struct place *place, const json_t *row, const char *instance_id)
{
	char attachment_id[64];
	snprintf(attachment_id, sizeof attachment_id, "eni-attach-%.40s", strchr(instance_id, '-') + 1);
	return json_pack("{s:s, s:s, s:s, s:I, s:i, s:s, s:b}", "attachmentId", attachment_id, "instanceId",
			 instance_id, "instanceOwnerId", place->account, "deviceIndex",
			 json_integer_value(json_object_get(row, "device_index")), "networkCardIndex", 0, "status",
			 "attached", "deleteOnTermination", 1);
}

// Sets up the interface's instance. Without an instance of its own, an interface of type "interface" gets one whose id
// has its digits, so that it may be mirrored. Returns false when it is to be left without.
static bool take_instance(struct place *place, const json_t *row, const char *type, char *ret_id, size_t size)
{
	const json_t *given = json_object_get(row, "instance_id");
	const char *id = json_string_value(json_object_get(row, "id"));
	if (json_is_null(given) || (!given && strcmp(type, "interface") != 0))
		return false;
	if (given)
		snprintf(ret_id, size, "%s", json_string_value(given));
	else
		snprintf(ret_id, size, "i-%s", strchr(id, '-') + 1);
	if (!place_find(place, KIND_INSTANCE, ret_id))
		put_instance(place, ret_id, SEED_INSTANCE_TYPE, json_object());
	return true;
}

static void put_interface(struct place *place, const json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "id"));
	const char *type = text_or(row, "type", "interface");
	char zone[64];
	char instance_id[128];
	char address[32];
	zone_of(place, zone, sizeof zone);
	const size_t number = place_count(place, KIND_NETWORK_INTERFACE) + 10;
	snprintf(address, sizeof address, "10.%zu.%zu.%zu", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff);
	const bool attached = take_instance(place, row, type, instance_id, sizeof instance_id);
	json_t *interface =
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:b, s:o, s:o, s:s}", "networkInterfaceId", id,
			  "subnetId", text_or(row, "subnet_id", SEED_SUBNET), "vpcId", text_or(row, "vpc_id", SEED_VPC),
			  "availabilityZone", zone, "description", text_or(row, "description", ""), "ownerId",
			  place->account, "requesterManaged", strcmp(type, "interface") != 0, "status",
			  attached ? "in-use" : "available", "privateIpAddress", address, "sourceDestCheck", 1,
			  "groupSet", groups_of(row), "tagSet", tags_of(row), "interfaceType", type);
	if (attached)
		json_object_set_new(interface, "attachment", attachment_of(place, row, instance_id));
	place_put(place, KIND_NETWORK_INTERFACE, interface);
}

static void put_load_balancer(struct place *place, const json_t *row)
{
	const char *arn = json_string_value(json_object_get(row, "arn"));
	char zone[64];
	zone_of(place, zone, sizeof zone);
	// arn:...:loadbalancer/net/<name>/<id>
	struct text rest = text_of(arn);
	struct text name = { 0 };
	for (int part = 0; part < 3; part++)
		text_take_until(&rest, '/', &name);
	json_t *listeners = json_array();
	const json_t *given = json_object_get(row, "listeners");
	for (size_t i = 0; i < json_array_size(given); i++) {
		const json_t *listener = json_array_get(given, i);
		const char *kind_at = strstr(arn, ":loadbalancer/");
		char listener_arn[512];
		snprintf(listener_arn, sizeof listener_arn, "%.*s:listener/%s/%016zx",
			 kind_at ? (int)(kind_at - arn) : 0, arn, kind_at ? kind_at + strlen(":loadbalancer/") : arn,
			 i + 1);
		json_array_append_new(listeners,
				      json_pack("{s:s, s:s, s:O, s:O}", "ListenerArn", listener_arn, "LoadBalancerArn",
						arn, "Port", json_object_get(listener, "port"), "Protocol",
						json_object_get(listener, "protocol")));
	}
	place_put(place, KIND_LOAD_BALANCER,
		  json_pack("{s:s, s:s%, s:s, s:s, s:{s:s}, s:s, s:[{s:s, s:s}], s:s, s:o}", "LoadBalancerArn", arn,
			    "LoadBalancerName", name.length ? name.at : "", name.length, "Scheme", "internal", "VpcId",
			    SEED_VPC, "State", "Code", "active", "Type", text_or(row, "type", "network"),
			    "AvailabilityZones", "ZoneName", zone, "SubnetId", SEED_SUBNET, "IpAddressType", "ipv4",
			    "listeners", listeners));
}

static void put_security_group(struct place *place, const json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "id"));
	json_t *permissions = json_array();
	const json_t *ingress = json_object_get(row, "ingress");
	for (size_t i = 0; i < json_array_size(ingress); i++) {
		const json_t *given = json_array_get(ingress, i);
		json_t *permission = json_pack("{s:s, s:[{s:s}]}", "ipProtocol", text_or(given, "protocol", "-1"),
					       "ipRanges", "cidrIp", text_or(given, "cidr", "0.0.0.0/0"));
		if (json_object_get(given, "from_port"))
			json_object_set(permission, "fromPort", json_object_get(given, "from_port"));
		if (json_object_get(given, "to_port"))
			json_object_set(permission, "toPort", json_object_get(given, "to_port"));
		json_array_append_new(permissions, permission);
	}
	place_put(place, KIND_SECURITY_GROUP,
		  json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:[], s:o}", "groupId", id, "ownerId", place->account,
			    "groupName", text_or(row, "name", id), "groupDescription",
			    text_or(row, "description", "Seeded"), "vpcId", text_or(row, "vpc_id", SEED_VPC),
			    "ipPermissions", permissions, "ipPermissionsEgress", "tagSet", tags_of(row)));
}

static void put_generated(struct place *place, int64_t count)
{
	for (int64_t i = 0; i < count; i++) {
		char id[WORLD_ID_SIZE];
		snprintf(id, sizeof id, "eni-%017llx", (unsigned long long)(SEED_GENERATED_FIRST + i));
		json_t *row = json_pack("{s:s}", "id", id);
		put_interface(place, row);
		json_decref(row);
	}
}

void seed_fill(struct place *place)
{
	const json_t *seed = place->world->seed;
	const json_t *rows = json_object_get(seed, "instances");
	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		put_instance(place, text_or(row, "id", ""), text_or(row, "type", SEED_INSTANCE_TYPE), tags_of(row));
	}
	rows = json_object_get(seed, "network_interfaces");
	for (size_t i = 0; i < json_array_size(rows); i++)
		put_interface(place, json_array_get(rows, i));
	put_generated(place,
		      json_integer_value(json_object_get(json_object_get(seed, "generate"), "network_interfaces")));
	rows = json_object_get(seed, "load_balancers");
	for (size_t i = 0; i < json_array_size(rows); i++)
		put_load_balancer(place, json_array_get(rows, i));
	rows = json_object_get(seed, "gateway_load_balancer_endpoints");
	for (size_t i = 0; i < json_array_size(rows); i++)
		place_put(place, KIND_GATEWAY_ENDPOINT,
			  json_pack("{s:s, s:{}}", "vpcEndpointId", text_or(json_array_get(rows, i), "id", ""),
				    "tagSet"));
	rows = json_object_get(seed, "security_groups");
	for (size_t i = 0; i < json_array_size(rows); i++)
		put_security_group(place, json_array_get(rows, i));
}
