// SPDX-License-Identifier: MPL-2.0
// The server's own certificate: made at start, for one process, trusted by the one host that reads it from the
// handshake line. P-256, since it starts twice as fast as the host's P-521 (facts: protocol, 1.3).
#ifndef VNS_PLUGIN_CERTIFICATE_H
#define VNS_PLUGIN_CERTIFICATE_H

#include "base/text.h"

#include <stdbool.h>

struct call;

struct certificate {
	char *key_pem;          // private: to be wiped with certificate_wipe_key
	const char *chain_pem;  // the certificate alone
	struct text der_base64; // the same as the handshake line has it: standard alphabet, no padding
};

// Makes one in the call's arena. False with a diagnostic when OpenSSL refuses.
bool certificate_make(struct call *call, struct certificate *ret_certificate);
void certificate_wipe_key(struct certificate *certificate);
// False with a diagnostic when `pem`, which the host gave, is not a certificate.
bool certificate_check_pem(struct call *call, const char *pem);

#endif
