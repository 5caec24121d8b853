// SPDX-License-Identifier: MPL-2.0
// Between the messages of the protocol and what the rest of the provider works with. Private to provider/.
#ifndef VNS_PROVIDER_WIRE_H
#define VNS_PROVIDER_WIRE_H

#include "base/buffer.h"
#include "base/call.h"
#include "tfplugin6.pb-c.h"
#include "value/value.h"

#include <stdbool.h>
#include <stddef.h>

// What a call ended with, in the form that every response has. It lives on the handler's stack until the response is
// packed: the words that tell of a want of memory are in here, so that they need none.
struct wire_outcome {
	size_t count;
	Tfplugin6__Diagnostic **list;

	Tfplugin6__Diagnostic out_of_memory;
	Tfplugin6__Diagnostic *out_of_memory_list[1];
	char summary[64];
	char detail[192];
};

// Runs work(call, argument), then makes the outcome of the call's diagnostics. When memory ran out on the way, the
// outcome is one error that says so: `argument` has to hold an answer that is right wherever the work stopped.
void wire_run(struct call *call, void (*work)(struct call *call, void *argument), void *argument,
	      struct wire_outcome *ret_outcome);

// One value of a request. None (NULL, or empty) is a null. False, with an error that names `where` ("prior_state of
// PlanResourceChange"), when it does not encode a value of the type.
bool wire_read(struct call *call, const char *where, const Tfplugin6__DynamicValue *dynamic, const struct type *type,
	       struct value *ret_value);
// The same in the JSON form that states are stored in.
bool wire_read_raw(struct call *call, const char *where, const Tfplugin6__RawState *raw, const struct type *type,
		   struct value *ret_value);
// One value for a response, which lasts as long as the call's arena. NULL, with an error, when it is larger than a
// message may be or the system has no memory.
Tfplugin6__DynamicValue *wire_write(struct call *call, const struct value *value);

// A copy of the bytes, in the arena, as a field of a message.
ProtobufCBinaryData wire_bytes(struct arena *arena, struct text bytes);
// A view of such a field.
struct text wire_text(ProtobufCBinaryData bytes);

// A path as the host reads it; in the arena.
Tfplugin6__AttributePath *wire_path(struct arena *arena, const struct path *path);

#endif
