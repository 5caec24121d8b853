// SPDX-License-Identifier: MPL-2.0
// A client certificate as a host makes it: P-521, self-signed (facts: protocol, 1.3).
#ifndef VNS_TESTS_PLUGIN_PEM_H
#define VNS_TESTS_PLUGIN_PEM_H

#include "base/text.h"

// NUL-terminated, to be given back with free().
struct pem {
	char *key;
	char *certificate;
};

void pem_make(struct pem *ret_pem);
void pem_free(struct pem *pem);
// The PEM form of a certificate in the handshake's form (base64 DER, no padding); to be given back with free().
// NULL when it is none.
char *pem_from_handshake(struct text base64);

#endif
