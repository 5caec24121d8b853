// SPDX-License-Identifier: MPL-2.0
#include "delivery.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define DELIVERY_BLOCK_BYTES 65536

// A body on its way.
struct parcel {
	struct delivery how;
	char *bytes;
	size_t length;
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

// libmicrohttpd asks for the next bytes; each connection has a thread of its own, which may sleep.
static ssize_t next_bytes(void *context, uint64_t position, char *room, size_t size)
{
	const struct parcel *parcel = context;
	const struct delivery *how = &parcel->how;
	size_t wanted = size;
	if (how->drip_bytes > 0) {
		clock_sleep_ms(&clock_system, how->interval_ms, NULL);
		wanted = least(wanted, (size_t)how->drip_bytes);
	}
	if (how->cut_bytes > 0) {
		const uint64_t end = (uint64_t)how->cut_bytes - 1;
		if (position >= end)
			return MHD_CONTENT_READER_END_WITH_ERROR;
		wanted = least(wanted, (size_t)(end - position));
	}
	if (position < parcel->length) {
		wanted = least(wanted, parcel->length - (size_t)position);
		memcpy(room, parcel->bytes + position, wanted);
	} else {
		memset(room, ' ', wanted);
	}
	return (ssize_t)wanted;
}

static void free_parcel(void *context)
{
	struct parcel *parcel = context;
	free(parcel->bytes);
	free(parcel);
}

struct MHD_Response *delivery_response(const struct delivery *delivery, struct buffer *body)
{
	struct parcel *parcel = calloc(1, sizeof *parcel);
	if (!parcel)
		return NULL;
	*parcel = (struct parcel){ *delivery, body->bytes, body->length };
	*body = (struct buffer){ .ceiling = body->ceiling, .failed = body->failed };
	const uint64_t size = (uint64_t)delivery->size > parcel->length ? (uint64_t)delivery->size : parcel->length;
	struct MHD_Response *response =
		MHD_create_response_from_callback(size, DELIVERY_BLOCK_BYTES, next_bytes, parcel, free_parcel);
	if (!response)
		free_parcel(parcel);
	return response;
}

void delivery_reset(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	// Connecting to nowhere makes the kernel send a reset; closing would say goodbye first.
	const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	if (info)
		(void)connect(info->connect_fd, &nowhere, sizeof nowhere);
}
