// SPDX-License-Identifier: MPL-2.0
// Checks of single values: row_check_fn for the tables, and the helpers they rest on.
#ifndef VNS_SCHEMA_CHECK_H
#define VNS_SCHEMA_CHECK_H

#include "schema/row.h"

#include <stdbool.h>
#include <stdint.h>

// Tags of one object (facts: ec2, 1.5).
enum { CHECK_MOST_TAGS = 50 };

// An IPv4 or IPv6 network in CIDR notation.
struct cidr {
	bool is_ipv6;
	unsigned char address[16]; // IPv4: the first four
	int prefix_length;
};

// False when the text is none. *ret_host_bits: bits right of the prefix are set.
bool check_cidr_parse(struct text text, struct cidr *ret_cidr, bool *ret_host_bits);
bool check_cidr_same(struct text a, struct text b); // both parse and mean the same network

row_check_fn check_cidr;                 // CIDR notation, host bits zero; the message names the right network
row_check_fn check_region;               // a region's form: lower-case letters, digits, hyphens; a valid host label
row_check_fn check_network_balancer_arn; // arn:<partition>:elasticloadbalancing:<region>:<account>:loadbalancer/net/...
row_check_fn check_tags; // a map: 50 at most, key 1 to 127 characters and no "aws:" in front, value 256 at most
// Can XML carry it, and so an answer of EC2? Not so control characters but tab and line ends, nor U+FFFE and U+FFFF.
bool check_fits_xml(struct text view);
extern const char check_fits_xml_problem[];
// How many characters (code points) a UTF-8 text has.
size_t check_characters(struct text view);
// True for an EC2 id: the prefix and 8 or 17 lower-case hexadecimal digits.
bool check_is_id(struct text id, struct text prefix);

#endif
