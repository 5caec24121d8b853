// SPDX-License-Identifier: MPL-2.0
// Types in their JSON form, which travel with dynamic values.
#include "fuzz.h"

#include "base/limits.h"

static void check(struct call *call, void *argument)
{
	const struct type *type = type_read_json(call->arena, choices_rest(argument));
	if (!type)
		return;
	struct buffer once, twice;
	buffer_init(&once, LIMIT_MESSAGE_BYTES);
	buffer_init(&twice, LIMIT_MESSAGE_BYTES);
	type_write_json(type, &once);
	const struct type *again = type_read_json(call->arena, buffer_text(&once));
	fuzz_check(again != NULL, "what was written cannot be read: %.*s", TEXT_ARG(buffer_text(&once)));
	fuzz_check(type_equal(type, again), "what was written reads as something else: %.*s",
		   TEXT_ARG(buffer_text(&once)));
	type_write_json(again, &twice);
	fuzz_check(text_equal(buffer_text(&once), buffer_text(&twice)), "written twice, the texts differ");
	buffer_free(&once);
	buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
