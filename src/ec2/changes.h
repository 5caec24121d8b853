// SPDX-License-Identifier: MPL-2.0
// How many changes were made to what EC2 has, or may have been. Whoever asks EC2 remembers the count from before: an
// answer from before the latest change is older than it. Calls share it; it lives with the configured provider.
#ifndef VNS_EC2_CHANGES_H
#define VNS_EC2_CHANGES_H

#include <stdint.h>

// All zero: none so far.
struct changes {
	_Atomic uint64_t count;
};

// One more, which has an effect by now if it ever will.
void changes_add(struct changes *changes);
uint64_t changes_so_far(struct changes *changes);

#endif
