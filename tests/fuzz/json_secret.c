// SPDX-License-Identifier: MPL-2.0
// JSON with keys in it: jansson's reading held against our own reader of JSON, and whatever is given back to the heap
// searched for the secrets that were in it (the program is linked so that free() is the one below).
#include "aws/json_secret.h"

#include "aws/secret_heap.h"
#include "fuzz.h"
#include "json_walk.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST_SECRET = 8, LONGEST_SECRET = 256 };

// What must not stand in memory that is given back; empty: nothing is searched.
static struct {
	char bytes[LONGEST_SECRET];
	size_t length;
} watched;

void __real_free(void *bytes);
void __wrap_free(void *bytes);

void __wrap_free(void *bytes)
{
	bool found = bytes && watched.length &&
		     memmem(bytes, malloc_usable_size(bytes), watched.bytes, watched.length) != NULL;
	if (found)
		watched.length = 0;
	fuzz_check(!found, "a secret is left in memory that is given back");
	__real_free(bytes);
}

// Each text member is what our own reader has; the longest is the secret.
static void compare_members(struct arena *arena, const struct json_member *members, json_t *object)
{
	struct text secret = T("");
	for (const struct json_member *member = members; member; member = member->next) {
		const char *name = text_to_c_string(arena, member->name);
		fuzz_check(text_equal(json_secret_text(object, name), member->value), "%s is read as something else",
			   name);
		fuzz_check(member->value.length == 0 ||
				   text_equal(json_secret_text_any_case(object, name), member->value),
			   "%s is not found in the case that it has", name);
		if (member->value.length > secret.length && member->value.length <= LONGEST_SECRET)
			secret = member->value;
	}
	watched.length = 0;
	if (secret.length >= SHORTEST_SECRET) {
		memcpy(watched.bytes, secret.at, secret.length);
		watched.length = secret.length;
	}
}

// Read, written and let go once more, with an eye on what is given back.
static void check_wiped(struct text content)
{
	struct arena arena;
	arena_init(&arena, 0);
	json_t *object = json_secret_parse(&arena, content);
	json_t *copy = json_secret_object(&arena);
	json_malloc_t take;
	json_free_t give_back;
	json_get_alloc_funcs(&take, &give_back);
	fuzz_check(take == secret_heap_take && give_back == secret_heap_give_back, "jansson's memory is not wiped");
	fuzz_check(object && copy, "what was read once is refused the next time");
	(void)json_secret_set(copy, "a", (struct text){ watched.bytes, watched.length });
	arena_free(&arena);
	watched.length = 0;
}

static void check(struct call *call, void *argument)
{
	struct text content = choices_rest(argument);
	struct json_member *members;
	enum json_opinion opinion = json_walk(call->arena, content, &members);
	json_t *object = json_secret_parse(call->arena, content);
	fuzz_check(!object || opinion != JSON_WALK_BAD, "what is no JSON object is taken");
	fuzz_check(object || opinion != JSON_WALK_GOOD, "a good object is refused");
	if (!object)
		return;
	compare_members(call->arena, members, object);
	struct text printed = json_secret_print(call->arena, object);
	json_t *again = json_secret_parse(call->arena, printed);
	fuzz_check(again && json_equal(object, again), "what was written reads as something else: %.*s",
		   TEXT_ARG(printed));
	if (watched.length)
		check_wiped(content);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	watched.length = 0;
	fuzz_run(check, &choices, size);
	return 0;
}
