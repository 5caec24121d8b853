// SPDX-License-Identifier: MPL-2.0
// A page of every kind of row; the real pages are held against docs/ by docs.current.
#include "schema_fixture.h"

#include "schema/docs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const choices[] = { "a", "b", "", NULL };

static const struct row fields[] = {
	{ .name = "port", .kind = ROW_INTEGER, .flags = ROW_REQUIRED, .ec2 = "Port", .max = 9, .doc = "A port." },
	{ .name = "its_id", .kind = ROW_STRING, .flags = ROW_COMPUTED, .doc = "Its id." },
	{ .name = NULL },
};

static const struct row rows[] = {
	{ .name = "id", .kind = ROW_STRING, .flags = ROW_COMPUTED, .doc = "The id." },
	{ .name = "must",
	  .kind = ROW_STRING,
	  .flags = ROW_REQUIRED | ROW_REPLACE,
	  .id_prefix = "eni-",
	  .doc = "Must." },
	{ .name = "may",
	  .kind = ROW_STRING,
	  .flags = ROW_OPTIONAL | ROW_COMPUTED,
	  .fallback = "a",
	  .choices = choices,
	  .why = "Because.",
	  .doc = "May." },
	{ .name = "secret",
	  .kind = ROW_STRING,
	  .flags = ROW_OPTIONAL | ROW_SENSITIVE,
	  .max = 5,
	  .sent_with = "`Tell`",
	  .doc = "Hush." },
	{ .name = "blank", .kind = ROW_BOOL, .flags = ROW_OPTIONAL, .why = "Blank is best.", .doc = "Blank." },
	{ .name = "rules",
	  .kind = ROW_NUMBER_MAP,
	  .flags = ROW_OPTIONAL | ROW_COMPUTED,
	  .fields = fields,
	  .key_noun = "rule",
	  .min = 1,
	  .max = 7,
	  .fallback = "{\"7\":{\"port\":1}}",
	  .doc = "Rules." },
	{ .name = "more", .kind = ROW_OBJECT, .flags = ROW_OPTIONAL, .fields = fields, .doc = "More." },
	{ .name = NULL },
};

static const struct row_set set = { .name = "vns_thing", .noun = "thing", .doc = "A thing.", .rows = rows };

static const char resource_page[] =
	"---\npage_title: \"vns_thing Resource - vns\"\nsubcategory: \"Things\"\ndescription: |-\n  A thing.\n---\n\n"
	"# vns_thing Resource\n\nA thing.\n\n"
	"## Example Usage\n\n```terraform\nexample\n```\n\n"
	"## Argument Reference\n\n"
	"- `must` (String, Required) Must.\n"
	"  - An id of the form `eni-0123456789abcdef0`.\n"
	"  - A change forces replacement.\n"
	"- `may` (String, Optional) May.\n"
	"  - One of `a`, `b`, `\"\"`.\n"
	"  - Default (recommended): `\"a\"`.\n"
	"  - If you change it: Because.\n"
	"- `secret` (String, Optional, Sensitive) Hush.\n"
	"  - Up to 5 characters.\n"
	"  - Sent with `Tell`.\n"
	"- `blank` (Boolean, Optional) Blank.\n"
	"  - Default (recommended): not set.\n"
	"  - If you change it: Blank is best.\n"
	"- `rules` (Map of Object, Optional) Rules.\n"
	"  - Keys are whole numbers from 1 to 7.\n"
	"  - Default: `{ 7 = { port = 1 } }`.\n"
	"- `more` (Object, Optional) More.\n"
	"\n"
	"### Inside `rules` and `more`\n\n"
	"Arguments:\n\n"
	"- `port` (Number, Required) A port.\n"
	"  - A whole number from 0 to 9.\n"
	"  - EC2 parameter: `Port`.\n"
	"\n"
	"Read-only:\n\n"
	"- `its_id` (String) Its id.\n"
	"\n"
	"## Attribute Reference\n\n"
	"- `id` (String) The id.\n"
	"\n"
	"## Import\n\nA thing is imported by its id, with a block:\n\n```terraform\nblock\n```\n\n"
	"or with the command:\n\n```shell\ncommand\n```\n\n"
	"If it is in another region than the provider's, use `ID@REGION`. Terraform and OpenTofu 1.12 and newer also "
	"accept an `identity` instead of the `id`, with the attributes `id`, `region` and `account_id`; the last two "
	"are optional.\n\n"
	"`terraform plan -generate-config-out=FILE` writes the `resource` block for the imported object. Until that "
	"block exists, add `provider = vns` to the `import` block: otherwise Terraform 1.16 looks for the provider "
	"`hashicorp/vns`.\n\n"
	"## EC2 calls\n\n| calls |\n";

static void test_resource_page(void **state)
{
	(void)state;
	const struct docs_page page = {
		.subcategory = "Things",
		.example = TEXT("\nexample\n"),
		.import_block = TEXT("block\n"),
		.import = TEXT("command\n"),
		.calls = TEXT("| calls |\n"),
	};
	struct buffer out;
	buffer_init(&out, 100000);
	docs_write(&out, &set, &page);
	assert_text(buffer_text(&out), text_of(resource_page));
	buffer_free(&out);
}

static void test_provider_page(void **state)
{
	(void)state;
	static const struct row none[] = { { .name = NULL } };
	static const struct row_set provider = { .name = "vns", .noun = "provider", .doc = "It.", .rows = none };
	const struct docs_page page = { .is_provider = true, .subcategory = "" };
	struct buffer out;
	buffer_init(&out, 100000);
	docs_write(&out, &provider, &page);
	assert_text(buffer_text(&out),
		    T("---\npage_title: \"vns Provider\"\nsubcategory: \"\"\ndescription: |-\n  It.\n"
		      "---\n\n# vns Provider\n\nIt.\n\n"));
	buffer_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resource_page),
		cmocka_unit_test(test_provider_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
