// SPDX-License-Identifier: MPL-2.0
#include "ec2/tags.h"

#include "ec2/error.h"
#include "ec2/send.h"
#include "schema/check.h"

static const struct text name_key = TEXT("Name");

// --- planning ---

static const struct value *known_key(const struct value *map, struct text key)
{
	const struct value *value = value_is_known(map) ? value_key(map, key) : NULL;
	return value && !value_is_null(value) ? value : NULL;
}

struct value tags_plan_name(struct call *call, const struct plan_view *view)
{
	(void)call;
	const struct value *const sources[] = { plan_config_of(view, T("tags")), &view->settings->default_tags };
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		if (value_is_unknown(sources[i]))
			return value_unknown(&type_string);
		const struct value *name = known_key(sources[i], name_key);
		if (name)
			return *name;
	}
	return *plan_planned_of(view, text_of(view->row->name));
}

// Adds or overwrites; the map has room.
static void put(struct value *map, struct text key, struct value value)
{
	for (size_t i = 0; i < map->count; i++) {
		if (text_equal(map->keys[i], key)) {
			map->items[i] = value;
			return;
		}
	}
	map->keys[map->count] = key;
	map->items[map->count++] = value;
}

// The order of the rest changes.
static void take_out(struct value *map, struct text key)
{
	for (size_t i = 0; i < map->count; i++) {
		if (!text_equal(map->keys[i], key))
			continue;
		map->count--;
		map->keys[i] = map->keys[map->count];
		map->items[i] = map->items[map->count];
		return;
	}
}

static bool is_ignored(const struct settings *settings, struct text key)
{
	if (value_has_string(&settings->ignore_keys, key))
		return true;
	const struct value *prefixes = &settings->ignore_prefixes;
	for (size_t i = 0; value_is_known(prefixes) && i < prefixes->count; i++) {
		if (value_is_known(&prefixes->items[i]) && text_starts_with(key, prefixes->items[i].string))
			return true;
	}
	return false;
}

static void put_all(struct value *map, const struct value *source, const struct settings *settings)
{
	for (size_t i = 0; value_is_known(source) && i < source->count; i++) {
		if (!value_is_null(&source->items[i]) && !is_ignored(settings, source->keys[i]))
			put(map, source->keys[i], source->items[i]);
	}
}

// Which keys an unknown will bring is not known either, and core wants no key to vanish later: all or nothing.
static bool ready(const struct value *map)
{
	return value_is_wholly_known(map);
}

struct value tags_plan_all(struct call *call, const struct plan_view *view)
{
	const struct settings *settings = view->settings;
	const struct value *defaults = &settings->default_tags;
	const struct value *tags = plan_config_of(view, T("tags"));
	const struct value *name = plan_planned_of(view, T("name"));
	if (!ready(defaults) || !ready(tags) || !ready(name) || !ready(&settings->ignore_keys) ||
	    !ready(&settings->ignore_prefixes))
		return value_unknown(&type_string_map);
	size_t most = (value_is_known(defaults) ? defaults->count : 0) + (value_is_known(tags) ? tags->count : 0) + 1;
	struct value all = value_map(call->arena, &type_string_map, most);
	all.count = 0;
	put_all(&all, defaults, settings);
	bool unnamed = value_is_null(name) || name->string.length == 0;
	// `name = ""` takes away the Name of the default tags; a Name in `tags` is the user's own word.
	if (unnamed)
		take_out(&all, name_key);
	if (!unnamed && !is_ignored(settings, name_key))
		put(&all, name_key, *name);
	put_all(&all, tags, settings);
	value_sort_map(&all);
	if (all.count > CHECK_MOST_TAGS) {
		const struct path at = path_attribute(NULL, T("tags"));
		diag_error(call, &at, "Too many tags",
			   "With the Name tag and the provider's default tags there are %zu tags, and EC2 allows %d on "
			   "one object. Remove some from `tags`, or from the provider's default_tags.",
			   all.count, CHECK_MOST_TAGS);
	}
	return all;
}

void tags_validate_name(struct call *call, const struct value *config)
{
	const struct value *name = value_field(config, T("name"));
	const struct value *tag = known_key(value_field(config, T("tags")), name_key);
	if (!value_is_known(name) || !tag || !value_is_known(tag) || text_equal(name->string, tag->string))
		return;
	const struct path at = path_attribute(NULL, T("name"));
	diag_error(call, &at, "Two different names",
		   "`name` is the Name tag, and says \"%.*s\"; `tags` has a Name too, and says \"%.*s\". Remove one of "
		   "them.",
		   TEXT_ARG(name->string), TEXT_ARG(tag->string));
}

// --- requests and answers ---

void tags_encode(struct query *query, const char *tag_type, const struct value *tags_all)
{
	if (!value_is_known(tags_all) || tags_all->count == 0)
		return;
	query_add(query, T("TagSpecification.1.ResourceType"), text_of(tag_type));
	for (size_t i = 0; i < tags_all->count; i++) {
		query_add_item(query, T("TagSpecification.1.Tag"), i + 1, T("Key"), tags_all->keys[i]);
		query_add_item(query, T("TagSpecification.1.Tag"), i + 1, T("Value"), tags_all->items[i].string);
	}
}

// What the object has, without AWS's own tags.
static struct value read_all(struct arena *arena, const struct xml_node *tag_set)
{
	size_t count = 0;
	for (const struct xml_node *item = xml_child(tag_set, T("item")); item; item = xml_next(item))
		count++;
	struct value all = value_map(arena, &type_string_map, count);
	all.count = 0;
	for (const struct xml_node *item = xml_child(tag_set, T("item")); item; item = xml_next(item)) {
		if (!text_starts_with(xml_text(item, T("key")), T("aws:")))
			put(&all, xml_text(item, T("key")), value_string(xml_text(item, T("value"))));
	}
	value_sort_map(&all);
	return all;
}

struct text tags_name(const struct xml_node *item)
{
	const struct xml_node *tag = xml_find(item, T("tagSet/item"));
	while (tag && !text_equal(xml_text(tag, T("key")), name_key))
		tag = xml_next(tag);
	return xml_text(tag, T("value"));
}

static bool has_same(const struct value *map, struct text key, const struct value *value)
{
	const struct value *other = known_key(map, key);
	return other && value_equal(other, value);
}

static const struct value *field_or_null(const struct value *object, struct text name)
{
	static const struct value none = { .state = VALUE_NULL, .type = &type_string_map };
	return value_is_known(object) ? value_field(object, name) : &none;
}

// Those of the object's tags that are `tags` and not the Name tag behind `name` or a default tag.
static struct value own_tags(struct arena *arena, const struct value *all, const struct settings *settings,
			     const struct value *prior)
{
	const struct value *before = field_or_null(prior, T("tags"));
	const struct value *all_before = field_or_null(prior, T("tags_all"));
	size_t most = all->count + (value_is_known(before) ? before->count : 0);
	struct value own = value_map(arena, &type_string_map, most);
	own.count = 0;
	for (size_t i = 0; i < all->count; i++) {
		struct text key = all->keys[i];
		bool is_named = known_key(before, key) != NULL;
		bool comes_from_elsewhere = text_equal(key, name_key) || has_same(all_before, key, &all->items[i]) ||
					    has_same(&settings->default_tags, key, &all->items[i]);
		if (!is_ignored(settings, key) && (is_named || !comes_from_elsewhere))
			put(&own, key, all->items[i]);
	}
	// Ignored tags are not looked at, so whatever was said of them stays true.
	for (size_t i = 0; value_is_known(before) && i < before->count; i++) {
		if (is_ignored(settings, before->keys[i]) || value_is_null(&before->items[i]))
			put(&own, before->keys[i], before->items[i]);
	}
	value_sort_map(&own);
	return own.count == 0 && !value_is_known(before) ? value_null(&type_string_map) : own;
}

void tags_decode(struct arena *arena, const struct xml_node *tag_set, const struct settings *settings,
		 const struct value *prior, struct value *state)
{
	struct value all = read_all(arena, tag_set);
	const struct value *name = known_key(&all, name_key);
	const struct value *name_before = field_or_null(prior, T("name"));
	struct value seen = value_map(arena, &type_string_map, all.count);
	seen.count = 0;
	put_all(&seen, &all, settings);
	// An empty Name means what none means, and what is planned for `name = ""` is none.
	if (name && name->string.length == 0 && !known_key(field_or_null(prior, T("tags")), name_key))
		take_out(&seen, name_key);
	value_sort_map(&seen);
	if (is_ignored(settings, name_key) && value_is_known(name_before))
		*value_field(state, T("name")) = *name_before;
	else
		*value_field(state, T("name")) = name ? *name : value_string(T(""));
	*value_field(state, T("tags")) = own_tags(arena, &all, settings, prior);
	*value_field(state, T("tags_all")) = seen;
}

// --- changes ---

// Sends CreateTags or DeleteTags for the tags of `map` that `other` lacks (for CreateTags: or has with another value).
static bool send_difference(const struct operation *operation, bool creates, const struct text *ids, size_t id_count,
			    const struct value *map, const struct value *other)
{
	struct arena *arena = operation->call->arena;
	struct query query;
	query_init(&query, arena);
	for (size_t i = 0; i < id_count; i++)
		query_add_item(&query, T("ResourceId"), i + 1, T(""), ids[i]);
	size_t tags = 0;
	for (size_t i = 0; value_is_known(map) && i < map->count; i++) {
		if (creates ? has_same(other, map->keys[i], &map->items[i]) : known_key(other, map->keys[i]) != NULL)
			continue;
		query_add_item(&query, T("Tag"), ++tags, T("Key"), map->keys[i]);
		if (creates)
			query_add_item(&query, T("Tag"), tags, T("Value"), map->items[i].string);
	}
	if (tags == 0 || id_count == 0)
		return true; // DeleteTags without tags would delete all there are
	struct text action = creates ? T("CreateTags") : T("DeleteTags");
	struct action_answer answer;
	if (!send_action(operation, action, &query, ACTION_CHANGES, &answer))
		return false;
	if (answer.error_code.length == 0)
		return true;
	const struct path at = path_attribute(NULL, T("tags"));
	const struct error_place place = {
		.action = action,
		.doing = text_print(arena, "change the tags of %.*s", TEXT_ARG(ids[0])),
		.at = &at,
	};
	error_add(operation->call, &place, &answer);
	return false;
}

bool tags_change(const struct operation *operation, const struct text *ids, size_t id_count, const struct value *from,
		 const struct value *to)
{
	// Deleting first makes room below EC2's 50.
	return send_difference(operation, false, ids, id_count, from, to) &&
	       send_difference(operation, true, ids, id_count, to, from);
}
