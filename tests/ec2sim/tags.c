// SPDX-License-Identifier: MPL-2.0
#include "tags.h"

#include "describe.h"
#include "matching.h"
#include "place.h"

#include <string.h>

#define TAGS_PER_RESOURCE_MAX 50
#define TAGS_KEY_MAX          127 // characters
#define TAGS_VALUE_MAX        256

static const struct matching_row tag_filters[] = {
	{ "key", "key" },
	{ "resource-id", "resourceId" },
	{ "resource-type", "resourceType" },
	{ "value", "value" },
	{ 0 },
};

static size_t characters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static bool check_tag(struct exchange *exchange, const char *key, const char *value)
{
	if (key[0] == '\0')
		return exchange_refuse(exchange, "InvalidParameterValue", "Tag keys must not be empty");
	if (strncmp(key, "aws:", strlen("aws:")) == 0)
		return exchange_refuse(exchange, "InvalidParameterValue",
				       "Tag keys starting with 'aws:' are reserved for internal use: %s", key);
	if (characters(key) > TAGS_KEY_MAX)
		return exchange_refuse(exchange, "InvalidParameterValue",
				       "Tag key exceeds the maximum length of %d characters: %s", TAGS_KEY_MAX, key);
	if (characters(value) > TAGS_VALUE_MAX)
		return exchange_refuse(exchange, "InvalidParameterValue",
				       "Tag value exceeds the maximum length of %d characters: %s", TAGS_VALUE_MAX,
				       value);
	return true;
}

static const char *text_of_tag(const json_t *tag, const char *member)
{
	const char *text = json_string_value(json_object_get(tag, member));
	return text ? text : "";
}

// The tags of a list as an object of keys and values, checked; NULL when refused.
static json_t *collect(struct exchange *exchange, const json_t *list)
{
	json_t *tags = json_object();
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *tag = json_array_get(list, i);
		const char *key = text_of_tag(tag, "Key");
		const char *value = text_of_tag(tag, "Value");
		bool right = check_tag(exchange, key, value);
		if (right && json_object_get(tags, key))
			right = exchange_refuse(exchange, "InvalidParameterValue", "Duplicate tag key '%s' specified.",
						key);
		if (!right) {
			json_decref(tags);
			return NULL;
		}
		json_object_set_new(tags, key, json_string(value));
	}
	return tags;
}

static bool check_count(struct exchange *exchange, const json_t *tags)
{
	if (json_object_size(tags) <= TAGS_PER_RESOURCE_MAX)
		return true;
	return exchange_refuse(exchange, "TagLimitExceeded",
			       "The maximum number of Tags for a resource has been reached.");
}

json_t *tags_of_new(struct exchange *exchange, enum kind kind)
{
	const json_t *specifications = exchange_list(exchange, "TagSpecification");
	const char *wanted = kinds_row(kind)->resource_type;
	if (json_array_size(specifications) == 0)
		return json_object();
	if (json_array_size(specifications) > 1) {
		exchange_refuse(exchange, "InvalidParameterValue",
				"Tag specification resource type '%s' is given more than once", wanted);
		return NULL;
	}
	const json_t *specification = json_array_get(specifications, 0);
	const char *type = json_string_value(json_object_get(specification, "ResourceType"));
	if (strcmp(type, wanted) != 0) {
		exchange_refuse(exchange, "InvalidParameterValue",
				"'%s' is not a valid taggable resource type for this operation.", type);
		return NULL;
	}
	json_t *tags = collect(exchange, json_object_get(specification, "Tag"));
	if (tags && !check_count(exchange, tags)) {
		json_decref(tags);
		return NULL;
	}
	return tags;
}

// The object with that id, of any kind that carries tags.
static json_t *find_resource(struct exchange *exchange, const char *id, enum kind *ret_kind)
{
	*ret_kind = kinds_of_id(id);
	if (*ret_kind == KIND_COUNT || !kinds_row(*ret_kind)->resource_type) {
		exchange_refuse(exchange, "InvalidID", "The ID '%s' is not valid", id);
		return NULL;
	}
	json_t *object = place_find(exchange->place, *ret_kind, id);
	const struct kind_row *row = kinds_row(*ret_kind);
	if (!object)
		exchange_refuse(exchange, row->not_found, "The %s ID '%s' does not exist", row->noun, id);
	return object;
}

static void put_tags(struct exchange *exchange, enum kind kind, const json_t *object, json_t *tags)
{
	json_t *changed = json_copy((json_t *)(uintptr_t)object);
	json_object_set_new(changed, "tagSet", tags);
	place_put(exchange->place, kind, changed);
}

// Either every resource gets the tags or none: all are looked at before the first is changed.
static bool check_resources(struct exchange *exchange, const json_t *ids, json_t *added)
{
	for (size_t i = 0; i < json_array_size(ids); i++) {
		enum kind kind = KIND_COUNT;
		const json_t *object = find_resource(exchange, json_string_value(json_array_get(ids, i)), &kind);
		if (!object)
			return false;
		json_t *sum = json_copy(json_object_get(object, "tagSet"));
		json_object_update(sum, added);
		const bool fits = check_count(exchange, sum);
		json_decref(sum);
		if (!fits)
			return false;
	}
	return true;
}

bool tags_create(struct exchange *exchange)
{
	const json_t *ids = exchange_list(exchange, "ResourceId");
	json_t *added = collect(exchange, exchange_list(exchange, "Tag"));
	if (!added || !check_resources(exchange, ids, added)) {
		json_decref(added);
		return false;
	}
	for (size_t i = 0; i < json_array_size(ids); i++) {
		enum kind kind = KIND_COUNT;
		const json_t *object = find_resource(exchange, json_string_value(json_array_get(ids, i)), &kind);
		json_t *tags = json_copy(json_object_get(object, "tagSet"));
		json_object_update(tags, added);
		put_tags(exchange, kind, object, tags);
	}
	json_decref(added);
	return exchange_answer(exchange, "return", json_true());
}

// A key without a value deletes the tag whatever its value; with one, only when the values agree. No tags at all: every
// tag of the user's goes.
static json_t *tags_without(json_t *tags, const json_t *removed)
{
	json_t *rest = removed ? json_copy(tags) : json_object();
	for (size_t i = 0; i < json_array_size(removed); i++) {
		const json_t *tag = json_array_get(removed, i);
		const char *key = text_of_tag(tag, "Key");
		const json_t *value = json_object_get(tag, "Value");
		if (!value || json_equal(value, json_object_get(tags, key)))
			json_object_del(rest, key);
	}
	return rest;
}

bool tags_delete(struct exchange *exchange)
{
	const json_t *ids = exchange_list(exchange, "ResourceId");
	json_t *nothing = json_object();
	const bool right = check_resources(exchange, ids, nothing);
	json_decref(nothing);
	for (size_t i = 0; right && i < json_array_size(ids); i++) {
		enum kind kind = KIND_COUNT;
		const json_t *object = find_resource(exchange, json_string_value(json_array_get(ids, i)), &kind);
		put_tags(exchange, kind, object,
			 tags_without(json_object_get(object, "tagSet"), exchange_list(exchange, "Tag")));
	}
	return right && exchange_answer(exchange, "return", json_true());
}

static void list_tags(json_t *list, enum kind kind, const json_t *object)
{
	json_t *tags = json_object_get(object, "tagSet");
	for (void *at = json_object_iter(tags); at; at = json_object_iter_next(tags, at))
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:O}", "key", json_object_iter_key(at), "resourceId",
						kinds_id(kind, object), "resourceType", kinds_row(kind)->resource_type,
						"value", json_object_iter_value(at)));
}

bool tags_describe(struct exchange *exchange)
{
	json_t *list = json_array();
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		json_t *objects = exchange->place->objects[kind];
		for (void *at = json_object_iter(objects); at; at = json_object_iter_next(objects, at))
			list_tags(list, kind, json_object_iter_value(at));
	}
	return describe_list(exchange, list, tag_filters, "tagSet");
}
