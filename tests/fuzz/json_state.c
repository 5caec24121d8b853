// SPDX-License-Identifier: MPL-2.0
// Stored state: JSON that may have been edited by hand or come from another version.
#include "fuzz.h"

#include "base/limits.h"
#include "value/json.h"

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	const struct type *type = fuzz_type(call->arena, choices);
	struct value value, again;
	struct text problem = T("");
	if (!json_read(call->arena, choices_rest(choices), type, &value, &problem)) {
		fuzz_check(problem.length > 0, "no reason is given");
		return;
	}
	fuzz_check_value(&value, type);
	fuzz_check(value_is_wholly_known(&value), "stored state has something unknown");
	fuzz_check_msgpack(call->arena, &value, type);
	// A dynamic value's own type is written only where the declared one is dynamic, so it stands in a list.
	struct type list_type = { .kind = TYPE_LIST, .element = type };
	struct value list = value_list(call->arena, &list_type, 1);
	list.items[0] = value;
	struct buffer once;
	buffer_init(&once, LIMIT_MESSAGE_BYTES);
	json_write(&list, &once);
	fuzz_check(!once.failed, "a state cannot be written");
	fuzz_check(json_read(call->arena, buffer_text(&once), &list_type, &again, &problem),
		   "what was written cannot be read: %.*s: %.*s", TEXT_ARG(problem), TEXT_ARG(buffer_text(&once)));
	fuzz_check(value_equal(&list, &again), "what was written reads as something else: %.*s",
		   TEXT_ARG(buffer_text(&once)));
	buffer_free(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
