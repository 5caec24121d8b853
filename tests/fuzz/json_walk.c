// SPDX-License-Identifier: MPL-2.0
#include "json_walk.h"

#include "value/json_token.h"

enum { MOST_NAMES = 64 };

struct walk {
	struct json_cursor cursor;
	bool is_odd;
	struct json_member **end; // of the list of the outermost object's members
};

static bool walk_value(struct walk *walk);

static bool walk_text(struct walk *walk, struct text *ret_text)
{
	if (!json_token_string(&walk->cursor, ret_text))
		return false;
	walk->is_odd |= text_find_char(*ret_text, '\0') != SIZE_MAX;
	return true;
}

static bool walk_member(struct walk *walk, struct text name)
{
	struct text value = T("");
	if (walk->cursor.depth > 1 || json_token_kind(&walk->cursor) != JSON_STRING)
		return walk_value(walk);
	if (!walk_text(walk, &value))
		return false;
	struct json_member *member = ARENA_NEW(walk->cursor.arena, struct json_member);
	member->name = name;
	member->value = value;
	*walk->end = member;
	walk->end = &member->next;
	return true;
}

static bool walk_members(struct walk *walk)
{
	struct text names[MOST_NAMES], name;
	size_t count = 0;
	bool ok = json_token_open(&walk->cursor, '{');
	while (json_token_more(&walk->cursor, '}', &ok)) {
		ok = json_token_key(&walk->cursor, &name) && walk_member(walk, name);
		if (!ok)
			break;
		walk->is_odd |= text_find_char(name, '\0') != SIZE_MAX || count == MOST_NAMES;
		for (size_t i = 0; i < count; i++)
			walk->is_odd |= text_equal(names[i], name);
		if (count < MOST_NAMES)
			names[count++] = name;
	}
	return ok;
}

static bool walk_items(struct walk *walk)
{
	bool ok = json_token_open(&walk->cursor, '[');
	while (json_token_more(&walk->cursor, ']', &ok))
		ok = walk_value(walk);
	return ok;
}

static bool walk_number(struct walk *walk)
{
	struct text number = T("");
	if (!json_token_number(&walk->cursor, &number))
		return false;
	walk->is_odd |= number.length > 18 || text_find_char(number, 'e') != SIZE_MAX ||
			text_find_char(number, 'E') != SIZE_MAX;
	return true;
}

static bool walk_value(struct walk *walk)
{
	struct text text;
	enum json_kind kind = json_token_kind(&walk->cursor);
	if (kind == JSON_OBJECT)
		return walk_members(walk);
	if (kind == JSON_ARRAY)
		return walk_items(walk);
	if (kind == JSON_STRING)
		return walk_text(walk, &text);
	return kind == JSON_NUMBER ? walk_number(walk) : json_token_skip(&walk->cursor);
}

static bool has_surrogate(struct text content)
{
	for (size_t i = 0; i + 2 < content.length; i++) {
		if (content.at[i] == '\\' && content.at[i + 1] == 'u' && (content.at[i + 2] | 0x20) == 'd')
			return true;
	}
	return false;
}

enum json_opinion json_walk(struct arena *arena, struct text content, struct json_member **ret_members)
{
	struct walk walk = { .is_odd = has_surrogate(content), .end = ret_members };
	*ret_members = NULL;
	bool good = json_token_start(arena, content, &walk.cursor) && json_token_kind(&walk.cursor) == JSON_OBJECT &&
		    walk_members(&walk) && json_token_at_end(&walk.cursor);
	return !good ? JSON_WALK_BAD : walk.is_odd ? JSON_WALK_ODD : JSON_WALK_GOOD;
}
