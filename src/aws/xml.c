// SPDX-License-Identifier: MPL-2.0
// The only file that knows expat. Its callbacks take from the arena with arena_try_take, so that the parser is always
// given back before running out of memory leaves the call.
#include "aws/xml.h"

#include "aws/secret_heap.h"
#include "base/buffer.h"
#include "base/limits.h"

#include <expat.h>
#include <string.h>

enum xml_stop { XML_GOES_ON, XML_DOCTYPE, XML_TOO_DEEP, XML_NO_MEMORY };

struct reader {
	XML_Parser parser;
	struct arena *arena;
	struct xml_node *root;
	size_t depth; // open elements
	struct xml_node *open[LIMIT_NESTING];
	// Character data of all open elements, outermost first; an element's own part begins where it was opened and
	// ends where its open child's begins.
	struct buffer characters;
	size_t begins[LIMIT_NESTING];
	enum xml_stop stop;
};

static void stop_with(struct reader *reader, enum xml_stop reason)
{
	reader->stop = reason;
	(void)XML_StopParser(reader->parser, XML_FALSE);
}

// A copy in the arena; false when there is no memory.
static bool copy(struct reader *reader, const char *at, size_t length, struct text *ret_copy)
{
	char *bytes = arena_try_take(reader->arena, length + 1);
	if (!bytes)
		return false;
	if (length)
		memcpy(bytes, at, length);
	*ret_copy = (struct text){ bytes, length };
	return true;
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
	(void)attributes;
	struct reader *reader = context;
	if (reader->stop != XML_GOES_ON)
		return;
	if (reader->depth == LIMIT_NESTING) {
		stop_with(reader, XML_TOO_DEEP);
		return;
	}
	const char *colon = strchr(name, ':');
	const char *local = colon ? colon + 1 : name;
	struct xml_node *node = arena_try_take(reader->arena, sizeof *node);
	if (!node || !copy(reader, local, strlen(local), &node->name)) {
		stop_with(reader, XML_NO_MEMORY);
		return;
	}
	node->text = (struct text)TEXT("");
	struct xml_node *parent = reader->depth ? reader->open[reader->depth - 1] : NULL;
	if (!parent)
		reader->root = node;
	else if (parent->last_child)
		parent->last_child->next = node;
	else
		parent->first_child = node;
	if (parent)
		parent->last_child = node;
	reader->begins[reader->depth] = reader->characters.length;
	reader->open[reader->depth] = node;
	reader->depth++;
}

static void on_characters(void *context, const XML_Char *at, int length)
{
	struct reader *reader = context;
	if (reader->stop != XML_GOES_ON || length <= 0)
		return;
	buffer_append(&reader->characters, at, (size_t)length);
	if (reader->characters.failed)
		stop_with(reader, XML_NO_MEMORY);
}

static void on_end(void *context, const XML_Char *name)
{
	(void)name;
	struct reader *reader = context;
	if (reader->stop != XML_GOES_ON)
		return;
	reader->depth--;
	struct xml_node *node = reader->open[reader->depth];
	const size_t begin = reader->begins[reader->depth];
	const struct text all = { reader->characters.bytes, reader->characters.length };
	const struct text own = text_part(all, begin, all.length);
	reader->characters.length = begin;
	// Between child elements there is only the indentation of a pretty printer.
	if (node->first_child && text_trim(own).length == 0)
		return;
	if (own.length && !copy(reader, own.at, own.length, &node->text))
		stop_with(reader, XML_NO_MEMORY);
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id,
		       int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	stop_with(context, XML_DOCTYPE);
}

// Why the parser stopped, for people. Called after the parser is gone.
static struct text problem_of(const struct reader *reader, enum XML_Error error, unsigned long line)
{
	switch (reader->stop) {
	case XML_DOCTYPE:
		return T("it declares a document type, which no AWS answer does");
	case XML_TOO_DEEP:
		return text_print(reader->arena, "its elements are nested deeper than %d", LIMIT_NESTING);
	case XML_GOES_ON:
	case XML_NO_MEMORY:
		break;
	}
	return text_print(reader->arena, "%s in line %lu", XML_ErrorString(error), line);
}

// expat leaves pieces of what it read, keys among it, on the stack where its calls were.
static __attribute__((noinline)) void wipe_stack_below(void)
{
	char used[32 * 1024];
	explicit_bzero(used, sizeof used);
}

const struct xml_node *xml_parse(struct arena *arena, struct text bytes, struct text *ret_problem)
{
	*ret_problem = T("");
	if (bytes.length > LIMIT_RESPONSE_BYTES) {
		*ret_problem = T("it is larger than any answer of AWS");
		return NULL;
	}
	static const XML_Memory_Handling_Suite heap = { secret_heap_take, secret_heap_resize, secret_heap_give_back };
	struct reader reader = { .arena = arena, .parser = XML_ParserCreate_MM(NULL, &heap, NULL) };
	if (!reader.parser)
		arena_leave(arena);
	buffer_init(&reader.characters, LIMIT_RESPONSE_BYTES);
	reader.characters.secret = true; // answers of STS carry keys
	XML_SetUserData(reader.parser, &reader);
	XML_SetElementHandler(reader.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reader.parser, on_characters);
	XML_SetStartDoctypeDeclHandler(reader.parser, on_doctype);
	const enum XML_Status status = XML_Parse(reader.parser, bytes.at, (int)bytes.length, XML_TRUE);
	const enum XML_Error error = XML_GetErrorCode(reader.parser);
	const unsigned long line = XML_GetCurrentLineNumber(reader.parser);
	XML_ParserFree(reader.parser);
	wipe_stack_below();
	buffer_free(&reader.characters);
	if (reader.stop == XML_NO_MEMORY || (status != XML_STATUS_OK && error == XML_ERROR_NO_MEMORY))
		arena_leave(arena);
	if (status == XML_STATUS_OK && reader.stop == XML_GOES_ON)
		return reader.root;
	*ret_problem = problem_of(&reader, error, line);
	return NULL;
}

static const struct xml_node *first_named(const struct xml_node *node, struct text name)
{
	while (node && !text_equal(node->name, name))
		node = node->next;
	return node;
}

const struct xml_node *xml_child(const struct xml_node *node, struct text name)
{
	return node ? first_named(node->first_child, name) : NULL;
}

const struct xml_node *xml_find(const struct xml_node *node, struct text path)
{
	struct text name;
	while (node && text_take_until(&path, '/', &name))
		node = xml_child(node, name);
	return node;
}

const struct xml_node *xml_next(const struct xml_node *node)
{
	return node ? first_named(node->next, node->name) : NULL;
}

struct text xml_text(const struct xml_node *node, struct text path)
{
	const struct xml_node *found = xml_find(node, path);
	return found ? found->text : T("");
}
