// SPDX-License-Identifier: MPL-2.0
// What goes wrong, on request: a list of faults, each of which says which calls it strikes and what befalls them.
// README.md has the list. Everything random starts from a fault's own seed.
#ifndef EC2SIM_FAULTS_H
#define EC2SIM_FAULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
	// Before or after the effect.
	FAULT_ERROR, // an error answer
	FAULT_HANG,  // no answer until the fault is cleared or its time is over, and then the connection is reset
	FAULT_PAUSE, // the same, but then the call goes on as if nothing had been
	FAULT_RESET, // the connection is reset
	FAULT_EXIT,  // the simulator's process ends at once
	// The answer, right otherwise.
	FAULT_CUT,       // the connection ends after some bytes of the body
	FAULT_DRIP,      // the body comes slowly
	FAULT_MALFORMED, // the XML ends before its end
	FAULT_ENCODING,  // the XML has bytes that are not UTF-8
	FAULT_HUGE,      // the body is far longer than any answer
	FAULT_EMPTY,     // there is no body
	FAULT_PAGE,      // a page of HTML instead, as proxies and portals answer
	FAULT_FOREIGN,   // the answer to somebody else's request instead
	FAULT_EMPTIED,   // the answer to somebody else's request for the same action: its list has no items
	// EC2's propagation delay.
	FAULT_NOT_FOUND,  // what this call makes is not found by the next ones
	FAULT_STILL_SEEN, // what this call deletes is still described
	FAULT_IN_USE,     // what the session deleted by this call used cannot be deleted yet
	// What lasts while the fault is listed.
	FAULT_EXPIRE,  // from that call on, its access key is refused
	FAULT_SKEW,    // the simulator's clock is off
	FAULT_BUCKETS, // AWS's token buckets
	FAULT_KIND_COUNT
};

struct fault {
	enum fault_kind kind;
	json_t *spec; // as it was given; the texts below are parts of it
	const char *action;
	bool after; // strikes after the effect
	int64_t nth;
	int64_t count;       // 0: no end
	double probability;  // negative: by nth and count instead
	uint64_t random;     // state of the generator
	const char *code;    // error
	const char *message; // error
	unsigned status;     // error, page; 0: the code's own
	double seconds;      // hang, skew
	int64_t bytes;       // cut, drip, huge
	int64_t interval_ms; // drip
	int64_t calls;       // propagation delay
	double burst;        // buckets; 0: AWS's
	double refill;

	uint64_t seen; // calls that it could have struck
	uint64_t struck;
	uint64_t holding; // calls that hang on it now
	char *expired_key;
	bool cleared;
	struct fault *next;
};

struct faults;

struct faults *faults_new(void); // NULL without memory
void faults_free(struct faults *faults);

// Adds one, {"kind": ..., ...}, or all of a list. NULL, or what is wrong with it: then nothing was added.
const char *faults_add(struct faults *faults, json_t *spec);
// What was given, with "seen", "struck" and "holding". A new reference.
json_t *faults_show(struct faults *faults);
// Forgets them all; calls that hang go on.
void faults_clear(struct faults *faults);

// Counts the call in every fault that it matches, and returns the first that strikes it, or NULL. What is returned
// lives as long as `faults`.
struct fault *faults_strike(struct faults *faults, const char *action, const char *access_key);
// The key was struck by an expiry that is still listed.
bool faults_expired(struct faults *faults, const char *access_key);
// The listed fault of a kind that lasts, or NULL.
const struct fault *faults_lasting(struct faults *faults, enum fault_kind kind);
// Waits until the fault is cleared or its time is over.
void faults_hold(struct faults *faults, struct fault *fault);

#endif
