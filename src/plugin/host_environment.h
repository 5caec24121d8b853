// SPDX-License-Identifier: MPL-2.0
// What the environment says to the process: a go-plugin host's side of the handshake (facts: protocol, 1.1), and what
// a user may switch.
#ifndef VNS_PLUGIN_HOST_ENVIRONMENT_H
#define VNS_PLUGIN_HOST_ENVIRONMENT_H

#include <stdbool.h>

// Variables that are empty count as not set.
struct host_environment {
	bool cookie;              // a host started this process
	bool version_offered;     // it speaks the protocol version of this provider
	bool multiplex;           // it wants to see the handshake line's seventh field
	const char *client_pem;   // its certificate; NULL: it wants plain text
	const char *socket_dir;   // where it wants the socket; NULL: it does not care
	const char *socket_group; // who else may use a socket file, a name or a number; NULL: only this user
	const char *temp_dir;     // where else a socket file may go
	int lowest_port;          // of the range that a TCP port is to be in; 0: it does not care
	int highest_port;         // the other end of that range
	bool core_dump;           // VNS_ALLOW_CORE_DUMP=1: a crash may leave a core file, which holds secrets
	bool openssl_config;      // OPENSSL_CONF: OpenSSL is to be configured by a file
};

// Points into the environment, which must stay as it is.
void host_environment_read(int protocol_version, struct host_environment *ret_environment);

#endif
