// SPDX-License-Identifier: MPL-2.0
// AWS Signature Version 4 (facts: aws_client, 1.1), pure: a request, a secret and a time give a signature. The client
// signs with it, and the simulator verifies by computing the signature again from the headers that the request names.
//
// The canonical request contains the session token, so it stays in buffers that are wiped. `scratch` holds only what
// is no secret: names, the sorted order, the query.
#ifndef VNS_AWS_SIGV4_H
#define VNS_AWS_SIGV4_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGV4_HEX_CHARS       64 // a SHA-256 as lowercase hexadecimal
#define SIGV4_TIMESTAMP_CHARS 16 // "20150830T123600Z"

struct sigv4_header {
	struct text name; // any case
	struct text value;
};

struct sigv4_request {
	struct text method;                 // "POST"
	struct text path;                   // as on the request line; the empty text stands for "/"
	struct text query;                  // as on the request line, without '?'
	const struct sigv4_header *headers; // exactly those that are signed, any order; repeated names are joined
	size_t header_count;
	struct text body_hash; // sigv4_hash of the body
};

struct sigv4_scope {
	struct text timestamp; // X-Amz-Date; its first eight characters are the scope's date
	struct text region;
	struct text service; // the signing name: "ec2", "sts", "elasticloadbalancing"
};

// Lowercase hexadecimal SHA-256, NUL-terminated. False only when OpenSSL has no memory or no SHA-256.
bool sigv4_hash(struct text bytes, char ret_hex[SIGV4_HEX_CHARS + 1]);
// The time as X-Amz-Date wants it, NUL-terminated.
void sigv4_timestamp(int64_t realtime_us, char ret_timestamp[SIGV4_TIMESTAMP_CHARS + 1]);

// "content-type;host;x-amz-date", in the scratch arena.
struct text sigv4_signed_headers(struct arena *scratch, const struct sigv4_request *request);
// Appends to the buffers, which the caller has initialised (and marked secret) and frees.
void sigv4_canonical_request(struct arena *scratch, const struct sigv4_request *request,
			     struct buffer *ret_canonical_request);
bool sigv4_string_to_sign(const struct sigv4_scope *scope, struct text canonical_request,
			  struct buffer *ret_string_to_sign);

// The signature in lowercase hexadecimal, NUL-terminated. False as sigv4_hash.
bool sigv4_signature(struct arena *scratch, const struct sigv4_request *request, const struct sigv4_scope *scope,
		     struct text secret_key, char ret_signature[SIGV4_HEX_CHARS + 1]);
// Appends the value of the Authorization header. False as sigv4_hash, or when the buffer failed.
bool sigv4_authorization(struct arena *scratch, const struct sigv4_request *request, const struct sigv4_scope *scope,
			 struct text access_key_id, struct text secret_key, struct buffer *ret_value);

#endif
