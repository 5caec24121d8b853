// SPDX-License-Identifier: MPL-2.0
// Validation of configurations of any kind: whatever they say, faults are told at attributes that exist, the same ones
// each time, and what is not known yet is no fault.
#include "schema/validate.h"

#include "any_value.h"
#include "base/path.h"
#include "fuzz.h"
#include "resources/provider_settings.h"
#include "resources/resources.h"

static void check_places(const struct row_set *set, const struct diagnostics *diagnostics)
{
	for (const struct diagnostic *one = diagnostics->first; one; one = one->next) {
		const struct path *top = one->attribute;
		while (top && top->parent)
			top = top->parent;
		fuzz_check(!top || (top->kind == PATH_ATTRIBUTE && row_find(set->rows, top->name)),
			   "%s: an error stands at %.*s, which does not exist", set->name,
			   top ? text_print_length(top->name) : 0, top ? top->name.at : "");
	}
}

static size_t count_errors(struct call *call, const struct row_set *set, const struct value *config)
{
	size_t before = call->diagnostics->errors;
	validate_config(call, set, config);
	return call->diagnostics->errors - before;
}

// Core does not ask for blocks that are unknown, so those are left out.
static struct value unknown_object(struct arena *arena, const struct row_set *set, const struct type *type)
{
	struct value object = value_object(arena, type);
	for (size_t i = 0; i < object.count; i++) {
		bool is_settable = set->rows[i].flags & (ROW_REQUIRED | ROW_OPTIONAL);
		const struct type *item = type->fields[i].type;
		if (set->rows[i].kind == ROW_BLOCK)
			object.items[i] = value_list(arena, item, 0);
		else
			object.items[i] = is_settable ? value_unknown(item) : value_null(item);
	}
	return object;
}

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	unsigned wish = choices_below(choices, (unsigned)resources_count + 1);
	const struct row_set *set = wish == 0 ? &provider_settings : &resources_all[wish - 1]->set;
	const struct type *type = row_type(call->arena, set->rows);
	const struct any any = { call->arena, choices, true, choices_one_in(choices, 4) };
	struct value config = any_object(&any, set->rows, type);
	size_t errors = count_errors(call, set, &config);
	fuzz_check(errors == count_errors(call, set, &config), "%s: another number of errors", set->name);
	check_places(set, call->diagnostics);
	struct value unknown = unknown_object(call->arena, set, type), none = value_null(type);
	fuzz_check(count_errors(call, set, &unknown) == 0, "%s: complains of something unknown", set->name);
	fuzz_check(count_errors(call, set, &none) == 0, "%s: complains of nothing", set->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
