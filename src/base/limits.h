// SPDX-License-Identifier: MPL-2.0
// Every ceiling in one place, each with its reason. Limits that are EC2's own stand in the rows of src/resources.
#ifndef VNS_BASE_LIMITS_H
#define VNS_BASE_LIMITS_H

// What the Go SDK lets a provider receive; a state of 100,000 rules stays far below.
#define LIMIT_MESSAGE_BYTES ((size_t)256 * 1024 * 1024)
// Memory of one call: the largest message unpacked, with room for what is built from it.
#define LIMIT_CALL_BYTES ((size_t)1024 * 1024 * 1024)
// Nesting of values, types, JSON and XML: the deepest schema needs 5; recursion stays far from the end of a stack.
#define LIMIT_NESTING 64
// go-cty refuses refinements larger than this (facts: protocol, 4.1).
#define LIMIT_REFINEMENT_BYTES 1024
// Digits of a number with an exponent, with zeros written out: Terraform's have 512 bits, a double's exact text 1,077
// characters.
#define LIMIT_NUMBER_DIGITS 4096
// One page of 1,000 sessions with 50 tags each is under 40 MB.
#define LIMIT_RESPONSE_BYTES ((size_t)64 * 1024 * 1024)
// Headers of one answer; AWS sends under 2 KB.
#define LIMIT_RESPONSE_HEADER_BYTES ((size_t)64 * 1024)
// Pages of one listing, of up to 1,000 objects each; EC2 lets an account have 10,000 of a type in a region.
#define LIMIT_LISTING_PAGES 200
// Ids that a run has seen in the state, all together: those of three million objects.
#define LIMIT_KNOWN_BYTES ((size_t)64 * 1024 * 1024)
// A request body: 1,000 ids with 50 tags stay below.
#define LIMIT_REQUEST_BYTES ((size_t)16 * 1024 * 1024)
// A log line: hosts cut at 64 KiB.
#define LIMIT_LOG_LINE_BYTES ((size_t)60 * 1024)
// Attempts of one AWS request, as in the AWS provider (facts: aws_client, 3.2).
#define LIMIT_ATTEMPTS 25
// How long a create is still waited for when the host wants to stop: an answer that is not read leaves an object that
// nobody knows. EC2 answers creates within a second.
#define LIMIT_STOP_GRACE_MS 5000
// The same for any other change: what it changes is in the state, so the next plan sees what became of it.
#define LIMIT_STOP_CHANGE_MS 500
// How often a request is tried that is made in passing, and how long each time: nobody shall wait for what only helps.
#define LIMIT_PASSING_ATTEMPTS 2
#define LIMIT_PASSING_MS       5000
// Calls that work at the same time; a host at -parallelism=256 has at most that many under way.
#define LIMIT_WORKERS 320

// A shared AWS file, or a token in a file; both are a few KB.
#define LIMIT_CONFIG_FILE_BYTES ((size_t)1024 * 1024)
// How long such a file is waited for when it is a pipe: as long as a credential_process may take.
#define LIMIT_PIPE_MS (60 * 1000)
// Memory of the provider's settings, and of one look for credentials: a few hundred bytes, and a few thousand for each
// shared file, of which there may be many.
#define LIMIT_SETTINGS_BYTES ((size_t)64 * 1024 * 1024)
// Profiles that take their credentials from one another; AWS itself ends chained roles after an hour.
#define LIMIT_PROFILE_CHAIN 16
// Attempts of one request for credentials: a wrong setting must not hang (facts: aws_client, 3.2).
#define LIMIT_CREDENTIAL_ATTEMPTS 3
// What metadata, container and SSO endpoints and a credential_process answer.
#define LIMIT_CREDENTIAL_ANSWER_BYTES ((size_t)64 * 1024)

#endif
