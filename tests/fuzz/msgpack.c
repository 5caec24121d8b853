// SPDX-License-Identifier: MPL-2.0
// Values from the host: bytes of MessagePack, read as one of many types.
#include "fuzz.h"

#include "value/msgpack.h"

static void check(struct call *call, void *argument)
{
	struct choices *choices = argument;
	const struct type *type = fuzz_type(call->arena, choices);
	struct value value;
	struct text problem = T("");
	if (msgpack_read(call->arena, choices_rest(choices), type, &value, &problem)) {
		fuzz_check_value(&value, type);
		fuzz_check_msgpack(call->arena, &value, type);
		return;
	}
	fuzz_check(problem.length > 0, "no reason is given");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct choices choices = { bytes, size };
	fuzz_run(check, &choices, size);
	return 0;
}
