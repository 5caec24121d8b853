// SPDX-License-Identifier: MPL-2.0
// The registry's pages, rendered from the rows.
#ifndef VNS_SCHEMA_DOCS_H
#define VNS_SCHEMA_DOCS_H

#include "base/buffer.h"
#include "schema/row.h"

// What a page has beside the rows.
struct docs_page {
	const char *subcategory;
	struct text example; // HCL, shown first
	struct text import;  // shell, shown last; may be empty
	struct text calls;   // a Markdown table: which EC2 call each step makes; may be empty
};

// Appends docs/resources/<name>.md, or docs/index.md for the provider: front matter, description, example, arguments
// with defaults and why they are recommended, the EC2 parameter of each, attributes, import.
void docs_write(struct buffer *out, const struct row_set *set, const struct docs_page *page);

#endif
