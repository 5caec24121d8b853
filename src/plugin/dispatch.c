// SPDX-License-Identifier: MPL-2.0
#include "plugin/dispatch.h"

#include "base/arena.h"
#include "base/call.h"
#include "base/limits.h"
#include "plugin/rpc.h"

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/slice.h>

#include <string.h>

// The shape of every handler that protoc-c declares, with its types taken off.
typedef void (*handler)(ProtobufCService *service, const ProtobufCMessage *request, ProtobufCClosure closure,
			void *closure_data);

// The slots of a generated service follow its base, in the order of the descriptor's methods.
static handler handler_of(const ProtobufCService *service, unsigned method)
{
	handler found;
	memcpy(&found, (const char *)service + sizeof *service + method * sizeof found, sizeof found);
	return found;
}

bool dispatch_find(const ProtobufCService *service, struct text path, unsigned *ret_method)
{
	const ProtobufCServiceDescriptor *descriptor = service->descriptor;
	struct text service_name = text_of(descriptor->name);
	size_t name_start = service_name.length + 2;
	if (path.length < name_start || path.at[0] != '/' || path.at[name_start - 1] != '/' ||
	    !text_equal(text_part(path, 1, service_name.length), service_name))
		return false;
	struct text name = text_part(path, name_start, path.length);
	for (unsigned i = 0; i < descriptor->n_methods; i++) {
		if (text_equal(name, text_of(descriptor->methods[i].name))) {
			*ret_method = i;
			return handler_of(service, i) != NULL;
		}
	}
	return false;
}

struct text dispatch_method_name(const struct rpc *rpc)
{
	if (rpc->route != RPC_SERVICE)
		return T("");
	return text_of(rpc->shared->options.service->descriptor->methods[rpc->method].name);
}

static void fail(struct rpc *rpc, grpc_status_code status, const char *text)
{
	rpc->status = status;
	rpc->status_text = text;
}

static void *take(void *context, size_t size)
{
	return arena_try_take(context, size);
}

// The arena gives everything back at once.
static void give_back(void *context, void *pointer)
{
	(void)context;
	(void)pointer;
}

static void wipe(grpc_slice slice)
{
	explicit_bzero(GRPC_SLICE_START_PTR(slice), GRPC_SLICE_LENGTH(slice));
}

static void release_slice(void *object)
{
	wipe(*(grpc_slice *)object);
	grpc_slice_unref(*(grpc_slice *)object);
}

// What has come from the connection, and is not needed once it has been copied.
static void wipe_received(grpc_byte_buffer *received)
{
	grpc_byte_buffer_reader reader;
	grpc_slice *part;
	if (!grpc_byte_buffer_reader_init(&reader, received))
		return;
	while (grpc_byte_buffer_reader_peek(&reader, &part))
		wipe(*part);
	grpc_byte_buffer_reader_destroy(&reader);
}

// The request's bytes in one piece, which lasts as long as the arena. False when they cannot be had. A provider block
// may hold keys, so no other copy is left.
static bool read_request(struct rpc *rpc, struct text *ret_bytes)
{
	grpc_slice *whole = ARENA_NEW(&rpc->arena, grpc_slice);
	grpc_byte_buffer_reader reader;
	if (!grpc_byte_buffer_reader_init(&reader, rpc->request))
		return false;
	*whole = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	arena_on_free(&rpc->arena, release_slice, whole);
	wipe_received(rpc->request);
	*ret_bytes = (struct text){ (const char *)GRPC_SLICE_START_PTR(*whole), GRPC_SLICE_LENGTH(*whole) };
	return true;
}

static ProtobufCMessage *unpack(struct rpc *rpc, const ProtobufCMessageDescriptor *type)
{
	struct text bytes;
	if (!read_request(rpc, &bytes))
		return NULL;
	ProtobufCAllocator allocator = { take, give_back, &rpc->arena };
	return protobuf_c_message_unpack(type, &allocator, bytes.length, (const uint8_t *)bytes.at);
}

// Requests that concern one resource have a string field of this name.
static void note_resource_type(struct rpc *rpc, const ProtobufCMessage *request)
{
	if (!log_wants(&rpc->log, LOG_ERROR))
		return;
	const ProtobufCFieldDescriptor *field =
		protobuf_c_message_descriptor_get_field_by_name(request->descriptor, "type_name");
	if (!field || field->type != PROTOBUF_C_TYPE_STRING || field->label == PROTOBUF_C_LABEL_REPEATED)
		return;
	const char *type;
	memcpy(&type, (const char *)request + field->offset, sizeof type);
	rpc->fields[2] = (struct log_field)LOG_TEXT("tf_resource_type", text_of(type));
	rpc->fields[2].next = rpc->fields[1].next;
	rpc->fields[1].next = &rpc->fields[2];
}

static void set_answer(struct rpc *rpc, grpc_slice bytes)
{
	rpc->answer = grpc_raw_byte_buffer_create(&bytes, 1);
	grpc_slice_unref(bytes);
	rpc->answered = true;
}

// What a handler calls.
static void answer(const ProtobufCMessage *message, void *closure_data)
{
	struct rpc *rpc = closure_data; // the call is its first member
	if (rpc->answered || !message)
		return;
	size_t size = protobuf_c_message_get_packed_size(message);
	if (size > LIMIT_MESSAGE_BYTES) {
		fail(rpc, GRPC_STATUS_RESOURCE_EXHAUSTED, "the answer is larger than a message may be");
		return;
	}
	grpc_slice bytes = grpc_slice_malloc(size);
	(void)protobuf_c_message_pack(message, GRPC_SLICE_START_PTR(bytes));
	set_answer(rpc, bytes);
}

static void serve(struct call *call, void *argument)
{
	struct rpc *rpc = argument;
	const struct server_options *options = &rpc->shared->options;
	struct text packed;
	if (options->packed_answer &&
	    options->packed_answer(call, options->context, dispatch_method_name(rpc), &packed)) {
		set_answer(rpc, grpc_slice_from_static_buffer(packed.at, packed.length));
		return;
	}
	ProtobufCMessage *request = unpack(rpc, options->service->descriptor->methods[rpc->method].input);
	if (!request) {
		fail(rpc, GRPC_STATUS_INTERNAL, "the request could not be unpacked");
		return;
	}
	note_resource_type(rpc, request);
	handler_of(rpc->service, rpc->method)(rpc->service, request, answer, call);
}

void dispatch_run(struct rpc *rpc)
{
	fail(rpc, GRPC_STATUS_INTERNAL, "the method gave no answer");
	if (!call_run(&rpc->call, serve, rpc))
		fail(rpc, GRPC_STATUS_RESOURCE_EXHAUSTED, "out of memory");
	if (rpc->answered)
		fail(rpc, GRPC_STATUS_OK, "");
}
