// SPDX-License-Identifier: MPL-2.0
// Reads of one type in one region stand in line: who waits, who leads, what the next flight asks for, and what its
// answer means for each. Only bookkeeping: reads.c has the lock, which every function here wants held, and does what
// takes time. Nothing here takes from an arena. Private to reads.c.
#ifndef VNS_EC2_LINE_H
#define VNS_EC2_LINE_H

#include "ec2/flight.h"
#include "ec2/listing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Objects of a type that are asked for before all are listed: fewer than these never are.
enum { LINE_LISTS_FROM = 10 };
// Answers about others in place of an object: more are not asked for.
enum { LINE_MOST_STRANGE = 3 };

enum verdict {
	VERDICT_NONE,
	VERDICT_FOUND,
	VERDICT_GONE,
	VERDICT_STRANGE, // all answers are about others
	VERDICT_REFUSED,
	VERDICT_LOST,    // the flight's `told` says why; without a flight: for lack of memory
	VERDICT_STOPPED, // the call is to end
};

// One read in line; it lives on the stack of its call.
struct wait {
	struct text id; // no longer than FLIGHT_ID_BYTES
	int wake;       // an eventfd, written to when something below has changed
	bool leads;     // is to fly next
	bool aboard;    // the flight in the air asks for it
	bool apart;     // to be asked for in a request of its own: one for many did not say what is with it
	bool missed;    // an answer that says nothing of others does not list it
	int strange;    // answers that list others and not it
	bool settled;   // out of the line, with a verdict
	enum verdict verdict;
	struct flight *flight; // that the verdict rests on, held; may be NULL
	struct wait *next;
};

struct line {
	const struct client *client;
	const struct resource *resource;
	struct wait *first;
	bool is_led;
	uint64_t age;   // how many changes had been made when what follows began
	bool has_flown; // by id
	size_t crowd;   // that the latest of those flights asked for
	size_t asked;   // different objects, counted up to LINE_LISTS_FROM
	char asked_ids[LINE_LISTS_FROM][FLIGHT_ID_BYTES];
	struct flight *pages;       // the listing so far, newest first
	struct listing_trail trail; // that led to them
	int64_t listed_ms;          // when it began
	bool listed_all;
	bool lists_not; // a listing failed: not again
	struct line *next;
};

// What one flight asks for.
struct departure {
	bool is_page;
	struct flight *before; // the page before, held; NULL: none
	uint64_t age;
	int64_t at_ms;
	size_t count;
	struct text ids[FLIGHT_MOST_IDS];
	char bytes[FLIGHT_MOST_IDS][FLIGHT_ID_BYTES]; // copies: a call may leave the line before it is answered
};

// Forgets what is too old to answer anybody: older than the changes made so far, or than a listing may be.
void line_freshen(struct line *line, uint64_t age, int64_t now_ms);
void line_drop_pages(struct line *line);

// At the end of the line; or settled at once, when a page has the answer.
void line_join(struct line *line, struct wait *wait);
// Takes it out of the line with that verdict, and wakes its call.
void line_settle(struct line *line, struct wait *wait, enum verdict verdict, struct flight *flight);
// To the first who still waits.
void line_pass_lead(struct line *line, struct wait *from);

// Whether the next flight fetches a page of all there are instead of asking for ids.
bool line_wants_page(const struct line *line);
void line_board(struct line *line, int64_t now_ms, struct departure *ret_departure);
// Hands out what the flight (NULL: it never was) brought. Whoever it has nothing for stays in line. `age` is the
// changes made so far: a page that was asked for before the latest one is not kept.
void line_land(struct line *line, uint64_t age, const struct departure *departure, struct flight *flight);
// It was cut short by its leader's wish to stop, and counts for nobody.
void line_abandon(struct line *line);

// What the flight says of one of the `count` that it asked for by id. VERDICT_NONE: it must be asked for again, apart.
enum verdict line_judge(const struct flight *flight, struct wait *wait, size_t count);

#endif
