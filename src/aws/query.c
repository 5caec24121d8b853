// SPDX-License-Identifier: MPL-2.0
#include "aws/query.h"

#include "aws/percent.h"

void query_init(struct query *query, struct arena *arena)
{
	*query = (struct query){ .arena = arena };
}

// Links a parameter whose texts are in the arena already.
static void append(struct query *query, struct text name, struct text value)
{
	struct query_parameter *added = ARENA_NEW(query->arena, struct query_parameter);
	added->name = name;
	added->value = value;
	if (query->last)
		query->last->next = added;
	else
		query->first = added;
	query->last = added;
	query->count++;
}

void query_add(struct query *query, struct text name, struct text value)
{
	append(query, text_copy(query->arena, name), text_copy(query->arena, value));
}

void query_add_number(struct query *query, struct text name, int64_t value)
{
	append(query, text_copy(query->arena, name), text_print(query->arena, "%lld", (long long)value));
}

void query_add_item(struct query *query, struct text list, size_t position, struct text member, struct text value)
{
	struct text name = text_print(query->arena, "%.*s.%zu%s%.*s", TEXT_ARG(list), position,
				      member.length ? "." : "", TEXT_ARG(member));
	append(query, name, text_copy(query->arena, value));
}

struct text query_find(const struct query *query, struct text name)
{
	for (const struct query_parameter *p = query->first; p; p = p->next) {
		if (text_equal(p->name, name))
			return p->value;
	}
	return T("");
}

static char *put_pair(char *at, struct text name, struct text value)
{
	at = percent_encode(at, name);
	*at++ = '=';
	return percent_encode(at, value);
}

struct text query_encode(const struct query *query, struct text action, struct text version)
{
	const struct text action_name = TEXT("Action");
	const struct text version_name = TEXT("Version");
	// Every pair needs one more byte for '=' and one for '&'; the last '&' becomes the end.
	size_t length = percent_encoded_length(action_name) + percent_encoded_length(action) +
			percent_encoded_length(version_name) + percent_encoded_length(version) + 4;
	for (const struct query_parameter *p = query->first; p; p = p->next)
		length += percent_encoded_length(p->name) + percent_encoded_length(p->value) + 2;
	char *form = arena_take(query->arena, length);
	char *at = put_pair(form, action_name, action);
	*at++ = '&';
	at = put_pair(at, version_name, version);
	for (const struct query_parameter *p = query->first; p; p = p->next) {
		*at++ = '&';
		at = put_pair(at, p->name, p->value);
	}
	return (struct text){ form, (size_t)(at - form) };
}
