// SPDX-License-Identifier: MPL-2.0
// The street side of the simulator: HTTP requests in, answers out, on libmicrohttpd. Each connection has a thread of
// its own, so that a slow or sleeping answer keeps nobody else waiting.
#ifndef EC2SIM_FRONT_H
#define EC2SIM_FRONT_H

#include "delivery.h"

#include "aws/sigv4.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;
struct front;

// A whole request; everything lives until its answer is sent.
struct http_request {
	struct arena *arena;
	struct text method;
	struct text path;
	struct text query;            // not used by the services, but part of what is signed
	struct sigv4_header *headers; // as received
	size_t header_count;
	struct text body;
	bool from_loopback; // the client's address is on this machine
};

struct http_answer {
	unsigned status;
	const char *content_type;
	const char *request_id;       // header x-amzn-RequestId; NULL: none
	const char *metadata_seconds; // how long the metadata token in the body lasts; NULL: it is none
	struct buffer body;
	struct delivery delivery;
	int64_t skew_s; // of the clock that the header Date shows
};

// The value of the first header of that name (any case), or the empty text.
struct text front_header(const struct http_request *request, const char *name);

// Listens on an IPv4 "address:port"; port 0 takes a free one. NULL, with a message on standard error, when it cannot.
struct front *front_open(struct world *world, const char *listen);
uint16_t front_port(const struct front *front);
const char *front_address(const struct front *front);
void front_close(struct front *front); // ends all connections; NULL is fine

#endif
