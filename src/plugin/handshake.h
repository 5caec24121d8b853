// SPDX-License-Identifier: MPL-2.0
// The one line that a go-plugin host is answered on standard output (facts: protocol, 1.2).
#ifndef VNS_PLUGIN_HANDSHAKE_H
#define VNS_PLUGIN_HANDSHAKE_H

#include "base/text.h"

#include <stdbool.h>

struct arena;

// Where the server listens, as the line says it.
struct handshake_address {
	struct text network; // "unix" or "tcp"
	struct text address; // path, "@name" of an abstract socket, or host:port
};

// The line, with its line feed. `certificate` is the base64 text, empty without TLS.
struct text handshake_line(struct arena *arena, int protocol_version, const struct handshake_address *address,
			   struct text certificate, bool multiplex);

#endif
