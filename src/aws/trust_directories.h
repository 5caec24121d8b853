// SPDX-License-Identifier: MPL-2.0
// Directories of authorities' certificates, by the rules of Go's: every file of them counts, whatever its name. Reading
// them all takes longer than a whole exchange, so that happens once, and only when the certificates that were at hand
// did not do.
#ifndef VNS_AWS_TRUST_DIRECTORIES_H
#define VNS_AWS_TRUST_DIRECTORIES_H

#include "base/text.h"

// Safe to use from all threads.
struct trust_directories;

// `list` names them, separated by colons; `known` is a file that is trusted anyway and need not be read again, or
// empty. Reads nothing. NULL: no memory.
struct trust_directories *trust_directories_new(struct text list, struct text known);
void trust_directories_free(struct trust_directories *directories);
// Connections of this SSL_CTX, which must end before the directories are freed, trust them too.
void trust_directories_use(struct trust_directories *directories, void *tls_context);

#endif
