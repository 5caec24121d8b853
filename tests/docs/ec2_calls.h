// SPDX-License-Identifier: MPL-2.0
// Which calls each step of a resource makes: a section of its page.
#ifndef VNS_TESTS_EC2_CALLS_H
#define VNS_TESTS_EC2_CALLS_H

#include "base/buffer.h"
#include "ec2/resource.h"

// Appends a Markdown table; the IAM permission of each call is `ec2:` and its name.
void ec2_calls_write(struct buffer *out, const struct resource *resource);

#endif
