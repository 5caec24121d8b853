// SPDX-License-Identifier: MPL-2.0
// JSON's grammar, one token at a time. Written here because jansson reads numbers into int64 or double, and Terraform's
// numbers are longer than either; and because a reader that takes from the arena alone keeps the call's ceiling and its
// one door out of memory (base/arena.h).
#ifndef VNS_VALUE_JSON_TOKEN_H
#define VNS_VALUE_JSON_TOKEN_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>

enum json_kind {
	JSON_NONE, // no value starts here
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

// A place in a JSON text. A failing function leaves `rest` near the fault.
struct json_cursor {
	struct arena *arena; // of strings that had escapes; the others are views
	struct text rest;
	int depth;     // open arrays and objects; at most LIMIT_NESTING
	bool is_fresh; // an array or object was just opened: no comma comes before its first item
};

// False when the text is not UTF-8.
bool json_token_start(struct arena *arena, struct text json, struct json_cursor *ret_cursor);
bool json_token_at_end(struct json_cursor *cursor); // only blanks follow

// What the next value is, by its first character.
enum json_kind json_token_kind(struct json_cursor *cursor);
bool json_token_word(struct json_cursor *cursor); // null, false or true, as json_token_kind said
bool json_token_number(struct json_cursor *cursor, struct text *ret_number);
bool json_token_string(struct json_cursor *cursor, struct text *ret_string);
bool json_token_skip(struct json_cursor *cursor); // a value of any kind

// bool ok = json_token_open(&cursor, '[');
// while (json_token_more(&cursor, ']', &ok))
//         ok = read_an_item(&cursor);
// The loop ends with `ok` true behind the closing bracket, or with `ok` false at a fault.
bool json_token_open(struct json_cursor *cursor, char bracket);
bool json_token_more(struct json_cursor *cursor, char bracket, bool *ok);
bool json_token_key(struct json_cursor *cursor, struct text *ret_key); // and its colon

// Appends a string in quotes.
void json_token_write_string(struct text string, struct buffer *out);

#endif
