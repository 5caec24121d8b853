// SPDX-License-Identifier: MPL-2.0
#include "aws/address.h"

#include <arpa/inet.h>
#include <string.h>

bool address_parse(struct text name, struct address *ret_address, bool *ret_is_ipv4)
{
	char c_string[INET6_ADDRSTRLEN];
	if (name.length >= sizeof c_string)
		return false;
	memcpy(c_string, name.length ? name.at : "", name.length);
	c_string[name.length] = '\0';
	if (strlen(c_string) != name.length)
		return false;
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	memcpy(ret_address->bytes, mapped, sizeof mapped);
	*ret_is_ipv4 = inet_pton(AF_INET, c_string, ret_address->bytes + 12) == 1;
	return *ret_is_ipv4 || inet_pton(AF_INET6, c_string, ret_address->bytes) == 1;
}

bool address_is_loopback(const struct address *address)
{
	static const struct address ipv6_loopback = { .bytes = { [15] = 1 } };
	static const unsigned char ipv4_loopback[13] = { [10] = 0xff, [11] = 0xff, [12] = 127 };
	return memcmp(address, &ipv6_loopback, sizeof ipv6_loopback) == 0 ||
	       memcmp(address, ipv4_loopback, sizeof ipv4_loopback) == 0;
}

bool address_shares_bits(const struct address *a, const struct address *b, size_t bits)
{
	const size_t whole = bits / 8;
	if (memcmp(a->bytes, b->bytes, whole) != 0)
		return false;
	const unsigned rest = (unsigned)(bits % 8);
	return rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}
