// SPDX-License-Identifier: MPL-2.0
// IP addresses by value, pure: one address has many spellings.
#ifndef VNS_AWS_ADDRESS_H
#define VNS_AWS_ADDRESS_H

#include "base/text.h"

#include <stdbool.h>

// Of either family; IPv4 in its IPv6 form, so that ::ffff:10.0.0.1 is 10.0.0.1.
struct address {
	unsigned char bytes[16];
};

// Of a name without brackets. False when it is no address.
bool address_parse(struct text name, struct address *ret_address, bool *ret_is_ipv4);
bool address_is_loopback(const struct address *address);
// They agree in their first `bits`, 128 for all.
bool address_shares_bits(const struct address *a, const struct address *b, size_t bits);

#endif
