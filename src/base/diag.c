// SPDX-License-Identifier: MPL-2.0
#include "base/diag.h"

#include "base/arena.h"
#include "base/call.h"

#include <stdarg.h>

void diag_add(struct call *call, enum severity severity, const struct path *attribute, struct text summary,
	      struct text detail)
{
	struct diagnostic *added = ARENA_NEW(call->arena, struct diagnostic);
	added->severity = severity;
	added->summary = text_copy(call->arena, text_utf8_repair(call->arena, summary));
	added->detail = text_copy(call->arena, text_utf8_repair(call->arena, detail));
	added->attribute = path_copy(call->arena, path_shown(attribute));
	struct diagnostics *all = call->diagnostics;
	if (all->last)
		all->last->next = added;
	else
		all->first = added;
	all->last = added;
	if (severity == SEVERITY_ERROR)
		all->errors++;
}

void diag_error(struct call *call, const struct path *attribute, const char *summary, const char *detail_format, ...)
{
	va_list arguments;
	va_start(arguments, detail_format);
	struct text detail = arena_print(call->arena, detail_format, arguments);
	va_end(arguments);
	diag_add(call, SEVERITY_ERROR, attribute, text_of(summary), detail);
}

void diag_warning(struct call *call, const struct path *attribute, const char *summary, const char *detail_format, ...)
{
	va_list arguments;
	va_start(arguments, detail_format);
	struct text detail = arena_print(call->arena, detail_format, arguments);
	va_end(arguments);
	diag_add(call, SEVERITY_WARNING, attribute, text_of(summary), detail);
}

void diag_pass_on(struct call *call, const struct diagnostics *told)
{
	for (const struct diagnostic *d = told->first; d; d = d->next)
		diag_add(call, d->severity, d->attribute, d->summary, d->detail);
}

bool diag_failed(const struct call *call)
{
	return call->diagnostics->errors > 0;
}
