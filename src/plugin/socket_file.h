// SPDX-License-Identifier: MPL-2.0
// The names of this process's sockets, by which they are found again when all else is lost.
#ifndef VNS_PLUGIN_SOCKET_FILE_H
#define VNS_PLUGIN_SOCKET_FILE_H

#include "base/arena.h"
#include "base/text.h"

// A name that nobody else has, in the arena.
struct text socket_file_name(struct arena *arena);
// Removes the files of such names that this process listens on. For a signal handler: it takes no lock and no memory.
void socket_file_remove_all(void);

#endif
