// SPDX-License-Identifier: MPL-2.0
// The registry's pages, rendered from the rows.
#ifndef VNS_SCHEMA_DOCS_H
#define VNS_SCHEMA_DOCS_H

#include "base/buffer.h"
#include "schema/row.h"

#include <stdbool.h>

// What a page has beside the rows. Empty texts leave their section out.
struct docs_page {
	bool is_provider;           // docs/index.md
	const char *subcategory;    // of the registry's list of pages
	struct text example;        // HCL, shown first
	const struct row_set *meta; // the block provider_meta; NULL: none
	struct text meta_example;   // HCL
	struct text import_block;   // HCL
	struct text import;         // shell
	struct text calls;          // a Markdown table: which EC2 call each step makes
};

// Appends docs/resources/<name>.md, or docs/index.md: front matter, description, example, arguments with defaults and
// what departing from a recommended one means, the EC2 parameter of each, attributes, import, calls.
void docs_write(struct buffer *out, const struct row_set *set, const struct docs_page *more);

#endif
