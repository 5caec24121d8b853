// SPDX-License-Identifier: MPL-2.0
// The certificate that a host makes for one launch, as Terraform makes it: P-521, self-signed, for client and server
// (facts: protocol, 1.3).
#ifndef VNS_TESTS_PROTOCOL_IDENTITY_H
#define VNS_TESTS_PROTOCOL_IDENTITY_H

#include "base/text.h"

// In PEM form, NUL-terminated.
struct identity {
	char *key;
	char *certificate;
};

// Valid from `from_seconds` to `until_seconds`, counted from now.
void identity_make(struct identity *ret_identity, long from_seconds, long until_seconds);
void identity_free(struct identity *identity);
// A plugin's certificate out of its greeting, in PEM form; to be given back with free(). NULL when it is none.
char *identity_of_plugin(struct text base64);

#endif
