// SPDX-License-Identifier: MPL-2.0
#include "aws/home_path.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static const size_t user_entry_bytes = (size_t)16 * 1024;

// Of the user that the program runs as, in /etc/passwd: a static program cannot ask the system's name services.
static struct text registered_home(struct arena *arena)
{
	struct passwd entry = { .pw_name = NULL };
	struct passwd *found = NULL;
	char *room = arena_take(arena, user_entry_bytes);
	FILE *file = fopen("/etc/passwd", "re");
	if (!file)
		return T("");
	while (fgetpwent_r(file, &entry, room, user_entry_bytes, &found) == 0 && found->pw_uid != geteuid())
		continue;
	(void)fclose(file);
	return found ? text_of(found->pw_dir) : T("");
}

// The home directory: HOME, else the user's own; empty when neither is known.
static struct text home_path(struct arena *arena, const struct environment *environment)
{
	const struct text named = environment_get(environment, "HOME");
	return named.length || environment->variables ? named : registered_home(arena);
}

struct text home_path_of(struct arena *arena, const struct environment *environment, struct text below)
{
	const struct text home = home_path(arena, environment);
	return home.length ? text_print(arena, "%.*s/%.*s", TEXT_ARG(home), TEXT_ARG(below)) : T("");
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The name after a '$' off the front; empty when there is none, and then nothing is taken.
static struct text take_name(struct text *rest)
{
	const bool braced = rest->length && rest->at[0] == '{';
	size_t end = braced ? 1 : 0;
	while (end < rest->length && is_name_char(rest->at[end]))
		end++;
	const struct text name = text_part(*rest, braced, end - braced);
	if (name.length == 0 || (braced && (end == rest->length || rest->at[end] != '}')))
		return T("");
	*rest = text_part(*rest, end + braced, rest->length);
	return name;
}

struct text home_path_expand(struct arena *arena, const struct environment *environment, struct text path)
{
	struct text all = T("");
	struct text rest = path;
	while (rest.length) {
		size_t dollar = text_find_char(rest, '$');
		if (dollar == SIZE_MAX)
			dollar = rest.length;
		struct text after = text_part(rest, dollar + 1, rest.length);
		const struct text name = take_name(&after);
		const bool is_variable = name.length > 0;
		const size_t plain = is_variable || dollar == rest.length ? dollar : dollar + 1;
		const struct text value =
			is_variable ? environment_get(environment, text_to_c_string(arena, name)) : T("");
		all = text_print(arena, "%.*s%.*s%.*s", TEXT_ARG(all), TEXT_ARG(text_part(rest, 0, plain)),
				 TEXT_ARG(value));
		rest = after;
	}
	if (text_equal(all, T("~")) || text_starts_with(all, T("~/"))) {
		const struct text home = home_path(arena, environment);
		return text_print(arena, "%.*s%.*s", TEXT_ARG(home), TEXT_ARG(text_part(all, 1, all.length)));
	}
	return all;
}
