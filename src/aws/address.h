// SPDX-License-Identifier: MPL-2.0
// IP addresses by value, pure: one address has many spellings.
#ifndef VNS_AWS_ADDRESS_H
#define VNS_AWS_ADDRESS_H

#include "base/text.h"

#include <stdbool.h>

struct sockaddr;

// Of either family; IPv4 in its IPv6 form, so that ::ffff:10.0.0.1 is 10.0.0.1.
struct address {
	unsigned char bytes[16];
};

// Of a name without brackets. False when it is no address.
bool address_parse(struct text name, struct address *ret_address, bool *ret_is_ipv4);
bool address_is_loopback(const struct address *address);
// Of this machine, or of the link-local hosts from which ECS and EKS give credentials (facts: aws_client, 2.3).
bool address_is_near(const struct address *address);
// The one that a socket is to be connected to. False when that is no IP address.
bool address_of_socket(const struct sockaddr *place, struct address *ret_address);
// They agree in their first `bits`, 128 for all.
bool address_shares_bits(const struct address *a, const struct address *b, size_t bits);

#endif
