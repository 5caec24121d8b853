// SPDX-License-Identifier: MPL-2.0
#include "schema/private.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "base/random.h"
#include "value/json.h"

static const struct type number_map = { .kind = TYPE_MAP, .element = &type_number };

// The object as it is stored.
enum { STORED_CONFIGURED, STORED_BEFORE, STORED_TOKEN, STORED_CREATED, STORED_ASSIGNED, STORED_EMPTY, STORED_FIELDS };
static const struct type_field stored_fields[STORED_FIELDS] = {
	[STORED_CONFIGURED] = { TEXT("configured"), &type_string_set },
	[STORED_BEFORE] = { TEXT("before"), &type_string_set },
	[STORED_TOKEN] = { TEXT("client_token"), &type_string },
	[STORED_CREATED] = { TEXT("created"), &type_number },
	[STORED_ASSIGNED] = { TEXT("assigned"), &number_map },
	[STORED_EMPTY] = { TEXT("empty"), &type_string_set },
};
static const struct type stored_type = { .kind = TYPE_OBJECT, .fields = stored_fields, .field_count = STORED_FIELDS };

static struct value known_or_empty(struct arena *arena, const struct value *set)
{
	return value_is_known(set) ? *set : value_list(arena, &type_string_set, 0);
}

struct private_data private_read(struct arena *arena, struct text bytes)
{
	struct value stored = value_null(&stored_type);
	struct text problem;
	if (bytes.length > 0 && !json_read(arena, bytes, &stored_type, &stored, &problem))
		stored = value_null(&stored_type);
	struct private_data data = { .exists = value_is_known(&stored) };
	if (!data.exists)
		stored = value_object(arena, &stored_type);
	data.configured = known_or_empty(arena, &stored.items[STORED_CONFIGURED]);
	data.before = known_or_empty(arena, &stored.items[STORED_BEFORE]);
	data.token = stored.items[STORED_TOKEN];
	data.created = stored.items[STORED_CREATED];
	data.assigned = stored.items[STORED_ASSIGNED];
	data.empty = stored.items[STORED_EMPTY];
	if (value_is_known(&data.empty) && !value_is_known(&stored.items[STORED_CONFIGURED]))
		data.exists = false; // an import's, before the first plan was applied
	return data;
}

static void free_buffer(void *buffer)
{
	buffer_free(buffer);
}

struct text private_write(struct arena *arena, const struct private_data *data)
{
	static const struct value nothing = { .state = VALUE_NULL, .type = &type_string_set };
	const struct value *const values[STORED_FIELDS] = {
		[STORED_CONFIGURED] = data->exists ? &data->configured : &nothing,
		[STORED_BEFORE] = data->exists ? &data->before : &nothing,
		[STORED_TOKEN] = &data->token,
		[STORED_CREATED] = &data->created,
		[STORED_ASSIGNED] = &data->assigned,
		[STORED_EMPTY] = &data->empty,
	};
	struct type_field *fields = ARENA_ARRAY(arena, struct type_field, STORED_FIELDS);
	struct type *type = ARENA_NEW(arena, struct type);
	*type = (struct type){ .kind = TYPE_OBJECT, .fields = fields };
	struct value stored = value_object(arena, &stored_type);
	stored.type = type;
	stored.count = 0;
	for (size_t i = 0; i < STORED_FIELDS; i++) {
		if (!value_is_known(values[i]))
			continue; // left out
		fields[type->field_count++] = stored_fields[i];
		stored.items[stored.count++] = *values[i];
	}
	struct buffer *out = ARENA_NEW(arena, struct buffer);
	buffer_init(out, LIMIT_MESSAGE_BYTES);
	arena_on_free(arena, free_buffer, out);
	json_write(&stored, out);
	if (out->failed)
		arena_leave(arena);
	return buffer_text(out);
}

bool private_was_chosen(struct arena *arena, const struct private_data *data, const struct row *row,
			const struct value *prior_value)
{
	if (value_has_string(&data->configured, text_of(row->name)))
		return true;
	if (row->assigned) {
		const struct value only = row_assigned(arena, row);
		if (!value_is_known(prior_value) || row_value_equal(row, prior_value, &only))
			return false;
		if (!data->exists)
			return true;
	}
	// Without a memory of the value, no plan is asked for what EC2 may have assigned.
	const struct value *remembered = value_key(&data->assigned, text_of(row->name));
	return remembered && !row_value_equal(row, prior_value, remembered);
}

bool private_is_empty(const struct private_data *data, const struct row *row)
{
	return value_has_string(&data->empty, text_of(row->name));
}

// What of `before` the configuration has no word of its own about. Null when there is nothing.
static struct value still_empty(struct arena *arena, const struct row *rows, const struct value *config,
				const struct private_data *before)
{
	const size_t count = row_count(rows);
	struct value empty = value_list(arena, &type_string_set, count);
	empty.count = 0;
	for (size_t i = 0; i < count; i++) {
		if (private_is_empty(before, &rows[i]) && value_is_null(&config->items[i]))
			empty.items[empty.count++] = value_string(text_of(rows[i].name));
	}
	return empty.count > 0 ? empty : value_null(&type_string_set);
}

struct private_data private_of_plan(struct arena *arena, const struct row *rows, const struct value *config,
				    const struct value *prior, const struct private_data *before)
{
	bool creates = !value_is_known(prior);
	size_t count = row_count(rows);
	struct private_data data = {
		.exists = true,
		.configured = value_list(arena, &type_string_set, count),
		.before = value_list(arena, &type_string_set, count),
		.token = value_null(&type_string),
		.created = before->created,
		.assigned = creates ? value_null(&number_map) : before->assigned,
		.empty = creates ? value_null(&type_string_set) : still_empty(arena, rows, config, before),
	};
	data.configured.count = data.before.count = 0;
	const bool moves = !creates && row_moves(rows, prior, config);
	for (size_t i = 0; i < count; i++) {
		const struct row *row = &rows[i];
		if (!(row->flags & ROW_ASSIGNED))
			continue;
		struct value name = value_string(text_of(row->name));
		bool was_chosen = !creates && private_was_chosen(arena, before, row, &prior->items[i]);
		bool repeats = !creates && !was_chosen && row_value_equal(row, &config->items[i], &prior->items[i]) &&
			       !(row->assigned && moves);
		if (was_chosen)
			data.before.items[data.before.count++] = name;
		if (!value_is_null(&config->items[i]) && !repeats)
			data.configured.items[data.configured.count++] = name;
	}
	return data;
}

struct text private_after_failure(struct arena *arena, struct text planned)
{
	struct private_data data = private_read(arena, planned);
	struct value both = value_list(arena, &type_string_set, data.configured.count + data.before.count);
	both.count = 0;
	for (size_t i = 0; i < data.configured.count; i++)
		both.items[both.count++] = data.configured.items[i];
	for (size_t i = 0; i < data.before.count; i++) {
		if (!value_has_string(&both, data.before.items[i].string))
			both.items[both.count++] = data.before.items[i];
	}
	data.configured = both;
	data.before = value_list(arena, &type_string_set, 0);
	return private_write(arena, &data);
}

struct text private_token(struct arena *arena, struct text planned)
{
	struct private_data data = private_read(arena, planned);
	return value_is_known(&data.token) ? data.token.string : T("");
}

struct text private_with_token(struct arena *arena, struct text planned, struct text earlier)
{
	struct private_data data = private_read(arena, planned);
	struct text token = private_token(arena, earlier);
	data.token = value_string(token.length > 0 ? token : random_token(arena));
	return private_write(arena, &data);
}

struct text private_after_create(struct arena *arena, struct text planned, int64_t created_s)
{
	struct private_data data = private_read(arena, planned);
	if (!data.exists)
		return planned;
	data.token = value_null(&type_string);
	data.created = value_integer(created_s);
	return private_write(arena, &data);
}

struct text private_with_assigned(struct arena *arena, struct text stored, const struct row *rows,
				  const struct value *state)
{
	struct private_data data = private_read(arena, stored);
	if (!data.exists || !value_is_known(state))
		return stored;
	const size_t count = row_count(rows);
	data.assigned = value_map(arena, &number_map, count);
	data.assigned.count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct text name = text_of(rows[i].name);
		if (!(rows[i].flags & ROW_ASSIGNED) || value_has_string(&data.configured, name))
			continue;
		data.assigned.keys[data.assigned.count] = name;
		data.assigned.items[data.assigned.count++] = state->items[i];
	}
	return private_write(arena, &data);
}

struct text private_with_empty(struct arena *arena, struct text stored, const struct row *rows,
			       const struct value *prior, const struct value *state)
{
	struct private_data data = private_read(arena, stored);
	const size_t count = row_count(rows);
	struct value empty = value_list(arena, &type_string_set, count);
	empty.count = 0;
	for (size_t i = 0; i < count; i++) {
		bool has_default = rows[i].kind == ROW_STRING && rows[i].fallback;
		if (has_default && value_is_null(&prior->items[i]) && value_is_known(&state->items[i]) &&
		    state->items[i].string.length == 0)
			empty.items[empty.count++] = value_string(text_of(rows[i].name));
	}
	if (empty.count == 0)
		return stored;
	data.empty = empty;
	return private_write(arena, &data);
}

bool private_created(struct arena *arena, struct text stored, int64_t *ret_created_s)
{
	struct private_data data = private_read(arena, stored);
	if (!value_is_known(&data.created) || !data.created.number.is_integer)
		return false;
	*ret_created_s = data.created.number.integer;
	return true;
}
