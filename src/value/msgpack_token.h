// SPDX-License-Identifier: MPL-2.0
// MessagePack's formats, one token at a time, out of bytes that nobody vouches for. msgpack-c, which writes
// (msgpack.c), does not read: it takes memory for as many items as a header claims before it has seen one (eleven bytes
// make it take 4 GB), nests 32 deep at most, and keeps its tree on the heap, beyond the call's ceiling.
#ifndef VNS_VALUE_MSGPACK_TOKEN_H
#define VNS_VALUE_MSGPACK_TOKEN_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum msgpack_kind {
	TOKEN_CUT, // the bytes end inside the token
	TOKEN_BAD, // no token starts with this byte
	TOKEN_NIL,
	TOKEN_BOOL,
	TOKEN_INTEGER,
	TOKEN_UNSIGNED, // beyond int64
	TOKEN_DOUBLE,
	TOKEN_STRING,
	TOKEN_BINARY,
	TOKEN_EXTENSION,
	TOKEN_ARRAY,
	TOKEN_MAP,
};

struct msgpack_token {
	enum msgpack_kind kind;
	bool boolean;
	int64_t integer;
	uint64_t whole; // of an unsigned
	double real;
	struct text body; // of a string, binary or extension: a view
	int8_t extension;
	size_t count; // items of an array, pairs of a map; there are bytes enough for that many to be possible
};

// Takes one token off the front of *rest. For an array or map that is its head: the items follow.
struct msgpack_token msgpack_token_take(struct text *rest);
// "a string", "a map", ...: for messages.
const char *msgpack_token_name(enum msgpack_kind kind);

#endif
