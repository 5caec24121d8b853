// SPDX-License-Identifier: MPL-2.0
#include "matching.h"

#include <stdio.h>
#include <string.h>

// EC2 takes this many values in the filters of one call.
#define MATCHING_VALUES_MAX 200

static const char tag_prefix[] = "tag:";

// The length of a UTF-8 character.
static size_t character_length(const char *at)
{
	size_t length = 1;
	while (((unsigned char)at[length] & 0xc0) == 0x80)
		length++;
	return length;
}

bool matching_wildcard(const char *pattern, const char *text)
{
	const char *star = NULL; // the pattern behind the last star, and the text that it was tried on
	const char *retry = NULL;
	while (*text) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = text;
			continue;
		}
		const bool escaped = *pattern == '\\' && pattern[1];
		if (*pattern == '?') {
			pattern++;
			text += character_length(text);
		} else if (pattern[escaped] == *text) {
			pattern += escaped ? 2 : 1;
			text++;
		} else if (star) {
			pattern = star;
			text = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static const struct matching_row *find_row(const struct matching_row *rows, const char *name)
{
	for (; rows->name; rows++) {
		if (strcmp(rows->name, name) == 0)
			return rows;
	}
	return NULL;
}

bool matching_check(struct exchange *exchange, const struct matching_row *rows)
{
	const json_t *filters = exchange_list(exchange, "Filter");
	size_t value_count = 0;
	for (size_t i = 0; i < json_array_size(filters); i++) {
		const json_t *filter = json_array_get(filters, i);
		const char *name = json_string_value(json_object_get(filter, "Name"));
		const bool is_tag = strncmp(name, tag_prefix, strlen(tag_prefix)) == 0 || strcmp(name, "tag-key") == 0;
		if (!is_tag && !find_row(rows, name))
			return exchange_refuse(exchange, "InvalidParameterValue", "The filter '%s' is invalid", name);
		value_count += json_array_size(json_object_get(filter, "Value"));
	}
	if (value_count > MATCHING_VALUES_MAX)
		return exchange_refuse(exchange, "FilterLimitExceeded",
				       "The maximum number of filter values specified on a single call is %d",
				       MATCHING_VALUES_MAX);
	return true;
}

static bool passes_text(const json_t *values, const char *text)
{
	for (size_t i = 0; i < json_array_size(values); i++) {
		if (matching_wildcard(json_string_value(json_array_get(values, i)), text))
			return true;
	}
	return false;
}

static bool passes_scalar(const json_t *values, const json_t *scalar)
{
	char number[32];
	if (json_is_string(scalar))
		return passes_text(values, json_string_value(scalar));
	if (json_is_boolean(scalar))
		return passes_text(values, json_is_true(scalar) ? "true" : "false");
	if (!json_is_integer(scalar))
		return false;
	snprintf(number, sizeof number, "%lld", (long long)json_integer_value(scalar));
	return passes_text(values, number);
}

static bool passes_path(const json_t *values, const json_t *object, struct text path)
{
	if (json_is_array(object)) {
		for (size_t i = 0; i < json_array_size(object); i++) {
			if (passes_path(values, json_array_get(object, i), path))
				return true;
		}
		return false;
	}
	struct text part = { 0 };
	if (!text_take_until(&path, '.', &part))
		return passes_scalar(values, object);
	return passes_path(values, json_object_getn(object, part.at, part.length), path);
}

static bool passes_tag_key(const json_t *values, json_t *tags)
{
	for (void *at = json_object_iter(tags); at; at = json_object_iter_next(tags, at)) {
		if (passes_text(values, json_object_iter_key(at)))
			return true;
	}
	return false;
}

bool matching_passes(const struct exchange *exchange, const struct matching_row *rows, const json_t *object)
{
	const json_t *filters = exchange_list(exchange, "Filter");
	for (size_t i = 0; i < json_array_size(filters); i++) {
		const json_t *filter = json_array_get(filters, i);
		const char *name = json_string_value(json_object_get(filter, "Name"));
		const json_t *values = json_object_get(filter, "Value");
		json_t *tags = json_object_get(object, "tagSet");
		const struct matching_row *row = find_row(rows, name);
		bool passes = false;
		if (row)
			passes = passes_path(values, object, text_of(row->path));
		else if (strcmp(name, "tag-key") == 0)
			passes = passes_tag_key(values, tags);
		else
			passes = passes_scalar(values, json_object_get(tags, name + strlen(tag_prefix)));
		if (!passes)
			return false;
	}
	return true;
}
