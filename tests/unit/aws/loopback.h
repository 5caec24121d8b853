// SPDX-License-Identifier: MPL-2.0
// A small HTTP server on a port of the kernel's choice, which misbehaves on request: the path says how.
#ifndef VNS_TESTS_AWS_LOOPBACK_H
#define VNS_TESTS_AWS_LOOPBACK_H

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/resource.h>

struct loopback {
	int listener;
	int port;
	SSL_CTX *tls; // NULL: plain
	pthread_t thread;
	atomic_int connections; // accepted
	atomic_int requests;    // read whole
	atomic_bool ending;
	atomic_int under_way; // connection threads
	pthread_mutex_t lock;
	char last_head[8192]; // of the latest request; guarded by lock
};

// /ok /redirect /hang /stall /close /cut /headers /header /endless /huge /chunks /interim /short /negative /encoded
// /nonsense /continue /slow (a quarter of a second) /weary (400 to the first request of a connection, nothing to a
// later one) /starve (see loopback_allow_files, then as /stall). As a proxy it answers the same for
// http://sensor.invalid and wants a password before it connects to sensor.invalid:443.
void loopback_start(struct loopback *loopback, SSL_CTX *tls);
void loopback_stop(struct loopback *loopback);

// How many files the process may have: poll() of more than that fails, and what is open stays so. /starve allows one.
void loopback_allow_files(rlim_t count);

// A server's TLS context with a fresh self-signed certificate for "localhost", written as PEM to `certificate_path`.
SSL_CTX *loopback_tls(const char *certificate_path);

#endif
