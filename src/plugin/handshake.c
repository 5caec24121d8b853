// SPDX-License-Identifier: MPL-2.0
#include "plugin/handshake.h"

#include "base/arena.h"

struct text handshake_line(struct arena *arena, int protocol_version, const struct handshake_address *address,
			   struct text certificate, bool multiplex)
{
	static const int core_protocol = 1;
	return text_print(arena, "%d|%d|%.*s|%.*s|grpc|%.*s%s\n", core_protocol, protocol_version,
			  TEXT_ARG(address->network), TEXT_ARG(address->address), TEXT_ARG(certificate),
			  multiplex ? "|false" : "");
}
