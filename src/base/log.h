// SPDX-License-Identifier: MPL-2.0
// Log lines as go-plugin hosts read them: one hclog JSON object per line on standard error (facts: protocol, 2).
// Nothing is formatted for a level that nobody reads.
#ifndef VNS_BASE_LOG_H
#define VNS_BASE_LOG_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct clock;

enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };

enum log_field_kind { LOG_FIELD_TEXT, LOG_FIELD_NUMBER };

// One key with its value; `next` chains the fields that every line of a log carries.
struct log_field {
	const char *key;
	enum log_field_kind kind;
	struct text text;
	int64_t number;
	const struct log_field *next;
};

struct log {
	enum log_level level; // lines below it are not made
	int fd;               // where lines go
	const char *module;   // "@module", e.g. "vns.plugin"
	const struct clock *clock;
	const struct log_field *fields; // on every line; may be NULL
};

// A log that says nothing.
extern const struct log log_none;

// The level that the environment asks for: TF_LOG_PROVIDER_VNS, else TF_LOG_PROVIDER, else TF_LOG ("JSON" is trace).
// Any case; an unknown word is TRACE, as in Terraform; unset or empty is off.
enum log_level log_level_from_environment(void);

static inline bool log_wants(const struct log *log, enum log_level level)
{
	return level >= log->level;
}

// Writes one line, whole: one thread writes at a time. Not for signal handlers. `fields` (may be NULL) come before the
// log's own.
void log_write(const struct log *log, enum log_level level, const char *message, const struct log_field *fields);

// LOG(call->log, LOG_DEBUG, "sent", LOG_TEXT("action", action), LOG_NUMBER("status", 200));
#define LOG_TEXT(key, view)                                                                                            \
	{                                                                                                              \
		(key), LOG_FIELD_TEXT, (view), 0, NULL                                                                 \
	}
#define LOG_NUMBER(key, value)                                                                                         \
	{                                                                                                              \
		(key), LOG_FIELD_NUMBER, { NULL, 0 }, (int64_t)(value), NULL                                           \
	}
#define LOG(log, level, message, ...)                                                                                  \
	do {                                                                                                           \
		if (log_wants((log), (level))) {                                                                       \
			struct log_field log_fields[] = { __VA_ARGS__ };                                               \
			log_write_all((log), (level), (message), log_fields,                                           \
				      sizeof log_fields / sizeof log_fields[0]);                                       \
		}                                                                                                      \
	} while (0)
// For LOG: chains the fields and writes.
void log_write_all(const struct log *log, enum log_level level, const char *message, struct log_field *fields,
		   size_t count);

#endif
