// SPDX-License-Identifier: MPL-2.0
#include "schema/docs.h"

#include "base/arena.h"
#include "value/value.h"

// A page under construction.
struct page {
	struct arena arena;
	struct buffer *out;
};

static const char *const kind_names[] = {
	[ROW_STRING] = "String",
	[ROW_INTEGER] = "Number",
	[ROW_BOOL] = "Boolean",
	[ROW_STRING_LIST] = "List of String",
	[ROW_STRING_SET] = "Set of String",
	[ROW_STRING_MAP] = "Map of String",
	[ROW_OBJECT] = "Object",
	[ROW_NUMBER_MAP] = "Map of Object",
	[ROW_BLOCK] = "Block",
};

static bool is_argument(const struct row *row)
{
	return row->flags & (ROW_REQUIRED | ROW_OPTIONAL);
}

static void write_hcl(struct page *page, const struct value *value);

// Nulls are left out, as people leave them out.
static void write_members(struct page *page, const struct value *value)
{
	const char *separator = "{ ";
	for (size_t i = 0; i < value->count; i++) {
		if (value_is_null(&value->items[i]))
			continue;
		struct text name = value->keys ? value->keys[i] : value->type->fields[i].name;
		buffer_print(page->out, "%s%.*s = ", separator, TEXT_ARG(name));
		write_hcl(page, &value->items[i]);
		separator = ", ";
	}
	buffer_append_text(page->out, T(" }"));
}

static void write_hcl(struct page *page, const struct value *value)
{
	if (value->type->kind == TYPE_MAP || value->type->kind == TYPE_OBJECT)
		write_members(page, value);
	else
		buffer_append_text(page->out, value_print(&page->arena, value));
}

static void write_default(struct page *page, const struct row *row)
{
	struct value fallback = row_fallback(&page->arena, row);
	if (value_is_null(&fallback) && !row->why)
		return;
	buffer_append_text(page->out, T("  - Default"));
	buffer_append_text(page->out, row->why ? T(" (recommended): ") : T(": "));
	if (value_is_null(&fallback)) {
		buffer_append_text(page->out, T("not set"));
	} else {
		buffer_append_char(page->out, '`');
		write_hcl(page, &fallback);
		buffer_append_char(page->out, '`');
	}
	buffer_append_text(page->out, T(".\n"));
	if (row->why)
		buffer_print(page->out, "  - If you change it: %s\n", row->why);
}

static void write_choices(struct page *page, const struct row *row)
{
	buffer_append_text(page->out, T("  - One of"));
	for (size_t i = 0; row->choices[i]; i++)
		buffer_print(page->out, "%s `%s`", i == 0 ? "" : ",", *row->choices[i] ? row->choices[i] : "\"\"");
	buffer_append_text(page->out, T(".\n"));
}

static void write_allowed(struct page *page, const struct row *row)
{
	if (row->choices && row->choices[1])
		write_choices(page, row);
	if (row->id_prefix)
		buffer_print(page->out, "  - An id of the form `%s0123456789abcdef0`.\n", row->id_prefix);
	if (!row->max)
		return;
	if (row->kind == ROW_STRING)
		buffer_print(page->out, "  - Up to %lld characters.\n", (long long)row->max);
	else if (row->kind == ROW_BLOCK)
		buffer_print(page->out, "  - Up to %lld blocks.\n", (long long)row->max);
	else
		buffer_print(page->out, "  - %s from %lld to %lld.\n",
			     row->kind == ROW_NUMBER_MAP ? "Keys are whole numbers" : "A whole number",
			     (long long)row->min, (long long)row->max);
}

static void write_argument(struct page *page, const struct row *row)
{
	buffer_print(page->out, "- `%s` (%s, %s%s) %s\n", row->name, kind_names[row->kind],
		     row->flags & ROW_REQUIRED ? "Required" : "Optional",
		     row->flags & ROW_SENSITIVE ? ", Sensitive" : "", row->doc);
	write_allowed(page, row);
	write_default(page, row);
	if (row->flags & ROW_REPLACE)
		buffer_append_text(page->out, T("  - A change forces replacement.\n"));
	if (row->ec2)
		buffer_print(page->out, "  - EC2 parameter: `%s`.\n", row->ec2);
	if (row->sent_with)
		buffer_print(page->out, "  - Sent with %s.\n", row->sent_with);
}

static void write_list(struct page *page, const struct row *rows, bool arguments, const char *heading)
{
	bool is_first = true;
	for (const struct row *row = rows; row->name; row++) {
		if (is_argument(row) != arguments)
			continue;
		if (is_first)
			buffer_print(page->out, "%s\n\n", heading);
		is_first = false;
		if (arguments)
			write_argument(page, row);
		else
			buffer_print(page->out, "- `%s` (%s) %s\n", row->name, kind_names[row->kind], row->doc);
	}
	if (!is_first)
		buffer_append_char(page->out, '\n');
}

// Attributes that share their fields share a section.
static void write_names(struct page *page, const struct row *first)
{
	buffer_print(page->out, "### Inside `%s`", first->name);
	for (const struct row *row = first + 1; row->name; row++) {
		if (row->fields == first->fields)
			buffer_print(page->out, " and `%s`", row->name);
	}
	buffer_append_text(page->out, T("\n\n"));
}

static bool is_first_with_fields(const struct row *rows, const struct row *row)
{
	for (const struct row *earlier = rows; earlier < row; earlier++) {
		if (earlier->fields == row->fields)
			return false;
	}
	return true;
}

static void write_nested(struct page *page, const struct row *rows)
{
	for (const struct row *row = rows; row->name; row++) {
		if (!row->fields || !is_first_with_fields(rows, row))
			continue;
		write_names(page, row);
		write_list(page, row->fields, true, "Arguments:");
		write_list(page, row->fields, false, "Read-only:");
		write_nested(page, row->fields);
	}
}

static void write_code(struct page *page, const char *language, struct text code)
{
	buffer_print(page->out, "```%s\n", language);
	buffer_append_text(page->out, text_trim(code));
	buffer_append_text(page->out, T("\n```\n\n"));
}

static void write_front(struct page *page, const struct row_set *set, const struct docs_page *more)
{
	const char *title = more->is_provider ? "Provider" : "Resource";
	buffer_print(page->out, "---\npage_title: \"%s %s%s\"\nsubcategory: \"%s\"\ndescription: |-\n  %s\n---\n\n",
		     set->name, title, more->is_provider ? "" : " - vns", more->subcategory, set->doc);
	buffer_print(page->out, "# %s %s\n\n%s\n\n", set->name, title, set->doc);
}

// What holds for every resource.
static const char more_on_imports[] =
	"If it is in another region than the provider's, use `ID@REGION`. Terraform and OpenTofu 1.12 and newer also "
	"accept an `identity` instead of the `id`, with the attributes `id`, `region` and `account_id`; the last two "
	"are optional.\n\n"
	"`terraform plan -generate-config-out=FILE` writes the `resource` block for the imported object. Until that "
	"block exists, add `provider = vns` to the `import` block: otherwise Terraform 1.16 looks for the provider "
	"`hashicorp/vns`.\n\n";

static void write_import(struct page *page, const struct row_set *set, const struct docs_page *more)
{
	if (more->import.length == 0)
		return;
	buffer_print(page->out, "## Import\n\nA %s is imported by its id, with a block:\n\n", set->noun);
	write_code(page, "terraform", more->import_block);
	buffer_append_text(page->out, T("or with the command:\n\n"));
	write_code(page, "shell", more->import);
	buffer_append_text(page->out, text_of(more_on_imports));
}

static void write_meta(struct page *page, const struct docs_page *more)
{
	if (!more->meta)
		return;
	buffer_print(page->out, "## Provider Metadata\n\n%s\n\n", more->meta->doc);
	write_code(page, "terraform", more->meta_example);
	write_list(page, more->meta->rows, true, "Arguments:");
}

void docs_write(struct buffer *out, const struct row_set *set, const struct docs_page *more)
{
	struct page page = { .out = out };
	arena_init(&page.arena, 0);
	write_front(&page, set, more);
	if (more->example.length > 0) {
		buffer_append_text(out, T("## Example Usage\n\n"));
		write_code(&page, "terraform", more->example);
	}
	write_list(&page, set->rows, true, "## Argument Reference");
	write_nested(&page, set->rows);
	write_list(&page, set->rows, false, "## Attribute Reference");
	write_meta(&page, more);
	write_import(&page, set, more);
	if (more->calls.length > 0) {
		buffer_append_text(out, T("## EC2 calls\n\n"));
		buffer_append_text(out, more->calls);
	}
	arena_free(&page.arena);
}
