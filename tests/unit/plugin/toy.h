// SPDX-License-Identifier: MPL-2.0
#ifndef VNS_TESTS_PLUGIN_TOY_H
#define VNS_TESTS_PLUGIN_TOY_H

#include "base/text.h"
#include "toy.pb-c.h"

#include <pthread.h>
#include <stdbool.h>

struct call;

struct toy {
	Toy__Toy_Service service; // first: handlers get a pointer to it
	pthread_mutex_t lock;
	int64_t waiting; // calls of Wait so far; under the lock
	int64_t waited;  // of those, that have ended; the same
};

void toy_init(struct toy *toy);
// A toy of its own, as struct server_options wants it, and its end.
ProtobufCService *toy_service_new(void);
void toy_service_free(ProtobufCService *service);
bool toy_packed_answer(struct call *call, void *context, struct text method, struct text *ret_bytes);

#endif
