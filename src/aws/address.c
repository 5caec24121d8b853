// SPDX-License-Identifier: MPL-2.0
#include "aws/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static const unsigned char ipv4_prefix[12] = { [10] = 0xff, [11] = 0xff };

bool address_parse(struct text name, struct address *ret_address, bool *ret_is_ipv4)
{
	char c_string[INET6_ADDRSTRLEN];
	if (name.length >= sizeof c_string)
		return false;
	memcpy(c_string, name.length ? name.at : "", name.length);
	c_string[name.length] = '\0';
	if (strlen(c_string) != name.length)
		return false;
	memcpy(ret_address->bytes, ipv4_prefix, sizeof ipv4_prefix);
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

bool address_is_near(const struct address *address)
{
	static const struct text hosts[] = { TEXT("169.254.170.2"), TEXT("169.254.170.23"), TEXT("fd00:ec2::23") };
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		struct address host;
		bool is_ipv4;
		if (address_parse(hosts[i], &host, &is_ipv4) && address_shares_bits(address, &host, 128))
			return true;
	}
	return address_is_loopback(address);
}

bool address_of_socket(const struct sockaddr *place, struct address *ret_address)
{
	if (place->sa_family == AF_INET) {
		struct sockaddr_in ipv4;
		memcpy(&ipv4, place, sizeof ipv4);
		memcpy(ret_address->bytes, ipv4_prefix, sizeof ipv4_prefix);
		memcpy(ret_address->bytes + sizeof ipv4_prefix, &ipv4.sin_addr, sizeof ipv4.sin_addr);
		return true;
	}
	if (place->sa_family == AF_INET6) {
		struct sockaddr_in6 ipv6;
		memcpy(&ipv6, place, sizeof ipv6);
		memcpy(ret_address->bytes, &ipv6.sin6_addr, sizeof ret_address->bytes);
		return true;
	}
	return false;
}

bool address_shares_bits(const struct address *a, const struct address *b, size_t bits)
{
	const size_t whole = bits / 8;
	if (memcmp(a->bytes, b->bytes, whole) != 0)
		return false;
	const unsigned rest = (unsigned)(bits % 8);
	return rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}
