// SPDX-License-Identifier: MPL-2.0
// The one line that a plugin prints (facts: protocol, 1.2), held against the letter of the protocol: what one of the
// hosts in use would not take is refused here.
#ifndef VNS_TESTS_PROTOCOL_GREETING_H
#define VNS_TESTS_PROTOCOL_GREETING_H

#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

// Views of the line.
struct greeting {
	int64_t protocol; // of the application: 6
	struct text network;
	struct text address;
	struct text certificate; // base64 without padding; empty without TLS
	size_t field_count;      // 7 when the multiplexing flag is there
};

// `line` is the whole line with its line feed. NULL when it is in order, else what is wrong with it.
const char *greeting_parse(struct text line, struct greeting *ret_greeting);
// The address as gRPC writes it: "unix:/path" (percent-encoded), "unix-abstract:name", "127.0.0.1:1234".
void greeting_target(const struct greeting *greeting, char *ret_target, size_t size);

#endif
