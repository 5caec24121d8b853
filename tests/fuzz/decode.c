// SPDX-License-Identifier: MPL-2.0
// Answers of EC2 read by the rows: the input chooses which of the rows' elements there are, how often, and what they
// say; or it is the answer itself.
#include "ec2/decode.h"

#include "fuzz.h"
#include "base/limits.h"
#include "resources/resources.h"

static void write_text(struct buffer *out, struct choices *choices)
{
	static const char *const usual[] = {
		"", "100", "0", "-1", "true", "9223372036854775807", "accept", "10.0.0.0/8"
	};
	unsigned wish = choices_below(choices, 10);
	if (wish < 8) {
		buffer_append_text(out, text_of(usual[wish]));
		return;
	}
	struct text any = choices_text(choices, 64);
	for (size_t i = 0; i < any.length; i++) {
		if (any.at[i] == '<' || any.at[i] == '&' || (unsigned char)any.at[i] < ' ')
			buffer_append_char(out, '?');
		else
			buffer_append_char(out, any.at[i]);
	}
}

static void write_rows(struct arena *arena, struct buffer *out, struct choices *choices, const struct row *rows);

static void write_items(struct arena *arena, struct buffer *out, struct choices *choices, const struct row *row)
{
	for (unsigned count = choices_below(choices, 4); count > 0; count--) {
		buffer_append_text(out, T("<item>"));
		if (row->key_xml && !choices_one_in(choices, 4)) {
			buffer_print(out, "<%s>", row->key_xml);
			write_text(out, choices);
			buffer_print(out, "</%s>", row->key_xml);
		}
		if (row->fields)
			write_rows(arena, out, choices, row->fields);
		else
			write_text(out, choices);
		buffer_append_text(out, T("</item>"));
	}
}

static void write_row(struct arena *arena, struct buffer *out, struct choices *choices, const struct row *row)
{
	struct text name = row_xml_name(arena, row);
	if (name.length == 0)
		return;
	buffer_print(out, "<%.*s>", TEXT_ARG(name));
	switch (row->kind) {
	case ROW_STRING_LIST:
	case ROW_STRING_SET:
	case ROW_STRING_MAP:
	case ROW_NUMBER_MAP:
		write_items(arena, out, choices, row);
		break;
	case ROW_OBJECT:
		write_rows(arena, out, choices, row->fields);
		break;
	case ROW_STRING:
	case ROW_INTEGER:
	case ROW_BOOL:
	case ROW_BLOCK:
		write_text(out, choices);
		break;
	}
	buffer_print(out, "</%.*s>", TEXT_ARG(name));
}

static void write_rows(struct arena *arena, struct buffer *out, struct choices *choices, const struct row *rows)
{
	for (size_t i = 0; rows[i].name; i++) {
		for (unsigned times = choices_below(choices, 3); times > 0; times--)
			write_row(arena, out, choices, &rows[i]);
	}
}

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	const struct row *rows = resources_all[choices_below(choices, (unsigned)resources_count)]->set.rows;
	struct buffer answer;
	buffer_init(&answer, LIMIT_RESPONSE_BYTES);
	if (choices_one_in(choices, 8)) {
		buffer_append_text(&answer, choices_rest(choices));
	} else {
		buffer_append_text(&answer, T("<item>"));
		write_rows(call->arena, &answer, choices, rows);
		buffer_append_text(&answer, T("</item>"));
	}
	struct text problem;
	const struct xml_node *item = xml_parse(call->arena, buffer_text(&answer), &problem);
	buffer_free(&answer);
	if (!item)
		return;
	const struct type *type = row_type(call->arena, rows);
	struct value object = value_object(call->arena, type);
	bool good = decode_object(call, rows, item, &object);
	fuzz_check(good == (call->diagnostics->errors == 0), "failure and errors do not agree");
	fuzz_check(value_is_wholly_known(&object), "an answer has something unknown");
	fuzz_check_value(&object, type);
	fuzz_check_msgpack(call->arena, &object, type);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
