// SPDX-License-Identifier: MPL-2.0
#include "plugin/listener.h"

#include "base/arena.h"
#include "base/call.h"
#include "base/diag.h"
#include "base/random.h"
#include "plugin/certificate.h"
#include "plugin/host_environment.h"
#include "plugin/server.h"
#include "plugin/socket_file.h"

#include <grp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// gRPC says of each port that it cannot have; a host whose range is that full has other problems.
enum { MOST_PORTS_TRIED = 100 };

struct attempt {
	struct call *call;
	struct server *server;
	const struct certificate *certificate;
	const struct host_environment *environment;
	bool apart;
};

// The port, 1 for sockets; 0 when the address cannot be had.
static int try_address(const struct attempt *attempt, struct text grpc_address)
{
	const char *address = text_to_c_string(attempt->call->arena, grpc_address);
	return server_listen(attempt->server, address, attempt->certificate, attempt->environment->client_pem);
}

// The same with a socket of our own.
static bool try_own(const struct attempt *attempt, const struct sockaddr *address, socklen_t size, int *ret_socket)
{
	const int own = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (own < 0)
		return false;
	if (bind(own, address, size) != 0 || listen(own, SOMAXCONN) != 0) {
		(void)close(own);
		return false;
	}
	server_accept_from(attempt->server, own);
	*ret_socket = own;
	return true;
}

// What stands behind "unix:" is part of a URI, in which a percent sign begins an encoded byte.
static struct text escape_percent(struct arena *arena, struct text path)
{
	struct text escaped = T("");
	struct text part;
	while (text_take_until(&path, '%', &part))
		escaped = text_print(arena, "%.*s%.*s%s", TEXT_ARG(escaped), TEXT_ARG(part), path.at ? "%25" : "");
	return escaped;
}

static bool listen_at_path(const struct attempt *attempt, struct text path)
{
	if (!attempt->apart) {
		struct arena *arena = attempt->call->arena;
		struct text escaped = escape_percent(arena, path);
		return try_address(attempt, text_print(arena, "unix:%.*s", TEXT_ARG(escaped))) > 0;
	}
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	memcpy(address.sun_path, path.at, path.length);
	int own;
	return try_own(attempt, (struct sockaddr *)&address, sizeof address, &own);
}

static bool try_file(const struct attempt *attempt, const char *directory, struct listener *ret_listener)
{
	struct arena *arena = attempt->call->arena;
	struct text name = socket_file_name(arena);
	struct text path = text_print(arena, "%s/%.*s", directory, TEXT_ARG(name));
	if (path.length >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return false;
	mode_t before = umask(S_IRWXG | S_IRWXO | S_IXUSR);
	bool listening = listen_at_path(attempt, path);
	(void)umask(before);
	if (listening)
		*ret_listener = (struct listener){ { T("unix"), path }, path.at };
	return listening;
}

// By its number, or its name in /etc/group: a static program cannot ask the system's name services.
static bool find_group(struct text wanted, gid_t *ret_group)
{
	int64_t number;
	if (text_to_int64(wanted, &number)) {
		*ret_group = (gid_t)number;
		return number >= 0 && number < UINT32_MAX;
	}
	FILE *file = fopen("/etc/group", "re");
	bool found = false;
	// cppcheck-suppress fgetgrentCalled ; nobody else asks for groups, and there are no workers yet
	for (const struct group *group = file ? fgetgrent(file) : NULL; group && !found; group = fgetgrent(file)) {
		found = text_equal(text_of(group->gr_name), wanted);
		*ret_group = group->gr_gid;
	}
	if (file)
		(void)fclose(file);
	return found;
}

static bool give_to_group(struct call *call, const struct listener *listener, const char *name)
{
	gid_t group;
	if (!listener->socket_path || !name)
		return true;
	if (find_group(text_of(name), &group) && chown(listener->socket_path, (uid_t)-1, group) == 0 &&
	    chmod(listener->socket_path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) == 0)
		return true;
	listener_remove_socket(listener);
	diag_error(call, NULL, "The socket cannot be given to the group of PLUGIN_UNIX_SOCKET_GROUP",
		   "The host wants the group \"%s\" to use it, but there is no such group, or this user is not in it.",
		   name);
	return false;
}

static bool try_abstract(const struct attempt *attempt, struct listener *ret_listener)
{
	struct arena *arena = attempt->call->arena;
	struct text name = socket_file_name(arena);
	if (try_address(attempt, text_print(arena, "unix-abstract:%.*s", TEXT_ARG(name))) <= 0)
		return false;
	*ret_listener = (struct listener){ { T("unix"), text_print(arena, "@%.*s", TEXT_ARG(name)) }, NULL };
	return true;
}

// The port that is had, 0 for none. Port 0 is whichever the system chooses.
static int listen_at_port(const struct attempt *attempt, int port)
{
	if (!attempt->apart)
		return try_address(attempt, text_print(attempt->call->arena, "127.0.0.1:%d", port));
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	socklen_t size = sizeof address;
	int own;
	if (!try_own(attempt, (struct sockaddr *)&address, size, &own) ||
	    getsockname(own, (struct sockaddr *)&address, &size) != 0)
		return 0;
	return ntohs(address.sin_port);
}

// Begins somewhere in the range, since other plugins of the same host look there too.
static int listen_in_range(const struct attempt *attempt)
{
	const int lowest = attempt->environment->lowest_port;
	if (lowest == 0)
		return listen_at_port(attempt, 0);
	const uint32_t count = (uint32_t)(attempt->environment->highest_port - lowest) + 1;
	const uint32_t start = random_number() % count;
	int port = 0;
	for (uint32_t i = 0; port == 0 && i < count && i < MOST_PORTS_TRIED; i++)
		port = listen_at_port(attempt, lowest + (int)((start + i) % count));
	return port;
}

static bool try_loopback(const struct attempt *attempt, struct listener *ret_listener)
{
	int port = listen_in_range(attempt);
	if (port <= 0)
		return false;
	struct text address = text_print(attempt->call->arena, "127.0.0.1:%d", port);
	*ret_listener = (struct listener){ { T("tcp"), address }, NULL };
	return true;
}

bool listener_open(struct call *call, struct server *server, const struct host_environment *environment,
		   const struct certificate *certificate, bool apart, struct listener *ret_listener)
{
	const struct attempt attempt = { call, server, certificate, environment, apart };
	const char *directory = environment->socket_dir;
	if (!directory && !certificate)
		directory = environment->temp_dir;
	bool listening = directory ? try_file(&attempt, directory, ret_listener) : try_abstract(&attempt, ret_listener);
	if (listening || try_loopback(&attempt, ret_listener))
		return give_to_group(call, ret_listener, environment->socket_group);
	// Not asked before: parsing it a second time would cost every start a tenth of its time.
	if (certificate && !certificate_check_pem(call, environment->client_pem))
		return false;
	diag_error(call, NULL, "No address to listen on",
		   "Neither a local socket nor a port on 127.0.0.1, in the host's range from PLUGIN_MIN_PORT to "
		   "PLUGIN_MAX_PORT where it has one, could be opened. Allow the provider one of them, or set "
		   "TMPDIR to a directory that it may write to.");
	return false;
}

void listener_remove_socket(const struct listener *listener)
{
	if (listener->socket_path)
		(void)unlink(listener->socket_path);
}
