// SPDX-License-Identifier: MPL-2.0
#include "plugin/socket_file.h"

#include "base/random.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME_PREFIX "vns-plugin-"

enum { MOST_FILES = 1024 };

struct text socket_file_name(struct arena *arena)
{
	const struct text token = random_token(arena);
	return text_print(arena, NAME_PREFIX "%.*s", TEXT_ARG(token));
}

// The kernel knows the names, and each says by its beginning that it is one of ours.
void socket_file_remove_all(void)
{
	for (int fd = 0; fd < MOST_FILES; fd++) {
		struct sockaddr_un address = { .sun_family = AF_UNSPEC };
		socklen_t size = sizeof address - 1; // so that a NUL ends the path
		if (getsockname(fd, (struct sockaddr *)&address, &size) != 0 || address.sun_family != AF_UNIX)
			continue;
		const char *name = strrchr(address.sun_path, '/');
		if (name && text_starts_with(text_of(name), T("/" NAME_PREFIX)))
			(void)unlink(address.sun_path);
	}
}
