// SPDX-License-Identifier: MPL-2.0
// A JSON object as our own reader (value/json_token.h) sees it, to hold jansson's against. Apart, because the names of
// that reader and of jansson are at odds.
#ifndef VNS_TESTS_FUZZ_JSON_WALK_H
#define VNS_TESTS_FUZZ_JSON_WALK_H

#include "base/arena.h"
#include "base/text.h"

enum json_opinion {
	JSON_WALK_BAD, // no JSON object
	JSON_WALK_ODD, // good JSON that jansson need not take: a name twice, a NUL, half a surrogate pair, a large
		       // number
	JSON_WALK_GOOD,
};

// A member of the object whose value is a text.
struct json_member {
	struct text name, value;
	struct json_member *next;
};

enum json_opinion json_walk(struct arena *arena, struct text content, struct json_member **ret_members);

#endif
