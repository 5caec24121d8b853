// SPDX-License-Identifier: MPL-2.0
// malloc and its relatives, of the whole program and all its libraries: counted, and refused on demand.
#ifndef VNS_TESTS_TORTURE_ALLOCATIONS_H
#define VNS_TESTS_TORTURE_ALLOCATIONS_H

#include <stdbool.h>
#include <stddef.h>

enum allocations_mode {
	ALLOCATIONS_REFUSE_ONE,
	ALLOCATIONS_REFUSE_FROM_THEN_ON,
};

// From now on, this thread's n-th allocation (the first is 0) is refused, or all from the n-th on.
void allocations_begin(enum allocations_mode mode, size_t n);
// While paused, nothing is counted or refused: the test's own work.
void allocations_pause(void);
void allocations_go_on(void);
// Ends it; how many allocations were asked for.
size_t allocations_end(void);

// OpenSSL's blocks are refused too, but not counted as alive: where memory ends inside its first use of an algorithm,
// version 3.0 itself loses two of them. To be called before anything uses it.
bool allocations_hook_openssl(void);

size_t allocations_refused(void); // since the beginning
long allocations_alive(void);     // blocks that are not given back, of the whole program

#endif
