// SPDX-License-Identifier: MPL-2.0
// The only file that calls jansson. jansson's functions for memory are the process's, so they are set once.
#include "aws/json_secret.h"

#include "aws/secret_heap.h"
#include "base/limits.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_functions(void)
{
	json_set_alloc_funcs(secret_heap_take, secret_heap_give_back);
}

static void let_go(void *object)
{
	json_decref(object);
}

// jansson goes down to 2048 levels, by recursion, and passes over a NUL behind a number; so what is deeper than
// anything of AWS, or has a NUL, is not given to it.
static bool is_sound(struct text content)
{
	size_t depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < content.length; i++) {
		const char c = content.at[i];
		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			depth++;
		else if (!in_string && depth && (c == '}' || c == ']'))
			depth--;
		if (depth > LIMIT_NESTING || c == '\0')
			return false;
	}
	return true;
}

json_t *json_secret_parse(struct arena *arena, struct text content)
{
	(void)pthread_once(&once, set_functions);
	if (!is_sound(content))
		return NULL;
	json_error_t error;
	json_t *object = json_loadb(content.length ? content.at : "", content.length, JSON_REJECT_DUPLICATES, &error);
	explicit_bzero(&error, sizeof error); // it may quote the content
	if (object)
		arena_on_free(arena, let_go, object);
	return json_is_object(object) ? object : NULL;
}

static struct text text_of_json(const json_t *value)
{
	return json_is_string(value) ? (struct text){ json_string_value(value), json_string_length(value) } : T("");
}

struct text json_secret_text(const json_t *object, const char *name)
{
	return text_of_json(json_object_get(object, name));
}

struct text json_secret_text_any_case(json_t *object, const char *name)
{
	const struct text exact = json_secret_text(object, name);
	if (exact.length)
		return exact;
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		if (strcasecmp(json_object_iter_key(at), name) == 0)
			return text_of_json(json_object_iter_value(at));
	}
	return T("");
}

bool json_secret_number(const json_t *object, const char *name, int64_t *ret_number)
{
	const json_t *value = json_object_get(object, name);
	if (!json_is_integer(value))
		return false;
	*ret_number = json_integer_value(value);
	return true;
}

json_t *json_secret_object(struct arena *arena)
{
	(void)pthread_once(&once, set_functions);
	json_t *object = json_object();
	if (object)
		arena_on_free(arena, let_go, object);
	return object;
}

bool json_secret_set(json_t *object, const char *name, struct text value)
{
	return json_object_set_new(object, name, json_stringn(value.at, value.length)) == 0;
}

struct text json_secret_print(struct arena *arena, const json_t *object)
{
	const size_t length = json_dumpb(object, NULL, 0, JSON_COMPACT);
	char *bytes = arena_take(arena, length);
	if (length == 0 || json_dumpb(object, bytes, length, JSON_COMPACT) != length)
		return T("");
	return (struct text){ bytes, length };
}
