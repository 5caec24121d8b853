// SPDX-License-Identifier: MPL-2.0
// Answers of AWS, as XML.
#include "aws/xml.h"

#include "base/limits.h"
#include "fuzz.h"

static bool is_plain_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.at[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!is_letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return name.length > 0;
}

// Names that lost their prefix may be none any more ("a:1"): then there is no document that says the same.
static bool has_plain_names(const struct xml_node *node)
{
	if (!is_plain_name(node->name))
		return false;
	for (const struct xml_node *child = node->first_child; child; child = child->next) {
		if (!has_plain_names(child))
			return false;
	}
	return true;
}

static void check_node(const struct xml_node *node, size_t depth)
{
	fuzz_check(depth <= LIMIT_NESTING, "nested deeper than the ceiling");
	fuzz_check(text_utf8_prefix(node->text) == node->text.length, "a text is not UTF-8");
	const struct xml_node *last = NULL;
	for (const struct xml_node *child = node->first_child; child; child = child->next) {
		check_node(child, depth + 1);
		fuzz_check(xml_child(node, child->name) != NULL, "a child is not found by its name");
		last = child;
	}
	fuzz_check(last == node->last_child, "the last child is another one");
}

static void write_node(const struct xml_node *node, struct buffer *out)
{
	buffer_print(out, "<%.*s>", TEXT_ARG(node->name));
	for (size_t i = 0; i < node->text.length; i++) {
		unsigned char c = (unsigned char)node->text.at[i];
		if (c < ' ' || c == '<' || c == '>' || c == '&')
			buffer_print(out, "&#%u;", (unsigned)c);
		else
			buffer_append_char(out, (char)c);
	}
	for (const struct xml_node *child = node->first_child; child; child = child->next)
		write_node(child, out);
	buffer_print(out, "</%.*s>", TEXT_ARG(node->name));
}

static bool is_same(const struct xml_node *a, const struct xml_node *b)
{
	if (!text_equal(a->name, b->name) || !text_equal(a->text, b->text))
		return false;
	const struct xml_node *one = a->first_child, *other = b->first_child;
	for (; one && other; one = one->next, other = other->next) {
		if (!is_same(one, other))
			return false;
	}
	return !one && !other;
}

static void check(struct call *call, void *argument)
{
	struct text problem = T("");
	const struct xml_node *root = xml_parse(call->arena, choices_rest(argument), &problem);
	if (!root) {
		fuzz_check(problem.length > 0, "no reason is given");
		return;
	}
	check_node(root, 1);
	if (!has_plain_names(root))
		return;
	struct buffer written;
	buffer_init(&written, LIMIT_MESSAGE_BYTES);
	write_node(root, &written);
	const struct xml_node *again = xml_parse(call->arena, buffer_text(&written), &problem);
	fuzz_check(again && is_same(root, again), "what was written reads as something else: %.*s",
		   TEXT_ARG(buffer_text(&written)));
	buffer_free(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
