// SPDX-License-Identifier: MPL-2.0
// Values as messages show them. Whatever the value, the text stays short: it stands in the middle of a sentence.
#include "value/number.h"
#include "value/value.h"

#include <stdio.h>
#include <string.h>

// About as much as a person reads; what is longer ends in "...".
#define PRINT_BYTES 200
// Of a number: longer ones have an exponent, and no more significant digits than this.
#define PRINT_NUMBER_BYTES 40
#define PRINT_DIGITS       20

struct printer {
	char bytes[PRINT_BYTES];
	size_t length;
	bool is_cut;
};

static void put(struct printer *printer, struct text view)
{
	size_t room = sizeof printer->bytes - printer->length;
	if (printer->is_cut)
		return;
	if (view.length > room) {
		printer->is_cut = true;
		view = text_part(view, 0, room);
		view.length = text_utf8_prefix(view); // no half characters
	}
	if (view.length)
		memcpy(printer->bytes + printer->length, view.at, view.length);
	printer->length += view.length;
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7F;
}

static void put_escape(struct printer *printer, char c)
{
	static const char plain[] = "\"\\\n\t\r", escaped[] = "\"\\ntr";
	const char *at = memchr(plain, c, sizeof plain - 1);
	char code[8] = { '\\', at ? escaped[at - plain] : '\0' };
	if (!at)
		(void)snprintf(code, sizeof code, "\\u%04x", (unsigned)c);
	put(printer, text_of(code));
}

// In quotes, as in a configuration. Nothing in it reaches a terminal that is not to be seen.
static void put_string(struct printer *printer, struct text string)
{
	put(printer, T("\""));
	size_t start = 0;
	for (size_t i = 0; i < string.length && !printer->is_cut; i++) {
		const char c = string.at[i];
		if (c != '"' && c != '\\' && !is_control(c))
			continue;
		put(printer, text_part(string, start, i - start));
		put_escape(printer, c);
		start = i + 1;
	}
	put(printer, text_part(string, start, string.length));
	put(printer, T("\""));
}

// 1.25e-400, of a number's spelling that is not "0".
static void put_with_exponent(struct printer *printer, struct text spelled)
{
	if (spelled.at[0] == '-') {
		put(printer, T("-"));
		spelled = text_part(spelled, 1, spelled.length);
	}
	const size_t found = text_find_char(spelled, '.');
	const size_t point = found == SIZE_MAX ? spelled.length : found;
	size_t first = 0, end = spelled.length;
	while (first < end && (spelled.at[first] == '0' || spelled.at[first] == '.'))
		first++;
	while (end > first && spelled.at[end - 1] == '0') // of a whole number: fractions end with another digit
		end--;
	char more[PRINT_DIGITS - 1] = { 0 }; // digits after the first
	size_t count = 0, i = first + 1;
	for (; i < end && count < sizeof more; i++) {
		if (i != point)
			more[count++] = spelled.at[i];
	}
	const long long exponent = (long long)point - (long long)first - (first < point);
	char rest[PRINT_NUMBER_BYTES + 32];
	(void)snprintf(rest, sizeof rest, "%s%.*s%se%lld", count > 0 ? "." : "", (int)count, more, i < end ? "..." : "",
		       exponent);
	put(printer, text_part(spelled, first, 1));
	put(printer, text_of(rest));
}

static void put_number(struct arena *arena, struct printer *printer, const struct number *number)
{
	const struct text spelled = number_print(arena, number);
	if (spelled.length > PRINT_NUMBER_BYTES)
		put_with_exponent(printer, spelled);
	else
		put(printer, spelled);
}

static void put_value(struct arena *arena, struct printer *printer, const struct value *value, bool is_inner);

static void put_items(struct arena *arena, struct printer *printer, const struct value *list)
{
	put(printer, T("["));
	for (size_t i = 0; i < list->count && !printer->is_cut; i++) {
		if (i > 0)
			put(printer, T(", "));
		put_value(arena, printer, &list->items[i], true);
	}
	put(printer, T("]"));
}

static void put_members(struct arena *arena, struct printer *printer, const struct value *value)
{
	put(printer, T("{ "));
	for (size_t i = 0; i < value->count && !printer->is_cut; i++) {
		if (i > 0)
			put(printer, T(", "));
		put(printer, value->type->kind == TYPE_MAP ? value->keys[i] : value->type->fields[i].name);
		put(printer, T(" = "));
		put_value(arena, printer, &value->items[i], true);
	}
	put(printer, T(" }"));
}

static void put_container(struct arena *arena, struct printer *printer, const struct value *value, bool is_inner)
{
	bool has_names = value->type->kind == TYPE_MAP || value->type->kind == TYPE_OBJECT;
	if (value->count == 0)
		put(printer, has_names ? T("{}") : T("[]"));
	else if (is_inner)
		put(printer, has_names ? T("{...}") : T("[...]"));
	else if (has_names)
		put_members(arena, printer, value);
	else
		put_items(arena, printer, value);
}

static void put_value(struct arena *arena, struct printer *printer, const struct value *value, bool is_inner)
{
	if (value_is_null(value))
		put(printer, T("null"));
	else if (value_is_unknown(value))
		put(printer, T("(known after apply)"));
	else if (value_holds_items(value))
		put_container(arena, printer, value, is_inner);
	else if (value->type->kind == TYPE_STRING)
		put_string(printer, value->string);
	else if (value->type->kind == TYPE_NUMBER)
		put_number(arena, printer, &value->number);
	else
		put(printer, value->boolean ? T("true") : T("false"));
}

struct text value_print(struct arena *arena, const struct value *value)
{
	struct printer printer = { .length = 0 };
	put_value(arena, &printer, value, false);
	struct text printed = { printer.bytes, printer.length };
	return printer.is_cut ? text_print(arena, "%.*s...", TEXT_ARG(printed)) : text_copy(arena, printed);
}
