// SPDX-License-Identifier: MPL-2.0
#include "toy.h"

#include "base/arena.h"
#include "base/call.h"
#include "base/cancel.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static void echo(Toy__Toy_Service *service, const Toy__Request *request, Toy__Reply_Closure closure, void *closure_data)
{
	(void)service;
	const struct call *call = closure_data;
	char note[] = "the memory of this call is not wiped, and a request may carry keys";
	Toy__Reply reply;
	toy__reply__init(&reply);
	reply.payload = request->payload;
	if (!call->arena->secret)
		reply.note = note;
	closure(&reply, closure_data);
}

// True when enough calls wait; false when stopped. Looks every few milliseconds, so that both are noticed.
static bool wait_for(struct toy *toy, struct call *call, int64_t number)
{
	for (;;) {
		(void)pthread_mutex_lock(&toy->lock);
		bool enough = toy->waiting >= number;
		(void)pthread_mutex_unlock(&toy->lock);
		if (enough)
			return true;
		if (!clock_sleep_ms(call->clock, 5, call->cancel))
			return false;
	}
}

static void wait_all(Toy__Toy_Service *service, const Toy__Request *request, Toy__Reply_Closure closure,
		     void *closure_data)
{
	struct toy *toy = (struct toy *)service;
	struct call *call = closure_data;
	(void)pthread_mutex_lock(&toy->lock);
	toy->waiting++;
	(void)pthread_mutex_unlock(&toy->lock);
	Toy__Reply reply;
	toy__reply__init(&reply);
	char together[] = "together";
	char stopped[] = "stopped";
	reply.note = wait_for(toy, call, request->number) ? together : stopped;
	(void)pthread_mutex_lock(&toy->lock);
	toy->waited++;
	(void)pthread_mutex_unlock(&toy->lock);
	closure(&reply, closure_data);
}

static void stop(Toy__Toy_Service *service, const Toy__Request *request, Toy__Reply_Closure closure, void *closure_data)
{
	(void)service;
	(void)request;
	const struct call *call = closure_data;
	cancel_source_fire(call->cancel_source);
	Toy__Reply reply;
	toy__reply__init(&reply);
	closure(&reply, closure_data);
}

static void exhaust(Toy__Toy_Service *service, const Toy__Request *request, Toy__Reply_Closure closure,
		    void *closure_data)
{
	(void)service;
	(void)request;
	(void)closure;
	struct call *call = closure_data;
	(void)arena_take(call->arena, call->arena->ceiling_bytes);
}

static void silent(Toy__Toy_Service *service, const Toy__Request *request, Toy__Reply_Closure closure,
		   void *closure_data)
{
	(void)service;
	(void)request;
	(void)closure;
	(void)closure_data;
}

// Each call looks into the frame of the one above, so that no compiler makes a loop of it.
static unsigned char recurse(const volatile unsigned char *above, unsigned depth)
{
	volatile unsigned char bytes[1024];
	bytes[depth % sizeof bytes] = *above;
	return (unsigned char)(bytes[0] + (depth ? recurse(bytes, depth - 1) : 0));
}

static void crash(Toy__Toy_Service *service, const Toy__Request *request, Toy__Reply_Closure closure,
		  void *closure_data)
{
	(void)service;
	(void)closure;
	(void)closure_data;
	if (request->number == 1)
		(void)recurse((const unsigned char *)"", 1u << 30);
	volatile uintptr_t unmapped = 4096;
	*(volatile int *)unmapped = 1;
}

void toy_init(struct toy *toy)
{
	*toy = (struct toy){ .waiting = 0 };
	toy__toy__init(&toy->service, NULL); // leaves every slot NULL
	toy->service.echo = echo;
	toy->service.wait = wait_all;
	toy->service.stop = stop;
	toy->service.exhaust = exhaust;
	toy->service.silent = silent;
	toy->service.crash = crash;
	toy->service.packed = silent;
	(void)pthread_mutex_init(&toy->lock, NULL);
}

ProtobufCService *toy_service_new(void)
{
	struct toy *toy = calloc(1, sizeof *toy);
	if (!toy)
		abort();
	toy_init(toy);
	return &toy->service.base;
}

void toy_service_free(ProtobufCService *service)
{
	struct toy *toy = (struct toy *)service;
	(void)pthread_mutex_destroy(&toy->lock);
	free(toy);
}

bool toy_packed_answer(struct call *call, void *context, struct text method, struct text *ret_bytes)
{
	(void)call;
	(void)context;
	if (!text_equal(method, T("Packed")))
		return false;
	*ret_bytes = T("\x12\x04once"); // Reply { note: "once" }
	return true;
}
