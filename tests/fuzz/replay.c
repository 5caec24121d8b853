// SPDX-License-Identifier: MPL-2.0
// The main function of a fuzz target that is an ordinary test: replay FILE|DIRECTORY... gives it every file.
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat about;
	if (!file || fstat(fileno(file), &about) != 0) {
		(void)fprintf(stderr, "%s cannot be read\n", path);
		return false;
	}
	size_t size = (size_t)about.st_size;
	// Exactly as long as the input, so that a sanitizer sees the first byte that is read behind it.
	uint8_t *bytes = malloc(size);
	bool whole = (bytes || size == 0) && fread(bytes, 1, size, file) == size;
	(void)fclose(file);
	if (whole)
		(void)LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return whole;
}

// The number of inputs, or -1 when one of them cannot be read.
static int replay_directory(const char *path)
{
	DIR *directory = opendir(path);
	if (!directory) {
		(void)fprintf(stderr, "%s cannot be opened\n", path);
		return -1;
	}
	int count = 0;
	const struct dirent *entry;
	while (count >= 0 && (entry = readdir(directory))) {
		char file[4096];
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
		count = replay_file(file) ? count + 1 : -1;
	}
	(void)closedir(directory);
	return count;
}

int main(int argc, char **argv)
{
	int total = 0;
	for (int i = 1; i < argc; i++) {
		struct stat about;
		bool is_directory = stat(argv[i], &about) == 0 && S_ISDIR(about.st_mode);
		int count = is_directory ? replay_directory(argv[i]) : replay_file(argv[i]) ? 1 : -1;
		if (count <= 0) {
			(void)fprintf(stderr, "%s: nothing was replayed\n", argv[i]);
			return 1;
		}
		total += count;
	}
	printf("%d inputs\n", total);
	return total > 0 ? 0 : 1;
}
