// SPDX-License-Identifier: MPL-2.0
// A server with the toy service in the test's own process, and a client of it.
#ifndef VNS_TESTS_PLUGIN_FIXTURE_H
#define VNS_TESTS_PLUGIN_FIXTURE_H

#include "base/log.h"
#include "plugin/server.h"
#include "protocol/channel.h"
#include "toy.h"

#include <stdatomic.h>

struct certificate;

struct fixture {
	struct toy toy;
	struct log log;  // set before the start
	int log_ends[2]; // the ends of its pipe, where it has one
	int listening;   // a socket whose connections have services of their own; 0: all share one
	struct server *server;
	struct channel client;
	atomic_int finished; // how often the server said that the host is done
	char address[64];
};

// With `certificate`, clients must prove to be the holder of `client_pem`. No client is opened then.
void fixture_start(struct fixture *fixture, const struct certificate *certificate, const char *client_pem);
void fixture_end(struct fixture *fixture);
// cmocka's setup and teardown: plain text, with a client; nothing is logged, or everything into a pipe.
int fixture_setup(void **state);
int fixture_setup_logged(void **state);
// The same, and each connection has a toy of its own.
int fixture_setup_apart(void **state);
int fixture_teardown(void **state);

// A safety net for calls of which it does not matter how long they take.
enum { FIXTURE_CALL_MS = 20000 };

// Makes one call and waits for it: its status.
grpc_status_code fixture_ask(struct channel *channel, const char *path, struct text request);
// True when the call was answered with these bytes.
bool fixture_reply_is(const struct exchange *call, struct text expected);

#endif
