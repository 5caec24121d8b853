// SPDX-License-Identifier: MPL-2.0
#include "provider/wire.h"

#include "base/limits.h"
#include "value/json.h"
#include "value/msgpack.h"

#include <string.h>

static size_t count_steps(const struct path *path)
{
	size_t count = 0;
	for (; path; path = path->parent)
		count++;
	return count;
}

static Tfplugin6__AttributePath__Step *make_step(struct arena *arena, const struct path *path)
{
	Tfplugin6__AttributePath__Step *step = ARENA_NEW(arena, Tfplugin6__AttributePath__Step);
	tfplugin6__attribute_path__step__init(step);
	switch (path->kind) {
	case PATH_ATTRIBUTE:
		step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ATTRIBUTE_NAME;
		step->attribute_name = text_to_c_string(arena, path->name);
		break;
	case PATH_KEY:
		step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_STRING;
		step->element_key_string = text_to_c_string(arena, path->name);
		break;
	case PATH_INDEX:
		step->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_INT;
		step->element_key_int = path->index;
		break;
	}
	return step;
}

Tfplugin6__AttributePath *wire_path(struct arena *arena, const struct path *path)
{
	Tfplugin6__AttributePath *made = ARENA_NEW(arena, Tfplugin6__AttributePath);
	tfplugin6__attribute_path__init(made);
	made->n_steps = count_steps(path);
	made->steps = ARENA_ARRAY(arena, Tfplugin6__AttributePath__Step *, made->n_steps);
	size_t position = made->n_steps;
	for (; path; path = path->parent)
		made->steps[--position] = make_step(arena, path);
	return made;
}

static Tfplugin6__Diagnostic *make_diagnostic(struct arena *arena, const struct diagnostic *diagnostic)
{
	Tfplugin6__Diagnostic *made = ARENA_NEW(arena, Tfplugin6__Diagnostic);
	tfplugin6__diagnostic__init(made);
	made->severity = diagnostic->severity == SEVERITY_ERROR ? TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR
								: TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING;
	made->summary = text_to_c_string(arena, diagnostic->summary);
	made->detail = text_to_c_string(arena, diagnostic->detail);
	if (diagnostic->attribute)
		made->attribute = wire_path(arena, diagnostic->attribute);
	return made;
}

static void make_list(struct call *call, void *argument)
{
	struct wire_outcome *outcome = argument;
	size_t count = 0;
	for (const struct diagnostic *d = call->diagnostics->first; d; d = d->next)
		count++;
	Tfplugin6__Diagnostic **list = ARENA_ARRAY(call->arena, Tfplugin6__Diagnostic *, count);
	size_t made = 0;
	for (const struct diagnostic *d = call->diagnostics->first; d; d = d->next)
		list[made++] = make_diagnostic(call->arena, d);
	outcome->list = list;
	outcome->count = count;
}

static void tell_of_memory(struct wire_outcome *outcome)
{
	static const char summary[] = "Out of memory";
	static const char detail[] = "The provider ran out of memory during this operation, and its messages are lost. "
				     "Free memory, or run with a lower -parallelism, then plan again.";
	_Static_assert(sizeof summary <= sizeof outcome->summary, "the reserved summary is too small");
	_Static_assert(sizeof detail <= sizeof outcome->detail, "the reserved detail is too small");
	memcpy(outcome->summary, summary, sizeof summary);
	memcpy(outcome->detail, detail, sizeof detail);
	tfplugin6__diagnostic__init(&outcome->out_of_memory);
	outcome->out_of_memory.severity = TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR;
	outcome->out_of_memory.summary = outcome->summary;
	outcome->out_of_memory.detail = outcome->detail;
	outcome->out_of_memory_list[0] = &outcome->out_of_memory;
	outcome->list = outcome->out_of_memory_list;
	outcome->count = 1;
}

void wire_run(struct call *call, void (*work)(struct call *call, void *argument), void *argument,
	      struct wire_outcome *ret_outcome)
{
	if (!call_run(call, work, argument) || !call_run(call, make_list, ret_outcome))
		tell_of_memory(ret_outcome);
}

struct text wire_text(ProtobufCBinaryData bytes)
{
	return (struct text){ (const char *)bytes.data, bytes.len };
}

ProtobufCBinaryData wire_bytes(struct arena *arena, struct text bytes)
{
	uint8_t *copy = arena_take(arena, bytes.length);
	if (bytes.length > 0)
		memcpy(copy, bytes.at, bytes.length);
	return (ProtobufCBinaryData){ .len = bytes.length, .data = copy };
}

static bool refuse(struct call *call, const char *where, struct text problem)
{
	diag_error(call, NULL, "A value from the host cannot be read",
		   "In %s: %.*s This is a bug in the provider or in the program that runs it; please report it.", where,
		   TEXT_ARG(problem));
	return false;
}

bool wire_read(struct call *call, const char *where, const Tfplugin6__DynamicValue *dynamic, const struct type *type,
	       struct value *ret_value)
{
	struct text problem;
	const struct text msgpack = dynamic ? wire_text(dynamic->msgpack) : T("");
	const struct text json = dynamic ? wire_text(dynamic->json) : T("");
	const bool read = msgpack.length == 0 && json.length > 0
				  ? json_read(call->arena, json, type, ret_value, &problem)
				  : msgpack_read(call->arena, msgpack, type, ret_value, &problem);
	return read || refuse(call, where, problem);
}

bool wire_read_raw(struct call *call, const char *where, const Tfplugin6__RawState *raw, const struct type *type,
		   struct value *ret_value)
{
	if (raw && raw->n_flatmap > 0) {
		diag_error(call, NULL, "The stored state is too old",
			   "The state of this object was stored by Terraform 0.11 or older, which this provider never "
			   "worked with. Remove the object from the state and import it again.");
		return false;
	}
	struct text problem;
	if (!raw || raw->json.len == 0) {
		*ret_value = value_null(type);
		return true;
	}
	if (json_read(call->arena, wire_text(raw->json), type, ret_value, &problem))
		return true;
	diag_error(call, NULL, "The stored state cannot be read",
		   "In %s: %.*s The state may have been edited by hand or stored by another version of the provider.",
		   where, TEXT_ARG(problem));
	return false;
}

static void free_buffer(void *buffer)
{
	buffer_free(buffer);
}

Tfplugin6__DynamicValue *wire_write(struct call *call, const struct value *value)
{
	Tfplugin6__DynamicValue *made = ARENA_NEW(call->arena, Tfplugin6__DynamicValue);
	tfplugin6__dynamic_value__init(made);
	struct buffer *bytes = ARENA_NEW(call->arena, struct buffer);
	buffer_init(bytes, LIMIT_MESSAGE_BYTES);
	arena_on_free(call->arena, free_buffer, bytes);
	msgpack_write(value, bytes);
	if (bytes->failed) {
		diag_error(call, NULL, "The answer is too large",
			   "There is no memory for the answer, or it is larger than %zu bytes.", LIMIT_MESSAGE_BYTES);
		return NULL;
	}
	made->msgpack = (ProtobufCBinaryData){ .len = bytes->length, .data = (uint8_t *)bytes->bytes };
	return made;
}
