// SPDX-License-Identifier: MPL-2.0
#include "base/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

static void random_bytes(void *ret_bytes, size_t size)
{
	unsigned char *at = ret_bytes;
	while (size) {
		ssize_t got = getrandom(at, size, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			(void)fputs("terraform-provider-vns: the system gives no random numbers (getrandom failed)\n",
				    stderr);
			abort();
		}
		at += got;
		size -= (size_t)got;
	}
}

uint32_t random_number(void)
{
	uint32_t number;
	random_bytes(&number, sizeof number);
	return number;
}

void random_uuid(char ret_uuid[RANDOM_UUID_CHARS + 1])
{
	unsigned char b[16];
	random_bytes(b, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0F) | 0x40); // version 4
	b[8] = (unsigned char)((b[8] & 0x3F) | 0x80); // the variant of RFC 4122
	(void)snprintf(ret_uuid, RANDOM_UUID_CHARS + 1,
		       "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3],
		       b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

struct text random_token(struct arena *arena)
{
	char uuid[RANDOM_UUID_CHARS + 1];
	random_uuid(uuid);
	return text_copy(arena, text_of(uuid));
}
