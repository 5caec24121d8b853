// SPDX-License-Identifier: MPL-2.0
// One Describe that answers many reads. The calls that wait for it belong to different arenas, so it has one of its
// own, and is given back when the last of them is done with it.
#ifndef VNS_EC2_FLIGHT_H
#define VNS_EC2_FLIGHT_H

#include "ec2/resource.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	FLIGHT_MOST_IDS = 200, // in one request; EC2 takes up to 1,000, and a request that is refused is sent again
	FLIGHT_ID_BYTES = 32,  // "tms-" and 17 digits are 21
};

struct flight_item {
	struct text id;
	const struct xml_node *node;
};

enum flight_outcome {
	FLIGHT_LOST,      // no answer was to be had; `told` says why, or is empty when memory ran out
	FLIGHT_LANDED,    // with items
	FLIGHT_NOT_FOUND, // refused, since one of the ids does not exist
	FLIGHT_REFUSED,
};

struct flight {
	struct arena arena; // of all that follows
	atomic_int holders;
	enum flight_outcome outcome;
	struct diagnostics told;
	struct action_answer answer; // unless lost
	struct text next_token;      // of a page: where the next one begins; empty: nowhere
	struct flight_item *items;   // sorted by id
	size_t count;
	bool is_strange;      // lists what was not asked for
	struct flight *older; // for whoever keeps pages
};

// Held once. NULL when there is no memory. It runs out of memory when `call` would: tests refuse it to both.
struct flight *flight_new(const struct call *call);
void flight_hold(struct flight *flight);
void flight_release(struct flight *flight); // NULL is fine

// Describes these ids, no more than FLIGHT_MOST_IDS.
void flight_ask_ids(const struct operation *operation, struct flight *flight, const struct text *ids, size_t count);
// Describes a page of all there are, from where `token` says; empty: from the beginning.
void flight_ask_page(const struct operation *operation, struct flight *flight, struct text token);

// The item of that id, or NULL.
const struct xml_node *flight_find(const struct flight *flight, struct text id);
// Whether a refusal's message names that very id.
bool flight_blames(const struct flight *flight, struct text id);

#endif
