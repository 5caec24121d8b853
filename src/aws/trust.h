// SPDX-License-Identifier: MPL-2.0
// Where the certificates of the authorities stand that a server's certificate is checked with. The program runs on
// distributions other than the one it was built on, so it looks itself.
#ifndef VNS_AWS_TRUST_H
#define VNS_AWS_TRUST_H

#include "aws/environment.h"
#include "base/text.h"

#include <stdbool.h>

struct trust {
	struct text file;
	struct text directory;
	struct text chosen_by; // a variable that named it, or empty
};

// The environment's choice, else the first that exists of the places distributions use; `exists` is a test seam,
// NULL: the file system. All empty when there is none.
struct trust trust_find(const struct environment *environment, bool (*exists)(struct text path));

#endif
