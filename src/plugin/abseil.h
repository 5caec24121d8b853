// SPDX-License-Identifier: MPL-2.0
// Abseil, which gRPC is built on, as this program wants it.
#ifndef VNS_PLUGIN_ABSEIL_H
#define VNS_PLUGIN_ABSEIL_H

// Turns off the guard against deadlocks, where Abseil was built with it: it takes one lock of the whole process at
// every lock of gRPC's, and ends the process when two locks were once taken in an order that could block, whether or
// not it does. Before gRPC starts.
void abseil_trust_locks(void);

#endif
