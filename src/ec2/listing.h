// SPDX-License-Identifier: MPL-2.0
// All objects of a type, page by page, and where the pages end: also where they lead back to one that was seen, and
// after LIMIT_LISTING_PAGES, for what follows a page is whatever the endpoint says.
#ifndef VNS_EC2_LISTING_H
#define VNS_EC2_LISTING_H

#include "aws/xml.h"
#include "base/buffer.h"
#include "ec2/resource.h"

#include <stdbool.h>
#include <stddef.h>

enum { LISTING_PAGE_LENGTH = 1000 }; // items in one answer: the most that EC2 gives

// The tokens that were followed. On the heap, so that it may outlive a call and change under a lock.
struct listing_trail {
	struct buffer tokens; // with a NUL at the end of each
	size_t count;
};

void listing_trail_init(struct listing_trail *trail);
void listing_trail_free(struct listing_trail *trail); // usable again afterwards

enum listing_way {
	LISTING_GOES_ON,
	LISTING_ENDS,       // all there is was seen
	LISTING_IS_ENDLESS, // as far as anybody wants to know
};

// What comes after a page with that next token (empty: it has none), which is then followed.
enum listing_way listing_follow(struct listing_trail *trail, struct text token);

struct listing {
	struct text action;        // "DescribeTrafficMirrorSessions"
	struct text set;           // the element of its answers that holds the items
	struct text filter, value; // only those with that value; empty: all
	struct text doing;         // follows "EC2 refused to ": "list each traffic mirror session"
};

// Sees one item, which is valid as long as the call's arena. False: that is enough.
typedef bool listing_visit_fn(void *context, const struct xml_node *item);

// Every item, until one is enough. False, with an error, when not all could be had.
bool listing_walk(const struct operation *operation, const struct listing *listing, listing_visit_fn *visit,
		  void *context);

#endif
