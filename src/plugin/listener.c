// SPDX-License-Identifier: MPL-2.0
#include "plugin/listener.h"

#include "base/arena.h"
#include "base/call.h"
#include "base/diag.h"
#include "base/random.h"
#include "plugin/certificate.h"
#include "plugin/host_environment.h"
#include "plugin/server.h"

#include <errno.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

// A name that nobody else has.
static struct text random_name(struct arena *arena)
{
	const struct text token = random_token(arena);
	return text_print(arena, "vns-plugin-%.*s", TEXT_ARG(token));
}

struct attempt {
	struct call *call;
	struct server *server;
	const struct certificate *certificate;
	const char *client_pem;
};

static int try_address(const struct attempt *attempt, struct text grpc_address)
{
	const char *address = text_to_c_string(attempt->call->arena, grpc_address);
	return server_listen(attempt->server, address, attempt->certificate, attempt->client_pem);
}

static bool try_file(const struct attempt *attempt, const char *directory, struct listener *ret_listener)
{
	struct arena *arena = attempt->call->arena;
	struct text name = random_name(arena);
	struct text path = text_print(arena, "%s/%.*s", directory, TEXT_ARG(name));
	if (path.length >= sizeof((struct sockaddr_un *)NULL)->sun_path)
		return false;
	mode_t before = umask(S_IRWXG | S_IRWXO | S_IXUSR);
	bool listening = try_address(attempt, text_print(arena, "unix:%.*s", TEXT_ARG(path))) > 0;
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
	struct text name = random_name(arena);
	if (try_address(attempt, text_print(arena, "unix-abstract:%.*s", TEXT_ARG(name))) <= 0)
		return false;
	*ret_listener = (struct listener){ { T("unix"), text_print(arena, "@%.*s", TEXT_ARG(name)) }, NULL };
	return true;
}

static bool try_loopback(const struct attempt *attempt, struct listener *ret_listener)
{
	int port = try_address(attempt, T("127.0.0.1:0"));
	if (port <= 0)
		return false;
	struct text address = text_print(attempt->call->arena, "127.0.0.1:%d", port);
	*ret_listener = (struct listener){ { T("tcp"), address }, NULL };
	return true;
}

bool listener_open(struct call *call, struct server *server, const struct host_environment *environment,
		   const struct certificate *certificate, struct listener *ret_listener)
{
	const struct attempt attempt = { call, server, certificate, environment->client_pem };
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
		   "Neither a local socket nor a port on 127.0.0.1 could be opened: %s. "
		   "Allow the provider one of them, or set TMPDIR to a directory that it may write to.",
		   strerror(errno));
	return false;
}

void listener_remove_socket(const struct listener *listener)
{
	if (listener->socket_path)
		(void)unlink(listener->socket_path);
}
