// SPDX-License-Identifier: MPL-2.0
// What gRPC promises and ThreadSanitizer cannot see, because the distribution built gRPC without it: what a thread did
// before it named a tag to gRPC has happened when the completion queue hands out that tag. In builds for
// ThreadSanitizer the linker puts these functions in front of gRPC's (--wrap). They say no more than that promise: two
// threads that no tag brings together stay unordered, and a race between them is reported.
#include <grpc/grpc.h>

#include <sanitizer/tsan_interface.h>

// What ThreadSanitizer asks for its options, so that every process has them, whatever its environment.
__attribute__((visibility("default"))) const char *__tsan_default_options(void);

// The linker's names for what is wrapped and for what wraps it.
grpc_call_error __real_grpc_call_start_batch(grpc_call *, const grpc_op *, size_t, void *, void *);
grpc_call_error __wrap_grpc_call_start_batch(grpc_call *, const grpc_op *, size_t, void *, void *);
grpc_call_error __real_grpc_server_request_call(grpc_server *, grpc_call **, grpc_call_details *, grpc_metadata_array *,
						grpc_completion_queue *, grpc_completion_queue *, void *);
grpc_call_error __wrap_grpc_server_request_call(grpc_server *, grpc_call **, grpc_call_details *, grpc_metadata_array *,
						grpc_completion_queue *, grpc_completion_queue *, void *);
void __real_grpc_server_shutdown_and_notify(grpc_server *, grpc_completion_queue *, void *);
void __wrap_grpc_server_shutdown_and_notify(grpc_server *, grpc_completion_queue *, void *);
grpc_event __real_grpc_completion_queue_next(grpc_completion_queue *, gpr_timespec, void *);
grpc_event __wrap_grpc_completion_queue_next(grpc_completion_queue *, gpr_timespec, void *);

const char *__tsan_default_options(void)
{
	return "suppressions='" THREADS_SUPPRESSIONS "' log_path='" THREADS_REPORTS "' second_deadlock_stack=1";
}

grpc_call_error __wrap_grpc_call_start_batch(grpc_call *call, const grpc_op *ops, size_t count, void *tag,
					     void *reserved)
{
	__tsan_release(tag);
	return __real_grpc_call_start_batch(call, ops, count, tag, reserved);
}

grpc_call_error __wrap_grpc_server_request_call(grpc_server *server, grpc_call **call, grpc_call_details *details,
						grpc_metadata_array *metadata, grpc_completion_queue *for_call,
						grpc_completion_queue *for_notification, void *tag)
{
	__tsan_release(tag);
	return __real_grpc_server_request_call(server, call, details, metadata, for_call, for_notification, tag);
}

void __wrap_grpc_server_shutdown_and_notify(grpc_server *server, grpc_completion_queue *queue, void *tag)
{
	__tsan_release(tag);
	__real_grpc_server_shutdown_and_notify(server, queue, tag);
}

grpc_event __wrap_grpc_completion_queue_next(grpc_completion_queue *queue, gpr_timespec until, void *reserved)
{
	grpc_event event = __real_grpc_completion_queue_next(queue, until, reserved);
	if (event.type == GRPC_OP_COMPLETE)
		__tsan_acquire(event.tag);
	return event;
}
