// SPDX-License-Identifier: MPL-2.0
// What the user is told. A function that can fail for the user returns false (or NULL) and has then added exactly one
// error; expected outcomes (gone, throttled, in use) are results, not errors.
#ifndef VNS_BASE_DIAG_H
#define VNS_BASE_DIAG_H

#include "base/path.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct call;

enum severity {
	SEVERITY_ERROR = 1, // the numbers are Terraform's (tfplugin6 Diagnostic.Severity)
	SEVERITY_WARNING = 2,
};

struct diagnostic {
	enum severity severity;
	struct text summary;          // one line, no full stop; UTF-8
	struct text detail;           // what is wrong, where, what to do; UTF-8
	const struct path *attribute; // NULL: the whole resource
	struct diagnostic *next;
};

// In the order in which they were added. Memory: the arena of the call that added them.
struct diagnostics {
	struct diagnostic *first;
	struct diagnostic *last;
	size_t errors;
};

// Adds one. All is copied. `attribute` may be NULL, and is cut by path_shown(); texts that are not UTF-8 are repaired.
void diag_add(struct call *call, enum severity severity, const struct path *attribute, struct text summary,
	      struct text detail);
void diag_error(struct call *call, const struct path *attribute, const char *summary, const char *detail_format, ...)
	__attribute__((format(printf, 4, 5)));
void diag_warning(struct call *call, const struct path *attribute, const char *summary, const char *detail_format, ...)
	__attribute__((format(printf, 4, 5)));
// Adds what another list has, also when that lies in another arena.
void diag_pass_on(struct call *call, const struct diagnostics *told);
bool diag_failed(const struct call *call); // an error was added

#endif
