// SPDX-License-Identifier: MPL-2.0
#include "ec2/changes.h"

#include <stdatomic.h>

void changes_add(struct changes *changes)
{
	atomic_fetch_add(&changes->count, 1);
}

uint64_t changes_so_far(struct changes *changes)
{
	return atomic_load(&changes->count);
}
