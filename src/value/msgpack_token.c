// SPDX-License-Identifier: MPL-2.0
#include "value/msgpack_token.h"

#include <string.h>

// What follows a first byte from 0xc0 to 0xdf.
enum form {
	FORM_NONE, // the byte stands for nothing
	FORM_NIL,
	FORM_FALSE,
	FORM_TRUE,
	FORM_UNSIGNED, // `width` bytes of number
	FORM_SIGNED,
	FORM_FLOAT,
	FORM_STRING, // `width` bytes of length, then the body
	FORM_BINARY,
	FORM_EXTENSION,       // `width` bytes of length, the code, then the body
	FORM_FIXED_EXTENSION, // the code, then `width` bytes of body
	FORM_ARRAY,           // `width` bytes of count
	FORM_MAP,
};

static const struct {
	enum form form;
	size_t width;
} heads[32] = {
	[0x00] = { FORM_NIL, 0 },
	[0x01] = { FORM_NONE, 0 },
	[0x02] = { FORM_FALSE, 0 },
	[0x03] = { FORM_TRUE, 0 },
	[0x04] = { FORM_BINARY, 1 },
	[0x05] = { FORM_BINARY, 2 },
	[0x06] = { FORM_BINARY, 4 },
	[0x07] = { FORM_EXTENSION, 1 },
	[0x08] = { FORM_EXTENSION, 2 },
	[0x09] = { FORM_EXTENSION, 4 },
	[0x0A] = { FORM_FLOAT, 4 },
	[0x0B] = { FORM_FLOAT, 8 },
	[0x0C] = { FORM_UNSIGNED, 1 },
	[0x0D] = { FORM_UNSIGNED, 2 },
	[0x0E] = { FORM_UNSIGNED, 4 },
	[0x0F] = { FORM_UNSIGNED, 8 },
	[0x10] = { FORM_SIGNED, 1 },
	[0x11] = { FORM_SIGNED, 2 },
	[0x12] = { FORM_SIGNED, 4 },
	[0x13] = { FORM_SIGNED, 8 },
	[0x14] = { FORM_FIXED_EXTENSION, 1 },
	[0x15] = { FORM_FIXED_EXTENSION, 2 },
	[0x16] = { FORM_FIXED_EXTENSION, 4 },
	[0x17] = { FORM_FIXED_EXTENSION, 8 },
	[0x18] = { FORM_FIXED_EXTENSION, 16 },
	[0x19] = { FORM_STRING, 1 },
	[0x1A] = { FORM_STRING, 2 },
	[0x1B] = { FORM_STRING, 4 },
	[0x1C] = { FORM_ARRAY, 2 },
	[0x1D] = { FORM_ARRAY, 4 },
	[0x1E] = { FORM_MAP, 2 },
	[0x1F] = { FORM_MAP, 4 },
};

static const struct msgpack_token cut = { .kind = TOKEN_CUT };

static bool take_bytes(struct text *rest, uint64_t length, struct text *ret_bytes)
{
	if (length > rest->length)
		return false;
	*ret_bytes = text_part(*rest, 0, (size_t)length);
	*rest = text_part(*rest, (size_t)length, rest->length);
	return true;
}

// Big-endian, up to 8 bytes.
static bool take_number(struct text *rest, size_t width, uint64_t *ret_number)
{
	struct text bytes;
	if (!take_bytes(rest, width, &bytes))
		return false;
	*ret_number = 0;
	for (size_t i = 0; i < width; i++)
		*ret_number = *ret_number << 8 | (unsigned char)bytes.at[i];
	return true;
}

static struct msgpack_token body_token(struct text *rest, enum msgpack_kind kind, uint64_t length)
{
	struct msgpack_token token = { .kind = kind };
	uint64_t code = 0;
	if (kind == TOKEN_EXTENSION && !take_number(rest, 1, &code))
		return cut;
	token.extension = (int8_t)(uint8_t)code;
	return take_bytes(rest, length, &token.body) ? token : cut;
}

// Every item takes a byte at least, so a count that the rest cannot hold is a lie (or a cut), and nobody allocates for
// it.
static struct msgpack_token items_token(const struct text *rest, enum msgpack_kind kind, uint64_t count)
{
	uint64_t possible = kind == TOKEN_MAP ? rest->length / 2 : rest->length;
	return count > possible ? cut : (struct msgpack_token){ .kind = kind, .count = (size_t)count };
}

static struct msgpack_token integer_token(int64_t integer)
{
	return (struct msgpack_token){ .kind = TOKEN_INTEGER, .integer = integer };
}

static struct msgpack_token unsigned_token(uint64_t whole)
{
	return whole <= INT64_MAX ? integer_token((int64_t)whole)
				  : (struct msgpack_token){ .kind = TOKEN_UNSIGNED, .whole = whole };
}

static struct msgpack_token signed_token(uint64_t bits, size_t width)
{
	size_t shift = 64 - 8 * width;
	int64_t wide;
	// No form has a width of 0. NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign)
	bits <<= shift;
	memcpy(&wide, &bits, sizeof wide);
	return integer_token(wide / (INT64_C(1) << shift));
}

static struct msgpack_token float_token(uint64_t bits, size_t width)
{
	struct msgpack_token token = { .kind = TOKEN_DOUBLE };
	if (width == 8) {
		memcpy(&token.real, &bits, sizeof token.real);
	} else {
		uint32_t half = (uint32_t)bits;
		float single;
		memcpy(&single, &half, sizeof single);
		token.real = (double)single;
	}
	return token;
}

static struct msgpack_token headed_token(struct text *rest, enum form form, size_t width)
{
	uint64_t number = width;
	if (form != FORM_FIXED_EXTENSION && !take_number(rest, width, &number))
		return cut;
	switch (form) {
	case FORM_NIL:
		return (struct msgpack_token){ .kind = TOKEN_NIL };
	case FORM_FALSE:
	case FORM_TRUE:
		return (struct msgpack_token){ .kind = TOKEN_BOOL, .boolean = form == FORM_TRUE };
	case FORM_UNSIGNED:
		return unsigned_token(number);
	case FORM_SIGNED:
		return signed_token(number, width);
	case FORM_FLOAT:
		return float_token(number, width);
	case FORM_STRING:
		return body_token(rest, TOKEN_STRING, number);
	case FORM_BINARY:
		return body_token(rest, TOKEN_BINARY, number);
	case FORM_EXTENSION:
	case FORM_FIXED_EXTENSION:
		return body_token(rest, TOKEN_EXTENSION, number);
	case FORM_ARRAY:
		return items_token(rest, TOKEN_ARRAY, number);
	case FORM_MAP:
		return items_token(rest, TOKEN_MAP, number);
	case FORM_NONE:
		break;
	}
	return (struct msgpack_token){ .kind = TOKEN_BAD };
}

struct msgpack_token msgpack_token_take(struct text *rest)
{
	uint64_t first;
	if (!take_number(rest, 1, &first))
		return cut;
	if (first < 0x80)
		return integer_token((int64_t)first);
	if (first < 0x90)
		return items_token(rest, TOKEN_MAP, first & 0x0F);
	if (first < 0xA0)
		return items_token(rest, TOKEN_ARRAY, first & 0x0F);
	if (first < 0xC0)
		return body_token(rest, TOKEN_STRING, first & 0x1F);
	if (first < 0xE0)
		return headed_token(rest, heads[first - 0xC0].form, heads[first - 0xC0].width);
	return integer_token((int64_t)first - 0x100);
}

const char *msgpack_token_name(enum msgpack_kind kind)
{
	static const char *const names[] = {
		[TOKEN_CUT] = "nothing",          [TOKEN_BAD] = "no value",     [TOKEN_NIL] = "null",
		[TOKEN_BOOL] = "a bool",          [TOKEN_INTEGER] = "a number", [TOKEN_UNSIGNED] = "a number",
		[TOKEN_DOUBLE] = "a number",      [TOKEN_STRING] = "a string",  [TOKEN_BINARY] = "bytes",
		[TOKEN_EXTENSION] = "an unknown", [TOKEN_ARRAY] = "an array",   [TOKEN_MAP] = "a map",
	};
	return names[kind];
}
