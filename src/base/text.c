// SPDX-License-Identifier: MPL-2.0
#include "base/text.h"

#include "base/arena.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const size_t longest_label = 63;

struct text text_of(const char *c_string)
{
	return (struct text){ c_string, c_string ? strlen(c_string) : 0 };
}

int text_print_length(struct text view)
{
	return view.length > INT_MAX ? INT_MAX : (int)view.length;
}

bool text_equal(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

static char lower_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool text_equal_ignore_case(struct text a, struct text b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++) {
		if (lower_char(a.at[i]) != lower_char(b.at[i]))
			return false;
	}
	return true;
}

int text_compare(struct text a, struct text b)
{
	size_t shared = a.length < b.length ? a.length : b.length;
	int order = shared ? memcmp(a.at, b.at, shared) : 0;
	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

bool text_starts_with(struct text whole, struct text prefix)
{
	return whole.length >= prefix.length && text_equal(text_part(whole, 0, prefix.length), prefix);
}

bool text_ends_with(struct text whole, struct text suffix)
{
	return whole.length >= suffix.length &&
	       text_equal(text_part(whole, whole.length - suffix.length, suffix.length), suffix);
}

size_t text_find(struct text whole, struct text part)
{
	if (part.length == 0)
		return 0;
	for (size_t i = 0; i + part.length <= whole.length; i++) {
		if (memcmp(whole.at + i, part.at, part.length) == 0)
			return i;
	}
	return SIZE_MAX;
}

size_t text_find_char(struct text whole, char wanted)
{
	const char *found = whole.length ? memchr(whole.at, wanted, whole.length) : NULL;
	return found ? (size_t)(found - whole.at) : SIZE_MAX;
}

struct text text_part(struct text whole, size_t start, size_t length)
{
	if (start >= whole.length)
		return (struct text){ whole.at, 0 };
	size_t left = whole.length - start;
	return (struct text){ whole.at + start, length < left ? length : left };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

struct text text_trim(struct text whole)
{
	while (whole.length && is_blank(whole.at[0]))
		whole = text_part(whole, 1, whole.length);
	while (whole.length && is_blank(whole.at[whole.length - 1]))
		whole.length--;
	return whole;
}

bool text_is_visible(struct text view)
{
	size_t visible = 0;
	while (visible < view.length && view.at[visible] > ' ' && view.at[visible] <= '~')
		visible++;
	return visible == view.length;
}

bool text_is_label(struct text view)
{
	static const struct text characters = TEXT("abcdefghijklmnopqrstuvwxyz0123456789-");
	size_t good = 0;
	while (good < view.length && text_find_char(characters, view.at[good]) != SIZE_MAX)
		good++;
	return good == view.length && good > 0 && good <= longest_label && view.at[0] != '-' &&
	       view.at[good - 1] != '-';
}

bool text_take_until(struct text *rest, char separator, struct text *ret_part)
{
	if (!rest->at || rest->length == 0)
		return false;
	size_t end = text_find_char(*rest, separator);
	if (end == SIZE_MAX) {
		*ret_part = *rest;
		*rest = (struct text){ NULL, 0 };
		return true;
	}
	*ret_part = text_part(*rest, 0, end);
	*rest = text_part(*rest, end + 1, rest->length);
	return true;
}

bool text_to_int64(struct text digits, int64_t *ret_number)
{
	bool negative = digits.length && digits.at[0] == '-';
	uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
	uint64_t sum = 0;
	size_t i = negative ? 1 : 0;
	if (i == digits.length)
		return false;
	for (; i < digits.length; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		uint64_t digit = (uint64_t)(digits.at[i] - '0');
		if (sum > (limit - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	*ret_number = negative ? (int64_t)(0 - sum) : (int64_t)sum;
	return true;
}

struct text text_copy(struct arena *arena, struct text view)
{
	return (struct text){ text_to_c_string(arena, view), view.length };
}

char *text_to_c_string(struct arena *arena, struct text view)
{
	char *copy = arena_take(arena, view.length + 1);
	if (view.length)
		memcpy(copy, view.at, view.length);
	return copy;
}

struct text text_print(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	struct text printed = arena_print(arena, format, arguments);
	va_end(arguments);
	return printed;
}

struct text text_lower(struct arena *arena, struct text view)
{
	char *copy = text_to_c_string(arena, view);
	for (size_t i = 0; i < view.length; i++)
		copy[i] = lower_char(copy[i]);
	return (struct text){ copy, view.length };
}

// How many bytes at the front are ASCII: most are, so they are looked at in eights.
static size_t ascii_run(const char *at, size_t length)
{
	static const uint64_t above_ascii = UINT64_C(0x8080808080808080);
	size_t run = 0;
	for (uint64_t eight = 0; length - run >= sizeof eight; run += sizeof eight) {
		memcpy(&eight, at + run, sizeof eight);
		if (eight & above_ascii)
			break;
	}
	while (run < length && (unsigned char)at[run] < 0x80)
		run++;
	return run;
}

// Length in bytes of the well-formed character beyond ASCII at the front (Unicode 15, table 3-7), 0 if there is none.
static size_t utf8_character(const unsigned char *at, size_t left)
{
	static const struct {
		unsigned char first_low, first_high, second_low, second_high, length;
	} forms[] = {
		{ 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 }, { 0xE1, 0xEC, 0x80, 0xBF, 3 },
		{ 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 }, { 0xF0, 0xF0, 0x90, 0xBF, 4 },
		{ 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 },
	};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (at[0] < forms[i].first_low || at[0] > forms[i].first_high)
			continue;
		if (forms[i].length > left || at[1] < forms[i].second_low || at[1] > forms[i].second_high)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++) {
			if (at[k] < 0x80 || at[k] > 0xBF)
				return 0;
		}
		return forms[i].length;
	}
	return 0;
}

size_t text_utf8_prefix(struct text view)
{
	size_t good = 0;
	while (good < view.length) {
		good += ascii_run(view.at + good, view.length - good);
		if (good == view.length)
			break;
		size_t step = utf8_character((const unsigned char *)view.at + good, view.length - good);
		if (step == 0)
			break;
		good += step;
	}
	return good;
}

struct text text_utf8_repair(struct arena *arena, struct text view)
{
	size_t good = text_utf8_prefix(view);
	if (good == view.length)
		return view;
	char *repaired = arena_take_array(arena, view.length + 1, 3);
	size_t written = 0;
	while (view.length) {
		if (good)
			memcpy(repaired + written, view.at, good);
		written += good;
		view = text_part(view, good, view.length);
		if (view.length) {
			memcpy(repaired + written, "\xEF\xBF\xBD", 3);
			written += 3;
			view = text_part(view, 1, view.length);
		}
		good = text_utf8_prefix(view);
	}
	return (struct text){ repaired, written };
}
