// SPDX-License-Identifier: MPL-2.0
#include "value/json_token.h"

#include "base/limits.h"

#include <stdint.h>
#include <string.h>

static void skip(struct json_cursor *cursor, size_t length)
{
	cursor->rest = text_part(cursor->rest, length, cursor->rest.length);
}

// The next character that is no blank, 0 at the end. (A NUL in the text starts no token either.)
static char look(struct json_cursor *cursor)
{
	size_t blanks = 0;
	while (blanks < cursor->rest.length && memchr(" \t\r\n", cursor->rest.at[blanks], 4))
		blanks++;
	skip(cursor, blanks);
	return cursor->rest.length ? cursor->rest.at[0] : '\0';
}

static bool take(struct json_cursor *cursor, char wanted)
{
	if (cursor->rest.length == 0 || look(cursor) != wanted)
		return false;
	skip(cursor, 1);
	return true;
}

bool json_token_start(struct arena *arena, struct text json, struct json_cursor *ret_cursor)
{
	size_t good = text_utf8_prefix(json);
	*ret_cursor = (struct json_cursor){ .arena = arena, .rest = text_part(json, good, json.length) };
	if (good < json.length)
		return false;
	ret_cursor->rest = json;
	return true;
}

bool json_token_at_end(struct json_cursor *cursor)
{
	(void)look(cursor);
	return cursor->rest.length == 0;
}

enum json_kind json_token_kind(struct json_cursor *cursor)
{
	char first = look(cursor);
	switch (first) {
	case 'n':
		return JSON_NULL;
	case 'f':
		return JSON_FALSE;
	case 't':
		return JSON_TRUE;
	case '"':
		return JSON_STRING;
	case '[':
		return JSON_ARRAY;
	case '{':
		return JSON_OBJECT;
	default:
		return first == '-' || (first >= '0' && first <= '9') ? JSON_NUMBER : JSON_NONE;
	}
}

bool json_token_word(struct json_cursor *cursor)
{
	static const struct text words[] = { TEXT("null"), TEXT("false"), TEXT("true") };
	(void)look(cursor);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (text_starts_with(cursor->rest, words[i])) {
			skip(cursor, words[i].length);
			return true;
		}
	}
	return false;
}

static size_t digits_at(struct text view, size_t at)
{
	size_t end = at;
	while (end < view.length && view.at[end] >= '0' && view.at[end] <= '9')
		end++;
	return end - at;
}

static bool char_at(struct text view, size_t at, char a, char b)
{
	return at < view.length && (view.at[at] == a || view.at[at] == b);
}

bool json_token_number(struct json_cursor *cursor, struct text *ret_number)
{
	(void)look(cursor);
	struct text view = cursor->rest;
	size_t at = char_at(view, 0, '-', '-') ? 1 : 0;
	size_t whole = digits_at(view, at);
	if (whole == 0 || (whole > 1 && view.at[at] == '0'))
		return false;
	at += whole;
	if (char_at(view, at, '.', '.')) {
		size_t fraction = digits_at(view, at + 1);
		if (fraction == 0)
			return false;
		at += 1 + fraction;
	}
	if (char_at(view, at, 'e', 'E')) {
		at += char_at(view, at + 1, '+', '-') ? 2 : 1;
		size_t exponent = digits_at(view, at);
		if (exponent == 0)
			return false;
		at += exponent;
	}
	*ret_number = text_part(view, 0, at);
	skip(cursor, at);
	return true;
}

// Length up to the closing quote, or SIZE_MAX; tells whether there are escapes on the way.
static size_t string_length(struct text body, bool *ret_escapes)
{
	*ret_escapes = false;
	for (size_t i = 0; i < body.length; i++) {
		if (body.at[i] == '"')
			return i;
		if ((unsigned char)body.at[i] < 0x20)
			return SIZE_MAX;
		if (body.at[i] == '\\') {
			*ret_escapes = true;
			i++;
		}
	}
	return SIZE_MAX;
}

// Four hex digits, or -1.
static int32_t hex4(struct text view)
{
	int32_t unit = 0;
	if (view.length < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = memchr(digits, view.at[i] | 0x20, 16);
		if (!digit)
			return -1;
		unit = unit * 16 + (int32_t)(digit - digits);
	}
	return unit;
}

static size_t put_utf8(char *out, uint32_t point)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xC0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xE0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (point & 0x3F));
	return 4;
}

// The escape behind a backslash: writes what it stands for and gives how many characters it took; 0 for a wrong one.
// Half of a surrogate pair becomes U+FFFD, as in Go.
static size_t unescape(struct text escape, char *out, size_t *ret_written)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	if (escape.length == 0)
		return 0;
	if (escape.at[0] != 'u') {
		const char *name = memchr(names, escape.at[0], sizeof names - 1);
		*ret_written = 1;
		out[0] = name ? meant[name - names] : '\0';
		return name ? 1 : 0;
	}
	int32_t unit = hex4(text_part(escape, 1, 4));
	if (unit < 0)
		return 0;
	uint32_t point = (uint32_t)unit;
	size_t taken = 5;
	if (point >= 0xD800 && point <= 0xDFFF) {
		int32_t low = text_starts_with(text_part(escape, 5, 2), T("\\u")) ? hex4(text_part(escape, 7, 4)) : -1;
		bool is_pair = point < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF;
		point = is_pair ? 0x10000 + ((point - 0xD800) << 10) + ((uint32_t)low - 0xDC00) : 0xFFFD;
		taken = is_pair ? 11 : 5;
	}
	*ret_written = put_utf8(out, point);
	return taken;
}

bool json_token_string(struct json_cursor *cursor, struct text *ret_string)
{
	if (!take(cursor, '"'))
		return false;
	bool escapes;
	size_t length = string_length(cursor->rest, &escapes);
	if (length == SIZE_MAX)
		return false;
	struct text raw = text_part(cursor->rest, 0, length);
	*ret_string = raw;
	if (escapes) {
		// No escape is shorter than what it stands for.
		char *plain = arena_take(cursor->arena, length);
		size_t written = 0;
		for (size_t i = 0; i < length;) {
			if (raw.at[i] != '\\') {
				plain[written++] = raw.at[i++];
				continue;
			}
			size_t step_written = 0;
			size_t taken = unescape(text_part(raw, i + 1, length), plain + written, &step_written);
			if (taken == 0)
				return false;
			i += 1 + taken;
			written += step_written;
		}
		*ret_string = (struct text){ plain, written };
	}
	skip(cursor, length + 1);
	return true;
}

bool json_token_open(struct json_cursor *cursor, char bracket)
{
	if (cursor->depth == LIMIT_NESTING || !take(cursor, bracket))
		return false;
	cursor->depth++;
	cursor->is_fresh = true;
	return true;
}

bool json_token_more(struct json_cursor *cursor, char bracket, bool *ok)
{
	if (!*ok)
		return false;
	bool is_first = cursor->is_fresh;
	cursor->is_fresh = false;
	if (take(cursor, bracket)) {
		cursor->depth--;
		return false;
	}
	*ok = is_first || take(cursor, ',');
	return *ok;
}

bool json_token_key(struct json_cursor *cursor, struct text *ret_key)
{
	return json_token_string(cursor, ret_key) && take(cursor, ':');
}

static bool skip_items(struct json_cursor *cursor)
{
	bool ok = json_token_open(cursor, '[');
	while (json_token_more(cursor, ']', &ok))
		ok = json_token_skip(cursor);
	return ok;
}

static bool skip_members(struct json_cursor *cursor)
{
	struct text key;
	bool ok = json_token_open(cursor, '{');
	while (json_token_more(cursor, '}', &ok))
		ok = json_token_key(cursor, &key) && json_token_skip(cursor);
	return ok;
}

bool json_token_skip(struct json_cursor *cursor)
{
	struct text ignored;
	switch (json_token_kind(cursor)) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
		return json_token_word(cursor);
	case JSON_NUMBER:
		return json_token_number(cursor, &ignored);
	case JSON_STRING:
		return json_token_string(cursor, &ignored);
	case JSON_ARRAY:
		return skip_items(cursor);
	case JSON_OBJECT:
		return skip_members(cursor);
	case JSON_NONE:
		break;
	}
	return false;
}

void json_token_write_string(struct text string, struct buffer *out)
{
	buffer_append_char(out, '"');
	size_t start = 0;
	for (size_t i = 0; i < string.length; i++) {
		char c = string.at[i];
		if ((unsigned char)c >= 0x20 && c != '"' && c != '\\')
			continue;
		buffer_append_text(out, text_part(string, start, i - start));
		if ((unsigned char)c < 0x20)
			buffer_print(out, "\\u%04x", (unsigned)c);
		else
			buffer_print(out, "\\%c", c);
		start = i + 1;
	}
	buffer_append_text(out, text_part(string, start, string.length));
	buffer_append_char(out, '"');
}
