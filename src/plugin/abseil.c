// SPDX-License-Identifier: MPL-2.0
// Abseil has no interface for C, and its namespace is the distribution's: the build looks up what the function is
// called in the library (plugin/CMakeLists.txt).
#include "plugin/abseil.h"

#ifdef VNS_ABSEIL_DEADLOCK_MODE
// absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle), an enumeration of ints.
extern void set_deadlock_mode(int mode) __asm__(VNS_ABSEIL_DEADLOCK_MODE);

static const int ignore = 0; // absl::OnDeadlockCycle::kIgnore

void abseil_trust_locks(void)
{
	set_deadlock_mode(ignore);
}
#else
void abseil_trust_locks(void)
{
}
#endif
