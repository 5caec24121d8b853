// SPDX-License-Identifier: MPL-2.0
#include "value/msgpack.h"

#include "base/limits.h"
#include "base/path.h"
#include "value/msgpack_token.h"
#include "value/number.h"

#include <msgpack.h>
#include <stdarg.h>

// --- reading ---

// The extension code of a refined unknown: one with hints about the value to come (not null, a prefix, a length).
// Nothing here plans with hints, and without them an unknown may become anything, so they are passed over.
#define REFINED_UNKNOWN 12

struct reader {
	struct arena *arena;
	struct text rest;
	struct text problem;
};

static bool fail(struct reader *reader, const struct path *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static bool fail(struct reader *reader, const struct path *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	reader->problem = path_sentence(reader->arena, path, format, arguments);
	va_end(arguments);
	return false;
}

static bool mismatch(struct reader *reader, const struct path *path, const char *wanted, enum msgpack_kind kind)
{
	return fail(reader, path, "%s is required, but the value is %s.", wanted, msgpack_token_name(kind));
}

static bool read_value(struct reader *reader, const struct type *type, const struct path *path, int depth,
		       struct value *ret_value);

static bool is_text(const struct msgpack_token *token)
{
	return token->kind == TOKEN_STRING || token->kind == TOKEN_BINARY;
}

static bool is_utf8(struct text view)
{
	return text_utf8_prefix(view) == view.length;
}

static bool read_unknown(struct reader *reader, const struct path *path, const struct msgpack_token *token,
			 const struct type *type, struct value *ret_value)
{
	if (token->body.length > 1 && token->extension != REFINED_UNKNOWN)
		return fail(reader, path, "the extension type %d is not part of Terraform's encoding.",
			    token->extension);
	if (token->body.length > LIMIT_REFINEMENT_BYTES)
		return fail(reader, path, "an unknown value comes with %zu bytes of hints; at most %d are allowed.",
			    token->body.length, LIMIT_REFINEMENT_BYTES);
	*ret_value = value_unknown(type);
	return true;
}

static bool read_string(struct reader *reader, const struct path *path, const struct msgpack_token *token,
			struct value *ret_value)
{
	if (!is_text(token))
		return mismatch(reader, path, "a string", token->kind);
	if (!is_utf8(token->body))
		return fail(reader, path, "the string is not UTF-8.");
	*ret_value = value_string(token->body);
	return true;
}

static bool read_bool(struct reader *reader, const struct path *path, const struct msgpack_token *token,
		      struct value *ret_value)
{
	if (token->kind != TOKEN_BOOL)
		return mismatch(reader, path, "a bool", token->kind);
	*ret_value = value_bool(token->boolean);
	return true;
}

static bool read_number(struct reader *reader, const struct path *path, const struct msgpack_token *token,
			struct value *ret_value)
{
	*ret_value = value_integer(token->integer);
	if (token->kind == TOKEN_INTEGER)
		return true;
	if (token->kind == TOKEN_UNSIGNED) {
		ret_value->number = number_from_unsigned(reader->arena, token->whole);
		return true;
	}
	if (token->kind == TOKEN_DOUBLE)
		return number_from_double(reader->arena, token->real, &ret_value->number) ||
		       fail(reader, path, "the number is infinite or not a number.");
	if (!is_text(token))
		return mismatch(reader, path, "a number", token->kind);
	return number_read(reader->arena, token->body, &ret_value->number) ||
	       fail(reader, path,
		    "the text for a number is not a decimal number, or has more than %d digits by its exponent.",
		    LIMIT_NUMBER_DIGITS);
}

static bool read_list(struct reader *reader, const struct type *type, const struct path *path, int depth,
		      const struct msgpack_token *head, struct value *ret_value)
{
	if (head->kind != TOKEN_ARRAY)
		return mismatch(reader, path, "a list", head->kind);
	if (type->kind == TYPE_TUPLE && head->count != type->field_count)
		return fail(reader, path, "%zu elements are required, but there are %zu.", type->field_count,
			    head->count);
	*ret_value = value_list(reader->arena, type, head->count);
	for (size_t i = 0; i < head->count; i++) {
		struct path item = path_index(path, (int64_t)i);
		const struct type *item_type = type->element ? type->element : type->fields[i].type;
		if (!read_value(reader, item_type, &item, depth + 1, &ret_value->items[i]))
			return false;
	}
	return true;
}

// A key of a map, or the name of an object's field.
static bool read_key(struct reader *reader, const struct path *path, struct text *ret_key)
{
	struct msgpack_token key = msgpack_token_take(&reader->rest);
	if (!is_text(&key) || !is_utf8(key.body))
		return fail(reader, path, "a key is not text.");
	*ret_key = key.body;
	return true;
}

static bool read_map(struct reader *reader, const struct type *type, const struct path *path, int depth,
		     const struct msgpack_token *head, struct value *ret_value)
{
	if (head->kind != TOKEN_MAP)
		return mismatch(reader, path, "a map", head->kind);
	*ret_value = value_map(reader->arena, type, head->count);
	for (size_t i = 0; i < head->count; i++) {
		if (!read_key(reader, path, &ret_value->keys[i]))
			return false;
		struct path item = path_key(path, ret_value->keys[i]);
		if (!read_value(reader, type->element, &item, depth + 1, &ret_value->items[i]))
			return false;
	}
	value_sort_map(ret_value);
	for (size_t i = 1; i < ret_value->count; i++) {
		if (text_equal(ret_value->keys[i - 1], ret_value->keys[i]))
			return fail(reader, path, "the key \"%.*s\" is there twice.", TEXT_ARG(ret_value->keys[i]));
	}
	return true;
}

static bool read_object(struct reader *reader, const struct type *type, const struct path *path, int depth,
			const struct msgpack_token *head, struct value *ret_value)
{
	if (head->kind != TOKEN_MAP)
		return mismatch(reader, path, "an object", head->kind);
	*ret_value = value_object(reader->arena, type);
	bool *seen = ARENA_ARRAY(reader->arena, bool, type->field_count);
	size_t slot = SIZE_MAX;
	for (size_t i = 0; i < head->count; i++) {
		struct text name;
		if (!read_key(reader, path, &name))
			return false;
		// A key that was read is there. NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage)
		slot = type_field_after(type, slot, name);
		if (slot == SIZE_MAX)
			return fail(reader, path, "there is no attribute \"%.*s\".", TEXT_ARG(name));
		struct path field = path_attribute(path, name);
		if (seen[slot])
			return fail(reader, &field, "the attribute is there twice.");
		seen[slot] = true;
		if (!read_value(reader, type->fields[slot].type, &field, depth + 1, &ret_value->items[slot]))
			return false;
	}
	for (size_t i = 0; i < type->field_count; i++) {
		if (!seen[i])
			return fail(reader, path, "the attribute \"%.*s\" is missing.", TEXT_ARG(type->fields[i].name));
	}
	return true;
}

// [type, value]
static bool read_dynamic(struct reader *reader, const struct path *path, int depth, const struct msgpack_token *head,
			 struct value *ret_value)
{
	if (head->kind != TOKEN_ARRAY || head->count != 2)
		return fail(reader, path, "a pair of type and value is required, but the value is %s.",
			    msgpack_token_name(head->kind));
	struct msgpack_token json = msgpack_token_take(&reader->rest);
	const struct type *type = is_text(&json) ? type_read_json(reader->arena, json.body) : NULL;
	if (!type)
		return fail(reader, path, "the type that comes with the value cannot be read.");
	return read_value(reader, type, path, depth + 1, ret_value);
}

static bool read_known(struct reader *reader, const struct type *type, const struct path *path, int depth,
		       const struct msgpack_token *head, struct value *ret_value)
{
	switch (type->kind) {
	case TYPE_STRING:
		return read_string(reader, path, head, ret_value);
	case TYPE_NUMBER:
		return read_number(reader, path, head, ret_value);
	case TYPE_BOOL:
		return read_bool(reader, path, head, ret_value);
	case TYPE_LIST:
	case TYPE_SET:
	case TYPE_TUPLE:
		return read_list(reader, type, path, depth, head, ret_value);
	case TYPE_MAP:
		return read_map(reader, type, path, depth, head, ret_value);
	case TYPE_OBJECT:
		return read_object(reader, type, path, depth, head, ret_value);
	case TYPE_DYNAMIC:
		break;
	}
	return read_dynamic(reader, path, depth, head, ret_value);
}

static bool read_value(struct reader *reader, const struct type *type, const struct path *path, int depth,
		       struct value *ret_value)
{
	if (depth > LIMIT_NESTING)
		return fail(reader, path, "the value is nested more than %d levels deep.", LIMIT_NESTING);
	struct msgpack_token token = msgpack_token_take(&reader->rest);
	if (token.kind == TOKEN_CUT)
		return fail(reader, path, "the encoded value is cut off here.");
	if (token.kind == TOKEN_BAD)
		return fail(reader, path, "the bytes are no MessagePack.");
	if (token.kind == TOKEN_EXTENSION)
		return read_unknown(reader, path, &token, type, ret_value);
	if (token.kind == TOKEN_NIL) {
		*ret_value = value_null(type);
		return true;
	}
	return read_known(reader, type, path, depth, &token, ret_value);
}

bool msgpack_read(struct arena *arena, struct text bytes, const struct type *type, struct value *ret_value,
		  struct text *ret_problem)
{
	struct reader reader = { .arena = arena, .rest = bytes };
	*ret_value = value_null(type);
	if (bytes.length == 0)
		return true;
	bool ok = read_value(&reader, type, NULL, 0, ret_value);
	if (ok && reader.rest.length > 0)
		ok = fail(&reader, NULL, "%zu bytes follow the encoded value.", reader.rest.length);
	*ret_problem = reader.problem;
	return ok;
}

// --- writing ---

static int append(void *buffer, const char *bytes, size_t length)
{
	buffer_append(buffer, bytes, length);
	return 0;
}

static void write_as(msgpack_packer *packer, const struct value *value, const struct type *declared);

static void write_text(msgpack_packer *packer, struct text view)
{
	(void)msgpack_pack_str(packer, view.length);
	(void)msgpack_pack_str_body(packer, view.at, view.length);
}

// What Terraform itself would choose (facts: protocol, 4.3), so what came as a double goes back as the same double.
static void write_number(msgpack_packer *packer, const struct number *number)
{
	double real;
	if (number->is_integer)
		(void)msgpack_pack_int64(packer, number->integer);
	else if (number_to_double(number, &real))
		(void)msgpack_pack_double(packer, real);
	else
		write_text(packer, number->decimal);
}

static void write_items(msgpack_packer *packer, const struct value *list)
{
	const struct type *type = list->type;
	(void)msgpack_pack_array(packer, list->count);
	for (size_t i = 0; i < list->count; i++)
		write_as(packer, &list->items[i], type->element ? type->element : type->fields[i].type);
}

static void write_map(msgpack_packer *packer, const struct value *map)
{
	(void)msgpack_pack_map(packer, map->count);
	for (size_t i = 0; i < map->count; i++) {
		write_text(packer, map->keys[i]);
		write_as(packer, &map->items[i], map->type->element);
	}
}

static void write_object(msgpack_packer *packer, const struct value *object)
{
	const struct type *type = object->type;
	(void)msgpack_pack_map(packer, object->count);
	for (size_t i = type_next_field(type, SIZE_MAX); i != SIZE_MAX; i = type_next_field(type, i)) {
		write_text(packer, type->fields[i].name);
		write_as(packer, &object->items[i], type->fields[i].type);
	}
}

static void write_known(msgpack_packer *packer, const struct value *value)
{
	switch (value->type->kind) {
	case TYPE_STRING:
		write_text(packer, value->string);
		break;
	case TYPE_NUMBER:
		write_number(packer, &value->number);
		break;
	case TYPE_BOOL:
		(void)(value->boolean ? msgpack_pack_true(packer) : msgpack_pack_false(packer));
		break;
	case TYPE_LIST:
	case TYPE_SET:
	case TYPE_TUPLE:
		write_items(packer, value);
		break;
	case TYPE_MAP:
		write_map(packer, value);
		break;
	case TYPE_OBJECT:
		write_object(packer, value);
		break;
	case TYPE_DYNAMIC:
		break; // a known value is of a type that is known
	}
}

// The head of [type, value].
static void write_type(msgpack_packer *packer, const struct type *type)
{
	struct buffer *out = packer->data;
	struct buffer json;
	buffer_init(&json, out->ceiling);
	type_write_json(type, &json);
	if (json.failed)
		out->failed = true;
	(void)msgpack_pack_array(packer, 2);
	(void)msgpack_pack_bin(packer, json.length);
	(void)msgpack_pack_bin_body(packer, json.bytes, json.length);
	buffer_free(&json);
}

// `declared` is the type at this place, which decides whether the value's own type has to travel with it.
static void write_as(msgpack_packer *packer, const struct value *value, const struct type *declared)
{
	static const char unknown[] = { 0 };
	if (declared->kind == TYPE_DYNAMIC && value->type->kind != TYPE_DYNAMIC)
		write_type(packer, value->type);
	if (value_is_null(value))
		(void)msgpack_pack_nil(packer);
	else if (value_is_unknown(value))
		(void)msgpack_pack_ext_with_body(packer, unknown, sizeof unknown, 0);
	else
		write_known(packer, value);
}

void msgpack_write(const struct value *value, struct buffer *out)
{
	msgpack_packer packer;
	msgpack_packer_init(&packer, out, append);
	write_as(&packer, value, value->type);
}
