// SPDX-License-Identifier: MPL-2.0
#include "cidr.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

static bool host_bits_are_zero(const unsigned char *address, int64_t prefix, int64_t bits)
{
	for (int64_t bit = prefix; bit < bits; bit++) {
		if (address[bit / 8] & (0x80 >> (bit % 8)))
			return false;
	}
	return true;
}

bool cidr_parse(const char *block, int *ret_family)
{
	struct text rest = text_of(block);
	struct text address = { 0 };
	char address_string[INET6_ADDRSTRLEN];
	unsigned char bytes[16] = { 0 };
	int64_t prefix = 0;
	if (!text_take_until(&rest, '/', &address) || address.length >= sizeof address_string)
		return false;
	memcpy(address_string, address.at, address.length);
	address_string[address.length] = '\0';
	*ret_family = strchr(address_string, ':') ? AF_INET6 : AF_INET;
	const int64_t bits = *ret_family == AF_INET6 ? 128 : 32;
	return inet_pton(*ret_family, address_string, bytes) == 1 && text_to_int64(rest, &prefix) && prefix >= 0 &&
	       prefix <= bits && host_bits_are_zero(bytes, prefix, bits);
}
