// SPDX-License-Identifier: MPL-2.0
#include "form.h"

#include "aws/percent.h"

#include <stdint.h>
#include <string.h>

// What XML cannot carry is no part of an answer; two noncharacters are refused where the whole text is known.
static bool is_printable(char c)
{
	const unsigned char byte = (unsigned char)c;
	return byte >= 0x20 || c == '\t' || c == '\n' || c == '\r';
}

static bool decode(struct arena *arena, struct text encoded, struct text *ret_decoded)
{
	char *blanks = text_to_c_string(arena, encoded);
	size_t escapes = 0;
	for (size_t i = 0; i < encoded.length; i++) {
		escapes += blanks[i] == '%';
		if (blanks[i] == '+')
			blanks[i] = ' ';
	}
	char *out = arena_take(arena, encoded.length + 1);
	const size_t length = (size_t)(percent_decode(out, (struct text){ blanks, encoded.length }) - out);
	if (length + 2 * escapes != encoded.length) // one was none
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!is_printable(out[i]))
			return false;
	}
	*ret_decoded = (struct text){ out, length };
	return text_utf8_prefix(*ret_decoded) == length && !strstr(out, "\xEF\xBF\xBE") && !strstr(out, "\xEF\xBF\xBF");
}

static size_t count_pairs(struct text body)
{
	size_t count = 1;
	for (size_t i = 0; i < body.length; i++)
		count += body.at[i] == '&';
	return count;
}

bool form_parse(struct arena *arena, struct text body, struct form *ret_form)
{
	*ret_form = (struct form){ ARENA_ARRAY(arena, struct form_pair, count_pairs(body)), 0 };
	struct text part = { 0 };
	while (text_take_until(&body, '&', &part)) {
		if (part.length == 0)
			continue;
		const size_t equals = text_find_char(part, '=');
		struct form_pair *pair = &ret_form->pairs[ret_form->count++];
		const struct text value = equals == SIZE_MAX ? T("") : text_part(part, equals + 1, part.length);
		if (!decode(arena, text_part(part, 0, equals), &pair->name) || !decode(arena, value, &pair->value))
			return false;
	}
	return true;
}

struct text form_find(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (text_equal(form->pairs[i].name, text_of(name)))
			return form->pairs[i].value;
	}
	return T("");
}
