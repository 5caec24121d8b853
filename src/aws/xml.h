// SPDX-License-Identifier: MPL-2.0
// An XML answer as a tree in the arena. Document types (and so entities) are refused; depth and size have ceilings.
#ifndef VNS_AWS_XML_H
#define VNS_AWS_XML_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct xml_node {
	struct text name; // without a namespace prefix
	struct text text; // the character data directly inside, joined; blanks alone between child elements are dropped
	struct xml_node *first_child;
	struct xml_node *last_child;
	struct xml_node *next; // the sibling after it
};

// Parses `bytes`. NULL when they are not well-formed or go past a ceiling; *ret_problem then says why, for people.
// Runs out of memory like arena_take.
const struct xml_node *xml_parse(struct arena *arena, struct text bytes, struct text *ret_problem);

// The first child of that name, or NULL; a NULL node has no children.
const struct xml_node *xml_child(const struct xml_node *node, struct text name);
// Follows names separated by '/': "Errors/Error/Code".
const struct xml_node *xml_find(const struct xml_node *node, struct text path);
// The next sibling of the same name, or NULL.
const struct xml_node *xml_next(const struct xml_node *node);
// The text of the child found by path, or the empty text.
struct text xml_text(const struct xml_node *node, struct text path);

#endif
