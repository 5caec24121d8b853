// SPDX-License-Identifier: MPL-2.0
// Where calls to EC2 wait for their turn once EC2 has refused one for being too many: one line per action of a region,
// first come, first served, at the rate that bucket.h learns. All who wait for the same tokens wait here, instead of
// each trying again by itself. A call that was refused still pauses before it stands in line again, longer each time:
// others may use the account's tokens too, and its attempts must outlast them.
#ifndef VNS_AWS_GATE_H
#define VNS_AWS_GATE_H

#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct gate; // of one region; safe to use from all threads

// NULL when there is no memory. A NULL gate lets everything through.
struct gate *gate_new(void);
void gate_free(struct gate *gate); // nobody may be waiting

// Waits for the turn of a call of that action, or for a wish to stop. Returns when it was let through, for gate_learn.
int64_t gate_pass(const struct call *call, struct gate *gate, struct text action);
// EC2 answered a call that was let through then; `refused`: for being one too many.
void gate_learn(const struct call *call, struct gate *gate, struct text action, int64_t passed_ms, bool refused);

#endif
