// SPDX-License-Identifier: MPL-2.0
#include "aws/config_file.h"

#include <string.h>

static const struct text profile_type = TEXT("profile");
static const struct text typed_sections[] = { TEXT("sso-session"), TEXT("services") };
static const struct text blanks = TEXT(" \t");

// One file as it is read. The place is where the next line goes on.
struct reading {
	struct arena *arena;
	enum config_file_kind kind;
	struct config_sections own;       // sections of this file that are kept
	struct config_section *section;   // NULL: before the first, or in one that is not kept
	struct config_property *property; // the last one; NULL: none yet
	char *continued;                  // where its value stands that lines were added to; NULL: none yet
	size_t room;                      // there
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

// FNV-1a, with its lower half mixed into the bits that are used first.
static uint64_t hash_of(struct text name)
{
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < name.length; i++)
		hash = (hash ^ (unsigned char)name.at[i]) * 1099511628211u;
	return (hash ^ hash >> 32) * 0x9E3779B97F4A7C15u;
}

// Where the property of that key stands in the tree, or would stand.
static struct config_property **property_place(struct config_property **root, struct text key)
{
	struct config_property **place = root;
	for (uint64_t hash = hash_of(key); *place && !text_equal((*place)->key, key); hash <<= 1)
		place = &(*place)->children[hash >> 63];
	return place;
}

static struct config_section **section_place(struct config_section **root, struct text name)
{
	struct config_section **place = root;
	for (uint64_t hash = hash_of(name); *place && !text_equal((*place)->name, name); hash <<= 1)
		place = &(*place)->children[hash >> 63];
	return place;
}

static struct config_section *find_section(const struct config_sections *sections, struct text name)
{
	struct config_section *first = sections->first;
	return *section_place(&first, name);
}

static struct config_property *find_property(struct config_property *first, struct text key)
{
	return *property_place(&first, key);
}

// The property of that key in the list; added at its end when there is none.
static struct config_property *property_of(struct arena *arena, struct config_property **list, struct text key)
{
	struct config_property **place = property_place(list, key);
	if (!*place) {
		*place = ARENA_NEW(arena, struct config_property);
		(*place)->key = key;
		(*place)->value = T("");
		if (place != list)
			(*list)->last->next = *place;
		(*list)->last = *place;
	}
	return *place;
}

static struct config_section *section_of(struct arena *arena, struct config_sections *sections, struct text name)
{
	struct config_section **place = section_place(&sections->first, name);
	if (!*place) {
		*place = ARENA_NEW(arena, struct config_section);
		(*place)->name = name;
		if (place != &sections->first)
			sections->first->last->next = *place;
		sections->first->last = *place;
	}
	return *place;
}

// Up to the first '#' or ';'.
static struct text cut_section_comment(struct text line)
{
	size_t end = 0;
	while (end < line.length && line.at[end] != '#' && line.at[end] != ';')
		end++;
	return text_part(line, 0, end);
}

// Up to the first '#' or ';' that a blank stands before.
static struct text cut_property_comment(struct text line)
{
	for (size_t i = 1; i < line.length; i++) {
		if ((line.at[i] == '#' || line.at[i] == ';') && is_blank(line.at[i - 1]))
			return text_part(line, 0, i - 1);
	}
	return line;
}

static struct text without_quotes(struct text value)
{
	if (value.length < 2)
		return value;
	const char first = value.at[0];
	const char last = value.at[value.length - 1];
	return first == last && (first == '"' || first == '\'') ? text_part(value, 1, value.length - 2) : value;
}

// At the first '=' or ':'; false when there is none or no key before it.
static bool split_property(struct text line, struct text *ret_key, struct text *ret_value)
{
	size_t at = 0;
	while (at < line.length && line.at[at] != '=' && line.at[at] != ':')
		at++;
	*ret_key = text_trim(text_part(line, 0, at));
	*ret_value = without_quotes(text_trim(text_part(line, at + 1, line.length)));
	return at < line.length && ret_key->length > 0;
}

// "profile  dev" gives "profile" and "dev"; "dev" gives "" and "dev".
static void split_title(struct text title, struct text *ret_type, struct text *ret_name)
{
	size_t end = 0;
	while (end < title.length && !is_blank(title.at[end]))
		end++;
	const struct text rest = text_trim(text_part(title, end, title.length));
	*ret_type = rest.length ? text_part(title, 0, end) : T("");
	*ret_name = rest.length ? rest : title;
}

static bool is_typed_section(struct text type)
{
	for (size_t i = 0; i < sizeof typed_sections / sizeof typed_sections[0]; i++) {
		if (text_equal(type, typed_sections[i]))
			return true;
	}
	return false;
}

// "type name", in which a NUL is a character like others.
static struct text typed_name(struct arena *arena, struct text type, struct text name)
{
	char *bytes = arena_take(arena, type.length + 1 + name.length);
	memcpy(bytes, type.at, type.length);
	bytes[type.length] = ' ';
	memcpy(bytes + type.length + 1, name.at, name.length);
	return (struct text){ bytes, type.length + 1 + name.length };
}

// Begins the section, in which properties stay NULL when a file of this kind has no such section.
static void begin_section(struct reading *reading, struct text type, struct text name)
{
	const bool is_profile = text_equal(type, profile_type);
	const bool in_config = reading->kind == CONFIG_FILE;
	const bool is_plain_default = in_config && type.length == 0 && text_equal(name, T("default"));
	reading->section = NULL;
	reading->property = NULL;
	struct text kept = T("");
	if (is_typed_section(type) || (!in_config && type.length && !is_profile))
		kept = typed_name(reading->arena, type, name);
	else if (in_config ? is_profile : type.length == 0)
		kept = text_copy(reading->arena, name);
	else if (is_plain_default)
		kept = T("profile default"); // no name of a profile has its type in it: set apart until the end
	if (kept.length)
		reading->section = section_of(reading->arena, &reading->own, kept);
}

static bool read_section(struct reading *reading, struct text line)
{
	const struct text title = text_trim(cut_section_comment(line));
	if (title.length < 2 || title.at[0] != '[' || title.at[title.length - 1] != ']')
		return false;
	struct text type;
	struct text name;
	split_title(text_trim(text_part(title, 1, title.length - 2)), &type, &name);
	begin_section(reading, type, name);
	return true;
}

static void keep_property(struct reading *reading, struct text key, struct text value)
{
	struct arena *arena = reading->arena;
	reading->property = property_of(arena, &reading->section->first, text_lower(arena, key));
	reading->property->value = text_copy(arena, value);
	reading->property->nested = NULL;
	reading->continued = NULL;
}

// A line more for the value. Its room doubles, so that many lines take no more than a few times their length.
static void continue_value(struct reading *reading, struct text line)
{
	struct text *value = &reading->property->value;
	const size_t length = value->length + 1 + line.length;
	if (!reading->continued || length > reading->room) {
		reading->room = 2 * length;
		reading->continued = arena_take(reading->arena, reading->room);
		memcpy(reading->continued, value->at, value->length);
	}
	reading->continued[value->length] = '\n';
	memcpy(reading->continued + value->length + 1, line.at, line.length);
	*value = (struct text){ reading->continued, length };
}

// An indented line belongs to the property before it.
static void read_indented(struct reading *reading, struct text line)
{
	struct arena *arena = reading->arena;
	struct config_property *above = reading->property;
	struct text key;
	struct text value;
	if (!split_property(line, &key, &value)) {
		if (above && above->value.length)
			continue_value(reading, text_trim(line));
		return;
	}
	if (above && above->value.length == 0) {
		property_of(arena, &above->nested, text_lower(arena, key))->value = text_copy(arena, value);
		return;
	}
	keep_property(reading, key, text_trim(cut_property_comment(value)));
}

static void read_line(struct reading *reading, struct text line)
{
	const struct text trimmed = text_trim(line);
	if (trimmed.length == 0 || trimmed.at[0] == '#' || trimmed.at[0] == ';' || read_section(reading, line) ||
	    !reading->section)
		return;
	struct text key;
	struct text value;
	if (text_find_char(blanks, line.at[0]) != SIZE_MAX)
		read_indented(reading, line);
	else if (split_property(cut_property_comment(line), &key, &value))
		keep_property(reading, key, value);
}

// [profile default] makes [default] of the same file void: that is returned, else NULL. No section is looked for by its
// name after this.
static const struct config_section *settle_default(struct config_sections *own)
{
	struct config_section *plain = find_section(own, T("profile default"));
	if (plain && find_section(own, T("default")))
		return plain;
	if (plain)
		plain->name = T("default");
	return NULL;
}

static struct config_property *key_id_of(const struct config_section *section)
{
	struct config_property *property = find_property(section->first, T("aws_access_key_id"));
	return property && property->value.length ? property : NULL;
}

static struct config_property *secret_of(const struct config_section *section)
{
	struct config_property *property = find_property(section->first, T("aws_secret_access_key"));
	return property && property->value.length ? property : NULL;
}

// A pair of keys is never put together from two files.
static bool is_half(const struct config_section *section, const struct config_property *property)
{
	return section->partial && (property == key_id_of(section) || property == secret_of(section));
}

static void merge_section(struct arena *arena, struct config_sections *all, const struct config_section *section)
{
	const bool is_new = !find_section(all, section->name);
	struct config_section *into = section_of(arena, all, section->name);
	into->partial = section->partial;
	for (const struct config_property *p = section->first; p; p = p->next) {
		if (!is_new && is_half(section, p))
			continue;
		struct config_property *merged = property_of(arena, &into->first, p->key);
		merged->value = p->value;
		merged->nested = p->nested;
	}
}

void config_file_read(struct arena *arena, struct text content, enum config_file_kind kind,
		      struct config_sections *sections)
{
	struct reading reading = { .arena = arena, .kind = kind };
	struct text line;
	while (text_take_until(&content, '\n', &line))
		read_line(&reading, line);
	const struct config_section *nothing = settle_default(&reading.own);
	for (struct config_section *s = reading.own.first; s; s = s->next) {
		if (s == nothing)
			continue;
		s->partial = (key_id_of(s) != NULL) != (secret_of(s) != NULL);
		merge_section(arena, sections, s);
	}
}

const struct config_section *config_file_section(const struct config_sections *sections, struct text name)
{
	return find_section(sections, name);
}

struct text config_file_value(const struct config_section *section, struct text key)
{
	const struct config_property *property = section ? find_property(section->first, key) : NULL;
	return property ? property->value : T("");
}

struct text config_file_nested_value(const struct config_section *section, struct text key, struct text nested_key)
{
	const struct config_property *property = section ? find_property(section->first, key) : NULL;
	const struct config_property *nested = property ? find_property(property->nested, nested_key) : NULL;
	return nested ? nested->value : T("");
}
