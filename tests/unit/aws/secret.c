// SPDX-License-Identifier: MPL-2.0
#include "secret.h"

#include <fcntl.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/random.h>

#define MASK 0x5A

static unsigned char masked[SECRET_CHARS];
static atomic_size_t given_back;
static char maps[1 << 20]; // in the program's own data, which is not searched

char secret_char(size_t i)
{
	return (char)(masked[i] ^ MASK);
}

void secret_make(void)
{
	atomic_store(&given_back, 0);
	assert_int_equal(getrandom(masked, sizeof masked, 0), sizeof masked);
	for (size_t i = 0; i < SECRET_CHARS; i++)
		masked[i] = (unsigned char)('A' + masked[i] % 26) ^ MASK;
}

void secret_append(struct buffer *buffer, const char *template)
{
	for (const char *at = template; *at; at++) {
		if (*at != '%')
			buffer_append_char(buffer, *at);
		for (size_t i = 0; *at == '%' && i < SECRET_CHARS; i++)
			buffer_append_char(buffer, secret_char(i));
	}
}

// How often the secret stands in [start, end).
static size_t count_between(const volatile unsigned char *start, const volatile unsigned char *end)
{
	size_t found = 0;
	for (; start + SECRET_CHARS <= end; start++) {
		size_t i = 0;
		while (i < SECRET_CHARS && (start[i] ^ MASK) == masked[i])
			i++;
		found += i == SECRET_CHARS;
	}
	return found;
}

void __real_free(void *bytes);
void __wrap_free(void *bytes);
void __wrap_free(void *bytes)
{
	const unsigned char *at = bytes;
	if (at)
		atomic_fetch_add(&given_back, count_between(at, at + malloc_usable_size(bytes)));
	__real_free(bytes);
}

size_t secret_count_given_back(void)
{
	return atomic_load(&given_back);
}

size_t secret_count_in_memory(void)
{
	const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got = 0;
	size_t found = 0;
	assert_true(fd >= 0);
	while ((got = read(fd, maps + length, sizeof maps - 1 - length)) > 0)
		length += (size_t)got;
	(void)close(fd);
	struct text rest = { maps, length };
	struct text line;
	while (text_take_until(&rest, '\n', &line)) {
		unsigned long start = 0;
		unsigned long end = 0;
		char rights[5] = "";
		char copy[64];
		(void)snprintf(copy, sizeof copy, "%.*s", TEXT_ARG(text_part(line, 0, 50)));
		const bool is_ours = text_find_char(line, '/') == SIZE_MAX && text_find(line, T("[v")) == SIZE_MAX;
		if (is_ours && sscanf(copy, "%lx-%lx %4s", &start, &end, rights) == 3 && rights[0] == 'r' &&
		    rights[1] == 'w')
			found += count_between((const unsigned char *)start, (const unsigned char *)end);
	}
	return found;
}
