// SPDX-License-Identifier: MPL-2.0
#include "scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_LENGTH = sizeof "TMPDIR=" - 1 };

// What was made, the newest first.
static struct made {
	char variable[SCRATCH_SIZE];
	struct made *earlier;
} * newest;

static void remove_all(void)
{
	while (newest) {
		struct made *made = newest;
		newest = made->earlier;
		scratch_remove(made->variable);
		free(made);
	}
}

void scratch_make(char ret_variable[SCRATCH_SIZE])
{
	static const char form[] = "TMPDIR=/tmp/vns-child-XXXXXX";
	_Static_assert(sizeof form <= SCRATCH_SIZE, "the variable does not fit");
	struct made *made = calloc(1, sizeof *made);
	memcpy(ret_variable, form, sizeof form);
	if (!made || !mkdtemp(ret_variable + NAME_LENGTH) || (!newest && atexit(remove_all) != 0))
		abort();
	memcpy(made->variable, ret_variable, sizeof form);
	made->earlier = newest;
	newest = made;
}

// Counts the files, and removes them if wanted.
static int visit(const char *path, bool remove)
{
	int count = 0;
	DIR *folder = opendir(path);
	if (!folder)
		return 0;
	// cppcheck-suppress readdirCalled ; one thread reads one directory
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		count++;
		if (remove)
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	}
	(void)closedir(folder);
	return count;
}

void scratch_remove(const char *variable)
{
	if (!*variable)
		return;
	const char *path = variable + NAME_LENGTH;
	(void)visit(path, true);
	(void)rmdir(path);
}

int scratch_count(const char *variable)
{
	return visit(variable + NAME_LENGTH, false);
}
