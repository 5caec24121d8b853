// SPDX-License-Identifier: MPL-2.0
// A server with the toy service in the test's own process, and a client of it.
#ifndef VNS_TESTS_PLUGIN_FIXTURE_H
#define VNS_TESTS_PLUGIN_FIXTURE_H

#include "base/log.h"
#include "client.h"
#include "plugin/server.h"
#include "toy.h"

#include <stdatomic.h>

struct certificate;

struct fixture {
	struct toy toy;
	struct log log;  // set before the start
	int log_ends[2]; // the ends of its pipe, where it has one
	struct server *server;
	struct client client;
	atomic_int finished; // how often the server said that the host is done
	char address[64];
};

// With `certificate`, clients must prove to be the holder of `client_pem`. No client is opened then.
void fixture_start(struct fixture *fixture, const struct certificate *certificate, const char *client_pem);
void fixture_end(struct fixture *fixture);
// cmocka's setup and teardown: plain text, with a client; nothing is logged, or everything into a pipe.
int fixture_setup(void **state);
int fixture_setup_logged(void **state);
int fixture_teardown(void **state);

#endif
