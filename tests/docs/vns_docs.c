// SPDX-License-Identifier: MPL-2.0
// vns-docs ROOT          writes docs/index.md and docs/resources/*.md from the rows and examples/
// vns-docs --check ROOT  fails when what is there differs
// Both fail when docs/resources has more.
// vns-docs --rows        prints the rows as JSON
#include "base/arena.h"
#include "base/buffer.h"
#include "ec2_calls.h"
#include "resources/provider_meta.h"
#include "resources/provider_settings.h"
#include "resources/resources.h"
#include "rows_json.h"
#include "schema/docs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_PAGE = 500 * 1000 }; // what the registry shows of one (facts: protocol, 9.1)

struct tool {
	struct arena arena;
	const char *root;
	bool only_checks;
	bool has_failed;
};

static void complain(struct tool *tool, const char *words, const char *path)
{
	(void)fprintf(stderr, "vns-docs: %s: %s\n", path, words);
	tool->has_failed = true;
}

static const char *path_in_root(struct tool *tool, const char *format, const char *name)
{
	struct text below = text_print(&tool->arena, "%s/%s", tool->root, format);
	size_t star = text_find_char(below, '*');
	if (star == SIZE_MAX)
		return below.at;
	struct text end = text_part(below, star + 1, below.length);
	return text_print(&tool->arena, "%.*s%s%.*s", (int)star, below.at, name, TEXT_ARG(end)).at;
}

// The file's content; empty when there is none.
static struct text read_file(struct tool *tool, const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return T("");
	char *bytes = arena_take(&tool->arena, LARGEST_PAGE);
	size_t length = fread(bytes, 1, LARGEST_PAGE, file);
	(void)fclose(file);
	return (struct text){ bytes, length };
}

static struct text read_example(struct tool *tool, const char *format, const char *name)
{
	const char *path = path_in_root(tool, format, name);
	struct text example = read_file(tool, path);
	if (example.length == 0)
		complain(tool, "the example is missing or empty", path);
	return example;
}

static void write_file(struct tool *tool, const char *path, struct text content)
{
	FILE *file = fopen(path, "wb");
	bool good = file && fwrite(content.at, 1, content.length, file) == content.length;
	if (file && fclose(file) != 0)
		good = false;
	if (!good)
		complain(tool, "cannot be written", path);
}

static void finish_page(struct tool *tool, const char *path, struct buffer *page)
{
	if (page->failed)
		complain(tool, "is larger than the registry shows", path);
	else if (!tool->only_checks)
		write_file(tool, path, buffer_text(page));
	else if (!text_equal(read_file(tool, path), buffer_text(page)))
		complain(tool, "is stale; run vns-docs to write it again", path);
	buffer_free(page);
}

static void make_provider_page(struct tool *tool)
{
	struct buffer page;
	buffer_init(&page, LARGEST_PAGE);
	const struct docs_page more = {
		.is_provider = true,
		.subcategory = "",
		.example = read_example(tool, "examples/provider/provider.tf", ""),
		.meta = &provider_meta,
		.meta_example = read_example(tool, "examples/provider/module.tf", ""),
	};
	docs_write(&page, &provider_settings, &more);
	finish_page(tool, path_in_root(tool, "docs/index.md", ""), &page);
}

static void make_resource_page(struct tool *tool, const struct resource *resource)
{
	const char *name = resource->set.name;
	struct buffer page, calls;
	buffer_init(&page, LARGEST_PAGE);
	buffer_init(&calls, LARGEST_PAGE);
	ec2_calls_write(&calls, resource);
	const struct docs_page more = {
		.subcategory = "Traffic Mirroring",
		.example = read_example(tool, "examples/resources/*/resource.tf", name),
		.import_block = read_example(tool, "examples/resources/*/import-by-string-id.tf", name),
		.import = read_example(tool, "examples/resources/*/import.sh", name),
		.calls = buffer_text(&calls),
	};
	docs_write(&page, &resource->set, &more);
	finish_page(tool, path_in_root(tool, "docs/resources/*.md", name + strlen("vns_")), &page);
	buffer_free(&calls);
}

static bool is_page(const char *file)
{
	for (size_t i = 0; i < resources_count; i++) {
		const char *name = resources_all[i]->set.name + strlen("vns_");
		const size_t length = strlen(name);
		if (strncmp(file, name, length) == 0 && strcmp(file + length, ".md") == 0)
			return true;
	}
	return false;
}

// The registry would show it as a page of a resource that the provider does not have.
static void complain_of_surplus(struct tool *tool)
{
	const char *path = path_in_root(tool, "docs/resources", "");
	DIR *folder = opendir(path);
	if (!folder) {
		complain(tool, "cannot be read", path);
		return;
	}
	// cppcheck-suppress readdirCalled ; one thread reads one directory
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (entry->d_name[0] != '.' && !is_page(entry->d_name))
			complain(tool, "is the page of no resource; remove it",
				 path_in_root(tool, "docs/resources/*", entry->d_name));
	}
	(void)closedir(folder);
}

static int make_pages(const char *root, bool only_checks)
{
	struct tool tool = { .root = root, .only_checks = only_checks };
	arena_init(&tool.arena, 0);
	make_provider_page(&tool);
	for (size_t i = 0; i < resources_count; i++)
		make_resource_page(&tool, resources_all[i]);
	complain_of_surplus(&tool);
	arena_free(&tool.arena);
	return tool.has_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int print_rows(void)
{
	json_t *rows = rows_json_all();
	int failed = json_dumpf(rows, stdout, JSON_INDENT(1));
	json_decref(rows);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int count, char **arguments)
{
	if (count == 2 && strcmp(arguments[1], "--rows") == 0)
		return print_rows();
	if (count == 3 && strcmp(arguments[1], "--check") == 0)
		return make_pages(arguments[2], true);
	if (count == 2 && arguments[1][0] != '-')
		return make_pages(arguments[1], false);
	(void)fprintf(stderr, "usage: vns-docs [--check] <root of the repository>, or vns-docs --rows\n");
	return EXIT_FAILURE;
}
