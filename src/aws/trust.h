// SPDX-License-Identifier: MPL-2.0
// Where the certificates of the authorities stand that a server's certificate is checked with. The program runs on
// distributions other than the one it was built on, so it looks itself.
#ifndef VNS_AWS_TRUST_H
#define VNS_AWS_TRUST_H

#include "aws/environment.h"
#include "base/text.h"

#include <stdbool.h>

struct trust {
	struct text file;        // empty: none
	struct text directories; // beside the file; separated by colons; see trust_directories.h
};

// As Go finds them: a file and directories, each the environment's choice, else the places that distributions use; but
// AWS_CA_BUNDLE stands alone. `exists` is a test seam, NULL: the file system. All empty when there is none.
struct trust trust_find(const struct environment *environment, bool (*exists)(struct text path));

#endif
