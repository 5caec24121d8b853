// SPDX-License-Identifier: MPL-2.0
// The place of an attribute inside a configuration, as Terraform's AttributePath says it (facts: protocol, 3.2).
// It lives here rather than in value/ because diagnostics carry it.
#ifndef VNS_BASE_PATH_H
#define VNS_BASE_PATH_H

#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>

enum path_kind {
	PATH_ATTRIBUTE, // .name, of an attribute or a block
	PATH_KEY,       // ["key"] of a map
	PATH_INDEX,     // [n] of a list
};

// One step; the whole path is the chain of parents. A path usually lives on the stack of the walk that made it.
struct path {
	const struct path *parent; // NULL for the first step
	enum path_kind kind;
	struct text name; // attribute name or key
	int64_t index;
};

struct arena;

struct path path_attribute(const struct path *parent, struct text name);
struct path path_key(const struct path *parent, struct text key);
struct path path_index(const struct path *parent, int64_t index);

// A copy in the arena, parents included. NULL gives NULL.
const struct path *path_copy(struct arena *arena, const struct path *path);
// As a person writes it: ingress_rules["100"].rule_action
struct text path_print(struct arena *arena, const struct path *path);
// A sentence about what stands there: ingress_rules["100"]: a string is required. About the whole: the sentence alone.
struct text path_sentence(struct arena *arena, const struct path *path, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));
// The steps that a host can resolve to a line without harm: up to the first map key, exclusive. Newer Terraform crashes
// on paths into a map whose keys are written as numbers (facts: protocol, 3.3), so a diagnostic stops at the attribute.
const struct path *path_shown(const struct path *path);

#endif
