// SPDX-License-Identifier: MPL-2.0
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_init(struct buffer *buffer, size_t ceiling)
{
	*buffer = (struct buffer){ .ceiling = ceiling };
}

// A call that the compiler may not leave out.
static void wipe(char *bytes, size_t length)
{
	if (bytes)
		explicit_bzero(bytes, length);
}

void buffer_free(struct buffer *buffer)
{
	if (buffer->secret)
		wipe(buffer->bytes, buffer->room);
	free(buffer->bytes);
	buffer->bytes = NULL;
	buffer->length = 0;
	buffer->room = 0;
	buffer->failed = false;
}

// Makes room for `more` bytes; marks the buffer failed when that cannot be.
static bool make_room(struct buffer *buffer, size_t more)
{
	if (buffer->failed)
		return false;
	if (more > buffer->ceiling - buffer->length) {
		buffer->failed = true;
		return false;
	}
	if (buffer->room - buffer->length >= more)
		return true;
	size_t room = buffer->room ? buffer->room : 256;
	while (room - buffer->length < more)
		room = room > buffer->ceiling / 2 ? buffer->ceiling : room * 2;
	char *bytes = malloc(room);
	if (!bytes) {
		buffer->failed = true;
		return false;
	}
	if (buffer->length)
		memcpy(bytes, buffer->bytes, buffer->length);
	if (buffer->secret)
		wipe(buffer->bytes, buffer->room);
	free(buffer->bytes);
	buffer->bytes = bytes;
	buffer->room = room;
	return true;
}

void buffer_reserve(struct buffer *buffer, size_t more)
{
	(void)make_room(buffer, more);
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
	if (length == 0 || !make_room(buffer, length))
		return;
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
}

void buffer_append_text(struct buffer *buffer, struct text view)
{
	buffer_append(buffer, view.at, view.length);
}

void buffer_append_char(struct buffer *buffer, char c)
{
	buffer_append(buffer, &c, 1);
}

void buffer_append_int64(struct buffer *buffer, int64_t number)
{
	buffer_print(buffer, "%lld", (long long)number);
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		buffer->failed = true;
	else if (make_room(buffer, (size_t)length + 1)) {
		(void)vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
}

struct text buffer_text(const struct buffer *buffer)
{
	if (buffer->failed || buffer->length == 0)
		return (struct text){ "", 0 };
	return (struct text){ buffer->bytes, buffer->length };
}
