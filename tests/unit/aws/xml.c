// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include "aws/xml.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct xml_node *parse(struct fixture *fixture, const char *bytes, struct text *ret_problem)
{
	return xml_parse(&fixture->arena, text_of(bytes), ret_problem);
}

static void test_reads_an_answer(void **state)
{
	(void)state;
	struct fixture f;
	fixture_open(&f);
	struct text problem;
	const struct xml_node *root =
		parse(&f,
		      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<R xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n"
		      "  <requestId>id-1</requestId>\n  <set>\n    <item><id>a &amp; b</id></item>\n"
		      "    <other/>\n    <item><id><![CDATA[<b>]]></id></item>\n  </set>\n"
		      "  <x:y xmlns:x=\"u\">prefixed</x:y><blank> </blank><mixed>a<z>b</z>c</mixed>\n</R>",
		      &problem);
	assert_non_null(root);
	assert_text(root->name, "R");
	assert_text(root->text, "");
	assert_text(xml_text(root, T("requestId")), "id-1");
	const struct xml_node *item = xml_find(root, T("set/item"));
	assert_text(xml_text(item, T("id")), "a & b");
	item = xml_next(item);
	assert_text(xml_text(item, T("id")), "<b>");
	assert_null(xml_next(item));
	assert_text(xml_text(root, T("y")), "prefixed");
	assert_text(xml_text(root, T("blank")), " ");
	assert_text(xml_text(root, T("mixed")), "ac");
	assert_text(xml_text(root, T("mixed/z")), "b");
	assert_text(xml_text(root, T("set/nothing/here")), "");
	assert_null(xml_child(NULL, T("x")));
	assert_null(xml_next(NULL));
	fixture_close(&f);
}

static void test_other_encodings_become_utf8(void **state)
{
	(void)state;
	struct fixture f;
	fixture_open(&f);
	struct text problem;
	const struct xml_node *root = parse(&f, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>", &problem);
	assert_non_null(root);
	assert_text(root->text, "\xC3\xA9");
	fixture_close(&f);
}

static void test_refuses(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		const char *problem;
	} cases[] = {
		{ "", "no element found" },
		{ "not xml", "line 1" },
		{ "<a>", "no element found" },
		{ "<a></b>", "mismatched tag" },
		{ "<a/><b/>", "junk" },
		{ "<a>\xFF</a>", "line 1" },
		{ "<a>&nope;</a>", "undefined entity" },
		{ "<!DOCTYPE a><a/>", "document type" },
		{ "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "document type" },
		{ "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "document type" },
		{ "<?xml version=\"1.0\" encoding=\"EBCDIC-FR\"?><a/>", "encoding" },
		{ "<html><br></html>", "mismatched tag" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct fixture f;
		fixture_open(&f);
		struct text problem;
		assert_null(parse(&f, cases[i].bytes, &problem));
		assert_in(problem, cases[i].problem);
		fixture_close(&f);
	}
}

static char *nested(size_t depth)
{
	char *bytes = calloc(depth, 7);
	assert_non_null(bytes);
	for (size_t i = 0; i < depth; i++)
		memcpy(bytes + i * 3, "<a>", 3);
	for (size_t i = 0; i < depth; i++)
		memcpy(bytes + depth * 3 + i * 4, "</a>", 4);
	return bytes;
}

static void test_depth_has_a_ceiling(void **state)
{
	(void)state;
	struct fixture f;
	fixture_open(&f);
	struct text problem;
	const size_t depths[] = { LIMIT_NESTING, LIMIT_NESTING + 1, 100000 };
	for (size_t i = 0; i < 3; i++) {
		char *bytes = nested(depths[i]);
		const struct xml_node *root = xml_parse(&f.arena, (struct text){ bytes, depths[i] * 7 }, &problem);
		if (i == 0)
			assert_non_null(root);
		else
			assert_null(root);
		if (i > 0)
			assert_in(problem, "deeper");
		free(bytes);
	}
	fixture_close(&f);
}

static void test_size_has_a_ceiling(void **state)
{
	(void)state;
	struct fixture f;
	fixture_open(&f);
	struct text problem;
	char one = ' ';
	assert_null(xml_parse(&f.arena, (struct text){ &one, LIMIT_RESPONSE_BYTES + 1 }, &problem));
	assert_in(problem, "larger");
	fixture_close(&f);
}

struct parse_work {
	struct text bytes;
	const struct xml_node *root;
};

static void parse_in_call(struct call *call, void *argument)
{
	struct parse_work *work = argument;
	struct text problem;
	work->root = xml_parse(call->arena, work->bytes, &problem);
}

// Wherever memory runs out, the parser is given back (the leak checker would see it) and the call is left.
static void test_memory_runs_out_anywhere(void **state)
{
	(void)state;
	struct buffer bytes;
	buffer_init(&bytes, 1 << 20);
	buffer_append_text(&bytes, T("<a>"));
	for (int i = 0; i < 2000; i++)
		buffer_append_text(&bytes, T("<item><id>tms-0123456789abcdef0</id></item>"));
	buffer_append_text(&bytes, T("</a>"));
	bool well = false;
	int ran_out = 0;
	for (size_t ceiling = 1024; !well; ceiling *= 2) {
		struct fixture f;
		fixture_open(&f);
		f.arena.ceiling_bytes = ceiling;
		struct parse_work work = { buffer_text(&bytes), NULL };
		well = call_run(&f.call, parse_in_call, &work);
		assert_true(well == (work.root != NULL));
		ran_out += !well;
		fixture_close(&f);
	}
	assert_true(ran_out > 3);
	buffer_free(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_an_answer),
		cmocka_unit_test(test_other_encodings_become_utf8),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_depth_has_a_ceiling),
		cmocka_unit_test(test_size_has_a_ceiling),
		cmocka_unit_test(test_memory_runs_out_anywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
