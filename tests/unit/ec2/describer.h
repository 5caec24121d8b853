// SPDX-License-Identifier: MPL-2.0
// EC2 as far as reads need it: sessions tms-00000 and on, described by id or page by page. It counts what it is asked,
// and can be told to refuse, and to keep a Describe waiting between its look and its answer.
#ifndef VNS_TESTS_EC2_DESCRIBER_H
#define VNS_TESTS_EC2_DESCRIBER_H

#include "aws/http.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct describer {
	struct http http;
	pthread_mutex_t lock;
	int sessions; // that exist
	int version;  // of each: its description; every change makes it one more
	const char *list_refusal;
	const char *id_refusal;
	int circle;         // > 0: the last page says that the one so many pages before the next follows, 1: itself
	bool is_endless;    // every page says that another one follows
	bool blames_nobody; // "not found" does not say which
	int empty;          // answers by id that are to list nothing, from now on
	int strange;        // after them: those that list a session that nobody asked for
	int by_id;
	int pages;
	int largest;         // ids in one request
	int latency_ms;      // of a Describe
	atomic_bool is_held; // a Describe, after it looked and before it answers
	atomic_int held;
};

void describer_init(struct describer *describer, int sessions);

#endif
