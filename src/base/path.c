// SPDX-License-Identifier: MPL-2.0
#include "base/path.h"

#include "base/arena.h"

#include <stddef.h>

struct path path_attribute(const struct path *parent, struct text name)
{
	return (struct path){ .parent = parent, .kind = PATH_ATTRIBUTE, .name = name };
}

struct path path_key(const struct path *parent, struct text key)
{
	return (struct path){ .parent = parent, .kind = PATH_KEY, .name = key };
}

struct path path_index(const struct path *parent, int64_t index)
{
	return (struct path){ .parent = parent, .kind = PATH_INDEX, .index = index };
}

const struct path *path_copy(struct arena *arena, const struct path *path)
{
	const struct path *first = NULL;
	struct path *below = NULL;
	for (; path; path = path->parent) {
		struct path *step = ARENA_NEW(arena, struct path);
		*step = *path;
		step->name = text_copy(arena, path->name);
		step->parent = NULL;
		if (below)
			below->parent = step;
		else
			first = step;
		below = step;
	}
	return first;
}

struct text path_print(struct arena *arena, const struct path *path)
{
	if (!path)
		return T("");
	struct text before = path_print(arena, path->parent);
	switch (path->kind) {
	case PATH_KEY:
		return text_print(arena, "%.*s[\"%.*s\"]", TEXT_ARG(before), TEXT_ARG(path->name));
	case PATH_INDEX:
		return text_print(arena, "%.*s[%lld]", TEXT_ARG(before), (long long)path->index);
	case PATH_ATTRIBUTE:
		break;
	}
	return text_print(arena, "%.*s%s%.*s", TEXT_ARG(before), path->parent ? "." : "", TEXT_ARG(path->name));
}

struct text path_sentence(struct arena *arena, const struct path *path, const char *format, va_list arguments)
{
	struct text place = path_print(arena, path);
	struct text sentence = arena_print(arena, format, arguments);
	return text_print(arena, "%.*s%s%.*s", TEXT_ARG(place), path ? ": " : "", TEXT_ARG(sentence));
}

const struct path *path_shown(const struct path *path)
{
	const struct path *shown = path;
	for (const struct path *step = path; step; step = step->parent) {
		if (step->kind == PATH_KEY)
			shown = step->parent;
	}
	return shown;
}
