// SPDX-License-Identifier: MPL-2.0
// The main function of a fuzz target that is an ordinary test: replay [--random COUNT] FILE|DIRECTORY... gives it every
// file, and so many random inputs, which are the same each time.
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LONGEST_RANDOM = 1024 };

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
	// cppcheck-suppress readdirCalled ; one thread reads one directory
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

// A small generator of our own, so that a number means the same input on every machine (xorshift).
static uint64_t roll(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> 11;
}

// The number of inputs, or -1 when `count` is none.
static int replay_random(const char *count)
{
	int64_t wanted = 0;
	if (!text_to_int64(text_of(count), &wanted) || wanted < 1 || wanted > INT32_MAX)
		return -1;
	for (fuzz_random_input = 1; fuzz_random_input <= wanted; fuzz_random_input++) {
		uint64_t state = (uint64_t)fuzz_random_input * 0x9E3779B97F4A7C15u;
		uint8_t bytes[LONGEST_RANDOM];
		size_t size = roll(&state) % sizeof bytes;
		for (size_t i = 0; i < size; i++)
			bytes[i] = (uint8_t)roll(&state);
		(void)LLVMFuzzerTestOneInput(bytes, size);
	}
	fuzz_random_input = 0;
	return (int)wanted;
}

static int replay_path(const char *path)
{
	struct stat about;
	if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
		return replay_directory(path);
	return replay_file(path) ? 1 : -1;
}

int main(int argc, char **argv)
{
	int total = 0;
	for (int i = 1; i < argc; i++) {
		bool is_random = strcmp(argv[i], "--random") == 0 && i + 1 < argc;
		int count = is_random ? replay_random(argv[++i]) : replay_path(argv[i]);
		if (count <= 0) {
			(void)fprintf(stderr, "%s: nothing was replayed\n", argv[i]);
			return 1;
		}
		total += count;
	}
	printf("%d inputs\n", total);
	return total > 0 ? 0 : 1;
}
