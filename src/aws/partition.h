// SPDX-License-Identifier: MPL-2.0
// AWS's partitions and their regions (facts: aws_client, 2.5).
#ifndef VNS_AWS_PARTITION_H
#define VNS_AWS_PARTITION_H

#include "base/text.h"

#include <stdbool.h>

struct partition {
	struct text region_prefix;
	struct text name; // "aws"
	struct text suffix;
	struct text dual_stack_suffix;
	struct text iam_hosts[2][2]; // IAM has one place per partition: [dual-stack][FIPS]
	struct text iam_region;      // that its requests are signed for
};

// The partition "aws" for a region of no known pattern.
const struct partition *partition_of_region(struct text region);
// The region existed when this was built.
bool partition_knows_region(struct text region);

#endif
