// SPDX-License-Identifier: MPL-2.0
// Where the server listens:
// - a socket file, when the host names a directory (PLUGIN_UNIX_SOCKET_DIR), or when there is no TLS: then its
//   permissions are what keeps other users out;
// - else an abstract socket, which needs neither a directory nor cleaning up; mutual TLS keeps others out;
// - else, where neither can be had, a port of the loopback interface, out of those that the host allows.
//
// Where each connection is to have a service of its own (debug mode), the socket is this process's own, and what it
// accepts is handed to the server; else it is gRPC's.
#ifndef VNS_PLUGIN_LISTENER_H
#define VNS_PLUGIN_LISTENER_H

#include "plugin/handshake.h"

#include <stdbool.h>

struct call;
struct certificate;
struct host_environment;
struct server;

struct listener {
	struct handshake_address address;
	const char *socket_path; // the file to remove at the end; NULL: none
};

// Has the server listen. `certificate` is NULL for plain text. With `apart`, each connection gets a service of its own,
// in plain text. False with a diagnostic when no address can be had.
bool listener_open(struct call *call, struct server *server, const struct host_environment *environment,
		   const struct certificate *certificate, bool apart, struct listener *ret_listener);
void listener_remove_socket(const struct listener *listener);

#endif
