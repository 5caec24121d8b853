// SPDX-License-Identifier: MPL-2.0
#include "fuzz.h"

#include "base/limits.h"
#include "resources/provider_settings.h"
#include "resources/resources.h"
#include "value/msgpack.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t ceiling_bytes = (size_t)512 * 1024 * 1024;
// A few bytes can be a number whose digits are written out (1e4000), or name an empty object of a large type.
static const size_t bytes_per_input_byte = (size_t)4 * LIMIT_NUMBER_DIGITS;
static const size_t bytes_for_nothing = (size_t)2 * 1024 * 1024;

static const char *const types[] = {
	"\"string\"",
	"\"number\"",
	"\"bool\"",
	"\"dynamic\"",
	"[\"list\",\"number\"]",
	"[\"set\",\"string\"]",
	"[\"map\",\"bool\"]",
	"[\"tuple\",[\"string\",\"number\",\"dynamic\"]]",
	"[\"object\",{\"a\":\"string\",\"b\":[\"list\",[\"object\",{\"c\":\"number\"}]],\"d\":\"dynamic\"}]",
	"[\"map\",[\"map\",[\"set\",\"number\"]]]",
	"[\"list\",\"dynamic\"]",
};

enum { TYPES = sizeof types / sizeof types[0] };

int fuzz_random_input;

unsigned choices_below(struct choices *choices, unsigned count)
{
	if (choices->left == 0 || count < 2)
		return 0;
	choices->left--;
	return *choices->at++ % count;
}

bool choices_one_in(struct choices *choices, unsigned count)
{
	return choices_below(choices, count) == count - 1;
}

struct text choices_text(struct choices *choices, size_t most)
{
	size_t length = choices_below(choices, 256);
	length = length < most ? length : most;
	length = length < choices->left ? length : choices->left;
	struct text text = { (const char *)choices->at, length };
	choices->at += length;
	choices->left -= length;
	return length > 0 ? text : T("");
}

struct text choices_rest(struct choices *choices)
{
	struct text rest = { (const char *)choices->at, choices->left };
	choices->left = 0;
	return rest.length > 0 ? rest : T("");
}

void fuzz_check(bool holds, const char *format, ...)
{
	if (holds)
		return;
	va_list arguments;
	va_start(arguments, format);
	(void)fputs("finding: ", stderr);
	(void)vfprintf(stderr, format, arguments);
	if (fuzz_random_input > 0)
		(void)fprintf(stderr, " (random input %d)", fuzz_random_input);
	(void)fputc('\n', stderr);
	va_end(arguments);
	abort();
}

static void check_diagnostics(const struct diagnostics *diagnostics)
{
	size_t errors = 0;
	for (const struct diagnostic *one = diagnostics->first; one; one = one->next) {
		errors += one->severity == SEVERITY_ERROR;
		fuzz_check(one->summary.length > 0 && one->detail.length > 0, "a diagnostic says nothing");
		fuzz_check(text_utf8_prefix(one->summary) == one->summary.length &&
				   text_utf8_prefix(one->detail) == one->detail.length,
			   "a diagnostic is not UTF-8");
	}
	fuzz_check(errors == diagnostics->errors, "%zu errors were counted as %zu", errors, diagnostics->errors);
}

void fuzz_run(void (*work)(struct call *call, void *argument), void *argument, size_t input_size)
{
	struct fuzz fuzz = { .call = { .log = &log_none, .clock = &clock_system } };
	arena_init(&fuzz.arena, ceiling_bytes);
	fuzz.call.arena = &fuzz.arena;
	fuzz.call.diagnostics = &fuzz.diagnostics;
	bool had_memory = call_run(&fuzz.call, work, argument);
	check_diagnostics(&fuzz.diagnostics);
	size_t most = bytes_for_nothing + input_size * bytes_per_input_byte;
	fuzz_check(had_memory && fuzz.arena.taken_bytes <= most, "%zu bytes of input took %zu bytes of memory",
		   input_size, fuzz.arena.taken_bytes);
	arena_free(&fuzz.arena);
}

const struct type *fuzz_type(struct arena *arena, struct choices *choices)
{
	unsigned wish = choices_below(choices, (unsigned)(TYPES + 1 + resources_count));
	if (wish < TYPES)
		return type_read_json(arena, text_of(types[wish]));
	wish -= TYPES;
	return row_type(arena, wish == 0 ? provider_settings.rows : resources_all[wish - 1]->set.rows);
}

static void check_items(const struct value *value)
{
	const struct type *type = value->type;
	bool has_fields = type->kind == TYPE_OBJECT || type->kind == TYPE_TUPLE;
	fuzz_check(!has_fields || value->count == type->field_count, "an object has %zu items for %zu fields",
		   value->count, type->field_count);
	fuzz_check((type->kind == TYPE_MAP && value->count > 0) <= (value->keys != NULL), "a map has no keys");
	for (size_t i = 0; i < value->count; i++) {
		fuzz_check_value(&value->items[i], has_fields ? type->fields[i].type : type->element);
		if (type->kind != TYPE_MAP)
			continue;
		struct text key = value->keys[i], before = i > 0 ? value->keys[i - 1] : key;
		fuzz_check(text_utf8_prefix(key) == key.length, "a key is not UTF-8");
		fuzz_check(i == 0 || text_compare(before, key) < 0, "the keys %.*s and %.*s are not in order",
			   TEXT_ARG(before), TEXT_ARG(key));
	}
}

void fuzz_check_value(const struct value *value, const struct type *type)
{
	fuzz_check(type->kind == TYPE_DYNAMIC || type_equal(value->type, type), "a value is not of its type");
	if (!value_is_known(value))
		return;
	if (value->type->kind == TYPE_STRING)
		fuzz_check(text_utf8_prefix(value->string) == value->string.length, "a text is not UTF-8");
	if (value_holds_items(value))
		check_items(value);
}

void fuzz_check_msgpack(struct arena *arena, const struct value *value, const struct type *type)
{
	struct buffer once, twice;
	struct value again;
	struct text problem = T("");
	// A dynamic value's own type is written only where the declared one is dynamic, so it stands in a list.
	struct type list_type = { .kind = TYPE_LIST, .element = type };
	struct value list = value_list(arena, &list_type, 1);
	list.items[0] = *value;
	buffer_init(&once, LIMIT_MESSAGE_BYTES);
	buffer_init(&twice, LIMIT_MESSAGE_BYTES);
	msgpack_write(&list, &once);
	fuzz_check(!once.failed, "a value cannot be written");
	fuzz_check(msgpack_read(arena, buffer_text(&once), &list_type, &again, &problem),
		   "what was written cannot be read: %.*s", TEXT_ARG(problem));
	fuzz_check(value_equal(&list, &again), "what was written reads as something else");
	msgpack_write(&again, &twice);
	fuzz_check(text_equal(buffer_text(&once), buffer_text(&twice)), "written twice, the bytes differ");
	buffer_free(&once);
	buffer_free(&twice);
}
