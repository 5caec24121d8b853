// SPDX-License-Identifier: MPL-2.0
#include "base/log.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/limits.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// One value may not crowd out the others of its line.
static const size_t longest_value_bytes = (size_t)16 * 1024;
// Kept free for what closes a line.
static const size_t line_end_bytes = 8;

static const char *const level_names[] = { "trace", "debug", "info", "warn", "error" };

const struct log log_none = { LOG_OFF, -1, "", &clock_system, NULL };

enum log_level log_level_from_environment(void)
{
	static const char *const names[] = { "TF_LOG_PROVIDER_VNS", "TF_LOG_PROVIDER", "TF_LOG" };
	struct text wish = { NULL, 0 };
	for (size_t i = 0; i < sizeof names / sizeof names[0] && wish.length == 0; i++)
		wish = text_of(getenv(names[i]));
	if (wish.length == 0 || text_equal_ignore_case(wish, T("off")))
		return LOG_OFF;
	for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
		if (text_equal_ignore_case(wish, text_of(level_names[i])))
			return (enum log_level)i;
	}
	return LOG_TRACE;
}

static void append_escaped(struct buffer *line, unsigned char c)
{
	switch (c) {
	case '"':
		buffer_append_text(line, T("\\\""));
		break;
	case '\\':
		buffer_append_text(line, T("\\\\"));
		break;
	case '\n':
		buffer_append_text(line, T("\\n"));
		break;
	default:
		if (c < 0x20)
			buffer_print(line, "\\u%04x", (unsigned)c);
		else
			buffer_append_char(line, (char)c);
	}
}

// A JSON string: always valid, whatever the view holds; a value that is too long is cut and ends in "...".
static void append_string(struct buffer *line, struct text view)
{
	struct text rest = text_part(view, 0, longest_value_bytes);
	buffer_append_char(line, '"');
	while (rest.length) {
		size_t good = text_utf8_prefix(rest);
		for (size_t i = 0; i < good; i++)
			append_escaped(line, (unsigned char)rest.at[i]);
		rest = text_part(rest, good, rest.length);
		if (rest.length) {
			buffer_append_text(line, T("\\ufffd"));
			rest = text_part(rest, 1, rest.length);
		}
	}
	if (view.length > longest_value_bytes)
		buffer_append_text(line, T("..."));
	buffer_append_char(line, '"');
}

// Six fractional digits exactly, or the host does not take the line for JSON.
static void append_time(struct buffer *line, const struct clock *clock)
{
	int64_t now_us = clock_realtime_us(clock);
	time_t seconds = (time_t)(now_us / 1000000);
	struct tm utc;
	char day[32] = "1970-01-01T00:00:00";
	if (gmtime_r(&seconds, &utc))
		(void)strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &utc);
	buffer_print(line, ",\"@timestamp\":\"%s.%06dZ\"", day, (int)(now_us % 1000000));
}

// A field that does not fit is left out whole, so that the line stays JSON.
static void append_fields(struct buffer *line, const struct log_field *fields)
{
	for (const struct log_field *field = fields; field && !line->failed; field = field->next) {
		size_t before = line->length;
		buffer_append_char(line, ',');
		append_string(line, text_of(field->key));
		buffer_append_char(line, ':');
		if (field->kind == LOG_FIELD_NUMBER)
			buffer_append_int64(line, field->number);
		else
			append_string(line, field->text);
		if (line->failed) {
			line->failed = false;
			line->length = before;
			return;
		}
	}
}

// Of the whole process, as standard error is: a pipe takes more than PIPE_BUF bytes in pieces, and between them those
// of other threads.
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;

static void write_whole(int fd, struct text line)
{
	(void)pthread_mutex_lock(&writing);
	while (line.length) {
		ssize_t written = write(fd, line.at, line.length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			break; // nobody reads, and there is nowhere to say so
		line = text_part(line, (size_t)written, line.length);
	}
	(void)pthread_mutex_unlock(&writing);
}

void log_write(const struct log *log, enum log_level level, const char *message, const struct log_field *fields)
{
	if (!log_wants(log, level) || level >= LOG_OFF)
		return;
	struct buffer line;
	buffer_init(&line, LIMIT_LOG_LINE_BYTES - line_end_bytes);
	buffer_print(&line, "{\"@level\":\"%s\",\"@message\":", level_names[level]);
	append_string(&line, text_of(message));
	buffer_append_text(&line, T(",\"@module\":"));
	append_string(&line, text_of(log->module));
	append_time(&line, log->clock);
	append_fields(&line, fields);
	append_fields(&line, log->fields);
	line.ceiling = LIMIT_LOG_LINE_BYTES;
	buffer_append_text(&line, T("}\n"));
	write_whole(log->fd, buffer_text(&line));
	buffer_free(&line);
}

void log_write_all(const struct log *log, enum log_level level, const char *message, struct log_field *fields,
		   size_t count)
{
	for (size_t i = 0; i + 1 < count; i++)
		fields[i].next = &fields[i + 1];
	log_write(log, level, message, count ? fields : NULL);
}
