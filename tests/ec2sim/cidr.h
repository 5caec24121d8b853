// SPDX-License-Identifier: MPL-2.0
// Address blocks like 10.0.0.0/8 and 2001:db8::/32.
#ifndef EC2SIM_CIDR_H
#define EC2SIM_CIDR_H

#include <stdbool.h>

// False when it is none, or when bits are set behind the prefix. *ret_family is AF_INET or AF_INET6.
bool cidr_parse(const char *block, int *ret_family);

#endif
