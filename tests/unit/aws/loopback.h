// SPDX-License-Identifier: MPL-2.0
// A small HTTP server on a port of the kernel's choice, which misbehaves on request: the path says how.
#ifndef VNS_TESTS_AWS_LOOPBACK_H
#define VNS_TESTS_AWS_LOOPBACK_H

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

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
// /nonsense /continue /slow (a quarter of a second). As a proxy it answers the same for http://sensor.invalid and wants
// a password before it connects to sensor.invalid:443.
void loopback_start(struct loopback *loopback, SSL_CTX *tls);
void loopback_stop(struct loopback *loopback);

// A server's TLS context with a fresh self-signed certificate for "localhost", written as PEM to `certificate_path`.
SSL_CTX *loopback_tls(const char *certificate_path);

#endif
