// SPDX-License-Identifier: MPL-2.0
// A folder for what a process leaves when it is not let end by itself, such as the file of its socket.
#ifndef VNS_TESTS_PROTOCOL_SCRATCH_H
#define VNS_TESTS_PROTOCOL_SCRATCH_H

enum { SCRATCH_SIZE = 32 };

// Makes it, and says how it is told to a process: "TMPDIR=/tmp/...".
void scratch_make(char ret_variable[SCRATCH_SIZE]);
// Removes it with the files in it; the end of this process does that with what is left, since a test that fails goes
// nowhere else. Fine when there is none (an empty string, or it is gone).
void scratch_remove(const char *variable);
// How many files are in it.
int scratch_count(const char *variable);

#endif
