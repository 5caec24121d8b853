// SPDX-License-Identifier: MPL-2.0
// What a go-plugin host says in the environment, and the one line it is answered on standard output
// (facts: protocol, 1.1 and 1.2).
#ifndef VNS_PLUGIN_HANDSHAKE_H
#define VNS_PLUGIN_HANDSHAKE_H

#include "base/text.h"

#include <stdbool.h>

struct arena;

struct handshake {
	bool cookie;            // a host started this process
	bool version_offered;   // it speaks the protocol version of this provider
	bool multiplex;         // it wants to see the line's seventh field
	const char *client_pem; // its certificate; NULL: it wants plain text
	const char *socket_dir; // where it wants the socket; NULL: it does not care
	const char *temp_dir;   // where else a socket file may go
};

// Where the server listens, as the line says it.
struct handshake_address {
	struct text network; // "unix" or "tcp"
	struct text address; // path, "@name" of an abstract socket, or host:port
};

// Reads the environment, which must stay as it is.
void handshake_read(int protocol_version, struct handshake *ret_handshake);
// The line, with its line feed. `certificate` is the base64 text, empty without TLS.
struct text handshake_line(struct arena *arena, int protocol_version, const struct handshake_address *address,
			   struct text certificate, bool multiplex);

#endif
