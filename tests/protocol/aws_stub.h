// SPDX-License-Identifier: MPL-2.0
// The least of AWS: STS says who one is, and everything else is never answered, so that calls are under way for as long
// as a test wants.
#ifndef VNS_TESTS_PROTOCOL_AWS_STUB_H
#define VNS_TESTS_PROTOCOL_AWS_STUB_H

#include <pthread.h>
#include <stdatomic.h>

enum { AWS_STUB_MOST_CONNECTIONS = 512 };

struct aws_stub {
	int listener;
	char endpoint[64]; // "http://127.0.0.1:1234"
	pthread_t thread;
	int open[AWS_STUB_MOST_CONNECTIONS];
	int open_count;
	atomic_int hanging; // requests that wait in vain
};

void aws_stub_start(struct aws_stub *stub);
// Closes all connections.
void aws_stub_stop(struct aws_stub *stub);

#endif
