// SPDX-License-Identifier: MPL-2.0
// The shared files: the input's first byte says of which kinds two files are, the rest is both, apart by a byte 1.
// What must hold: comments and the line ends of other systems change nothing; what was read, written plainly, reads as
// the same; a file read twice is the file; and the second of two files wins, but for halves of a pair of keys.
#include "aws/config_file.h"

#include "base/limits.h"
#include "fuzz.h"

static const size_t bytes_per_byte = 128, bytes_for_nothing = (size_t)256 * 1024;

static struct config_sections read_file(struct arena *arena, struct text content, enum config_file_kind kind)
{
	struct config_sections sections = { NULL };
	size_t before = arena->taken_bytes;
	config_file_read(arena, content, kind, &sections);
	size_t took = arena->taken_bytes - before;
	fuzz_check(took <= bytes_for_nothing + bytes_per_byte * content.length,
		   "%zu bytes of a file took %zu of memory", content.length, took);
	return sections;
}

static const struct config_property *find(const struct config_property *list, struct text key)
{
	while (list && !text_equal(list->key, key))
		list = list->next;
	return list;
}

static bool is_same_list(const struct config_property *a, const struct config_property *b)
{
	for (; a && b; a = a->next, b = b->next) {
		if (!text_equal(a->key, b->key) || !text_equal(a->value, b->value) ||
		    !is_same_list(a->nested, b->nested))
			return false;
	}
	return !a && !b;
}

static bool is_same_section(const struct config_section *a, const struct config_section *b)
{
	return text_equal(a->name, b->name) && a->partial == b->partial && is_same_list(a->first, b->first);
}

static bool is_same(const struct config_sections *one, const struct config_sections *other)
{
	const struct config_section *a = one->first, *b = other->first;
	for (; a && b; a = a->next, b = b->next) {
		if (!is_same_section(a, b))
			return false;
	}
	return !a && !b;
}

static void check_list(struct arena *arena, const struct config_property *list, bool may_nest)
{
	for (const struct config_property *p = list; p; p = p->next) {
		fuzz_check(p->key.length > 0 && text_equal(p->key, text_lower(arena, p->key)),
			   "a key is not in lower case");
		fuzz_check(text_find_char(p->key, '\n') == SIZE_MAX && text_find_char(p->key, '=') == SIZE_MAX,
			   "a key is more than a key");
		fuzz_check(!find(p->next, p->key), "a key stands twice: %.*s", TEXT_ARG(p->key));
		fuzz_check(!p->nested || (may_nest && p->value.length == 0), "%.*s has a value and more",
			   TEXT_ARG(p->key));
		check_list(arena, p->nested, false);
	}
}

static bool is_given(const struct config_section *section, const char *key)
{
	return config_file_value(section, text_of(key)).length > 0;
}

static bool has_half(const struct config_section *section)
{
	return is_given(section, "aws_access_key_id") != is_given(section, "aws_secret_access_key");
}

static void check_sections(struct arena *arena, const struct config_sections *sections)
{
	for (const struct config_section *s = sections->first; s; s = s->next) {
		fuzz_check(s->name.length > 0 && config_file_section(sections, s->name) == s, "a section stands twice");
		fuzz_check(s->partial == has_half(s), "%.*s: half a pair of keys is not noticed", TEXT_ARG(s->name));
		check_list(arena, s->first, true);
	}
}

// What is put at the end of each line, and of lines that are not indented: there a comment may stand.
struct line_ends {
	const char *every, *plain;
};

static void write_lines(struct text content, const struct line_ends *ends, struct buffer *out)
{
	struct text line;
	buffer_init(out, LIMIT_MESSAGE_BYTES);
	while (text_take_until(&content, '\n', &line)) {
		bool is_plain = line.length > 0 && line.at[0] != ' ' && line.at[0] != '\t';
		buffer_append_text(out, line);
		buffer_append_text(out, text_of(is_plain ? ends->plain : ""));
		buffer_append_text(out, text_of(ends->every));
	}
}

static void check_rewritten(struct arena *arena, struct text content, enum config_file_kind kind,
			    const struct config_sections *expected)
{
	static const struct line_ends ends[] = { { "\r\n", "" }, { "\n # a = b\n\n", " # c" }, { "\n", "\t; c = d" } };
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct buffer text;
		write_lines(content, &ends[i], &text);
		struct config_sections again = read_file(arena, buffer_text(&text), kind);
		fuzz_check(is_same(expected, &again), "line ends or comments change what is read: %.*s",
			   TEXT_ARG(buffer_text(&text)));
		buffer_free(&text);
	}
}

// A key with a comment's beginning in it can only be given by an indented line, and not everywhere.
static bool is_plain_key(struct text key)
{
	for (size_t i = 1; i < key.length; i++) {
		if ((key.at[i] == '#' || key.at[i] == ';') && (key.at[i - 1] == ' ' || key.at[i - 1] == '\t'))
			return false;
	}
	return true;
}

// The first line in quotes, the others indented.
static void write_property(const char *indent, const struct config_property *property, struct buffer *out)
{
	struct text rest = property->value, line = T("");
	(void)text_take_until(&rest, '\n', &line);
	const struct text pieces[] = { text_of(indent), property->key, T(" = \""), line, T("\"\n") };
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
		buffer_append_text(out, pieces[i]);
	while (text_take_until(&rest, '\n', &line)) {
		buffer_append_char(out, '\t');
		buffer_append_text(out, line);
		buffer_append_char(out, '\n');
	}
	for (const struct config_property *nested = property->nested; nested; nested = nested->next)
		write_property("  ", nested, out);
}

static bool write_sections(const struct config_sections *sections, enum config_file_kind kind, struct buffer *out)
{
	const char *type = kind == CONFIG_FILE ? "profile " : "";
	bool plain = true;
	buffer_init(out, LIMIT_MESSAGE_BYTES);
	for (const struct config_section *s = sections->first; s; s = s->next) {
		buffer_print(out, "[%s", type);
		buffer_append_text(out, s->name);
		buffer_append_text(out, T("]\n"));
		for (const struct config_property *p = s->first; p; p = p->next) {
			plain &= is_plain_key(p->key);
			write_property("", p, out);
		}
	}
	return plain;
}

static void check_round_trip(struct arena *arena, const struct config_sections *sections, enum config_file_kind kind)
{
	struct buffer written;
	if (write_sections(sections, kind, &written)) {
		struct config_sections again = read_file(arena, buffer_text(&written), kind);
		fuzz_check(is_same(sections, &again), "what was written reads as something else: %.*s",
			   TEXT_ARG(buffer_text(&written)));
	}
	buffer_free(&written);
}

static struct config_sections check_one(struct arena *arena, struct text content, enum config_file_kind kind)
{
	struct config_sections sections = read_file(arena, content, kind), twice = sections;
	check_sections(arena, &sections);
	check_rewritten(arena, content, kind, &sections);
	check_round_trip(arena, &sections, kind);
	twice = read_file(arena, content, kind);
	config_file_read(arena, content, kind, &twice);
	fuzz_check(is_same(&sections, &twice), "a file read twice is another one");
	return sections;
}

static bool is_key_of_pair(const struct config_property *property)
{
	return property->value.length && (text_equal(property->key, T("aws_access_key_id")) ||
					  text_equal(property->key, T("aws_secret_access_key")));
}

// What the merged section should have for a key: the later file's, but never half a pair over something else.
static const struct config_property *winner(const struct config_section *early, const struct config_section *late,
					    struct text key)
{
	const struct config_property *before = find(early ? early->first : NULL, key);
	const struct config_property *after = find(late ? late->first : NULL, key);
	bool is_half = after && early && has_half(late) && is_key_of_pair(after);
	return after && !is_half ? after : before;
}

static void check_won(const struct config_section *merged, const struct config_section *early,
		      const struct config_section *late, const struct config_property *list)
{
	for (const struct config_property *p = list; p; p = p->next) {
		const struct config_property *expected = winner(early, late, p->key);
		const struct config_property *found = merged ? find(merged->first, p->key) : NULL;
		fuzz_check((expected == NULL) == (found == NULL), "merged, %.*s is there or not", TEXT_ARG(p->key));
		fuzz_check(!found || (text_equal(expected->value, found->value) &&
				      is_same_list(expected->nested, found->nested)),
			   "merged, %.*s is not the later file's", TEXT_ARG(p->key));
	}
}

static void check_merged(const struct config_sections *all, const struct config_sections *early,
			 const struct config_sections *late)
{
	for (const struct config_section *s = all->first; s; s = s->next) {
		const struct config_section *a = config_file_section(early, s->name);
		const struct config_section *b = config_file_section(late, s->name);
		const struct config_section *last = b ? b : a;
		fuzz_check(last && s->partial == last->partial,
			   "a section, or half a pair of keys, comes from nowhere");
		check_won(s, a, b, s->first);
		check_won(s, a, b, a ? a->first : NULL);
		check_won(s, a, b, b ? b->first : NULL);
	}
	for (const struct config_section *s = early->first; s; s = s->next)
		fuzz_check(config_file_section(all, s->name) != NULL, "a section of the first file is lost");
	for (const struct config_section *s = late->first; s; s = s->next)
		fuzz_check(config_file_section(all, s->name) != NULL, "a section of the second file is lost");
}

static void check(struct call *call, void *argument)
{
	static const enum config_file_kind kinds[] = { CONFIG_FILE, CONFIG_FILE_OF_CREDENTIALS };
	struct choices *choices = argument;
	unsigned wish = choices_below(choices, 4);
	enum config_file_kind first_kind = kinds[wish % 2], second_kind = kinds[wish / 2];
	struct text second = choices_rest(choices), first = T("");
	(void)text_take_until(&second, '\1', &first);
	struct config_sections early = check_one(call->arena, first, first_kind);
	struct config_sections late = check_one(call->arena, second, second_kind);
	struct config_sections all = { NULL };
	config_file_read(call->arena, first, first_kind, &all);
	config_file_read(call->arena, second, second_kind, &all);
	check_merged(&all, &early, &late);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
