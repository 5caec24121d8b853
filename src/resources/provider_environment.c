// SPDX-License-Identifier: MPL-2.0
#include "resources/provider_environment.h"

static const struct text tag_prefix = TEXT("TF_AWS_DEFAULT_TAGS_");

static size_t count_tags(const struct environment *environment)
{
	size_t count = 0;
	size_t position = 0;
	struct text name;
	struct text value;
	while (environment_next(environment, tag_prefix, &position, &name, &value))
		count++;
	return count;
}

static void add_default_tags(struct call *call, const struct environment *environment, struct value *tags)
{
	const size_t most = count_tags(environment);
	if (most == 0 || value_is_unknown(tags))
		return;
	const size_t own = value_is_known(tags) ? tags->count : 0;
	struct value all = value_map(call->arena, &type_string_map, own + most);
	for (size_t i = 0; i < own; i++) {
		all.items[i] = tags->items[i];
		all.keys[i] = tags->keys[i];
	}
	all.count = own;
	size_t position = 0;
	struct text name;
	struct text value;
	while (all.count < own + most && environment_next(environment, tag_prefix, &position, &name, &value)) {
		const struct text key = text_part(name, tag_prefix.length, name.length);
		if (key.length == 0 || value_key(tags, key))
			continue;
		all.items[all.count] = value_string(value);
		all.keys[all.count++] = key;
	}
	value_sort_map(&all);
	*tags = all;
}

static size_t count_parts(struct text list)
{
	size_t count = 0;
	struct text part;
	while (text_take_until(&list, ',', &part))
		count++;
	return count;
}

static void add_words(struct call *call, struct text list, struct value *words)
{
	if (list.length == 0 || value_is_unknown(words))
		return;
	const size_t own = value_is_known(words) ? words->count : 0;
	struct value all = value_list(call->arena, &type_string_set, own + count_parts(list));
	for (size_t i = 0; i < own; i++)
		all.items[i] = words->items[i];
	all.count = own;
	struct text part;
	while (text_take_until(&list, ',', &part)) {
		part = text_trim(part);
		if (part.length && !value_has_string(&all, part))
			all.items[all.count++] = value_string(part);
	}
	*words = all;
}

void provider_environment_add_tags(struct call *call, const struct environment *environment, struct settings *settings)
{
	add_default_tags(call, environment, &settings->default_tags);
	add_words(call, environment_get(environment, "TF_AWS_IGNORE_TAGS_KEYS"), &settings->ignore_keys);
	add_words(call, environment_get(environment, "TF_AWS_IGNORE_TAGS_KEY_PREFIXES"), &settings->ignore_prefixes);
}
