// SPDX-License-Identifier: MPL-2.0
// Waiting for EC2 to notice what has happened already: pauses that grow, up to a sum, and end when the host says stop.
#ifndef VNS_EC2_PATIENCE_H
#define VNS_EC2_PATIENCE_H

#include "base/call.h"

#include <stdbool.h>
#include <stdint.h>

// How long a new object that EC2 does not show is looked for: by a read, which loses nothing by giving up, and by a
// delete that may have deleted it.
#define PATIENCE_UNSEEN_MS 15000
// How long an object may stay in use after the last session on it was deleted.
#define PATIENCE_IN_USE_MS 20000

struct patience {
	int64_t left_ms;
	int64_t pause_ms;
};

struct patience patience_of(int64_t sum_ms);
// False when a wait ended for another reason.
bool patience_is_over(const struct patience *patience);
// Waits once more; false when patience is at its end or the call is to stop.
bool patience_wait(const struct call *call, struct patience *patience);

#endif
