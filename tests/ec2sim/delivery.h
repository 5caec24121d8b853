// SPDX-License-Identifier: MPL-2.0
// How an answer's body goes out: as a whole, cut, slowly, or with more after it than there should be.
#ifndef EC2SIM_DELIVERY_H
#define EC2SIM_DELIVERY_H

#include "base/buffer.h"

#include <microhttpd.h>
#include <stdint.h>

struct delivery {
	bool reset;          // no answer: the connection is reset
	int64_t cut_bytes;   // 0: not cut; n: the connection ends after n-1 bytes of the body
	int64_t drip_bytes;  // so many at a time; 0: all at once
	int64_t interval_ms; // between them
	int64_t size;        // the body is followed by blanks up to this length
};

// NULL without memory. Takes the body's content over.
struct MHD_Response *delivery_response(const struct delivery *delivery, struct buffer *body);
// Ends the connection as a router in between would.
void delivery_reset(struct MHD_Connection *connection);

#endif
