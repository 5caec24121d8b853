// SPDX-License-Identifier: MPL-2.0
#include "ec2/encode.h"

#include "ec2/settle.h"

static void add_fields(struct query *query, struct text prefix, const struct row *rows, const struct value *object);

static void add_value(struct query *query, struct text prefix, const struct row *row, const struct value *value)
{
	struct text name = text_print(query->arena, "%.*s%s", TEXT_ARG(prefix), row->ec2);
	switch (row->kind) {
	case ROW_STRING:
		query_add(query, name, value->string);
		return;
	case ROW_INTEGER:
		query_add_number(query, name, value->number.integer);
		return;
	case ROW_OBJECT:
		add_fields(query, text_print(query->arena, "%.*s.", TEXT_ARG(name)), row->fields, value);
		return;
	case ROW_BOOL: // none of these is a parameter (schema/lint.h)
	case ROW_STRING_LIST:
	case ROW_STRING_SET:
	case ROW_STRING_MAP: // tags, which have an encoding of their own (ec2/tags.h)
	case ROW_NUMBER_MAP: // objects of EC2's own (ec2/rules.h)
	case ROW_BLOCK:      // only in the provider's settings
		return;
	}
}

static void add_fields(struct query *query, struct text prefix, const struct row *rows, const struct value *object)
{
	for (size_t i = 0; rows[i].name; i++) {
		if (rows[i].ec2 && !settle_is_nothing(&rows[i], &object->items[i]))
			add_value(query, prefix, &rows[i], &object->items[i]);
	}
}

void encode_create(struct query *query, const struct row *rows, const struct value *planned)
{
	add_fields(query, T(""), rows, planned);
}

bool encode_modify(struct query *query, const struct row *rows, const struct value *state, const struct value *planned,
		   const struct value *config)
{
	size_t before = query->count;
	size_t removed = 0;
	const bool moves = row_moves(rows, state, planned);
	for (size_t i = 0; rows[i].name; i++) {
		const struct row *row = &rows[i];
		const struct value *wanted = &planned->items[i];
		if (value_is_unknown(wanted) && value_is_known(config))
			wanted = &config->items[i];
		const bool again =
			moves && row->assigned && value_is_known(config) && value_is_known(&config->items[i]);
		if (!row->ec2 || (row->flags & ROW_REPLACE) ||
		    (settle_means_same(row, wanted, &state->items[i]) && !again))
			continue;
		if (!settle_is_nothing(row, wanted))
			add_value(query, T(""), row, wanted);
		else if (row->flags & ROW_CLEARABLE)
			query_add_item(query, T("RemoveField"), ++removed, T(""),
				       row_remove_field_name(query->arena, row));
	}
	return query->count > before;
}

const struct row *encode_row(const struct row *rows, struct text ec2_name)
{
	for (const struct row *row = rows; row->name; row++) {
		if (row->ec2 && text_equal(text_of(row->ec2), ec2_name))
			return row;
	}
	return NULL;
}
