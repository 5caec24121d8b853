// SPDX-License-Identifier: MPL-2.0
// Small files, read and written whole: configuration, tokens, caches.
#ifndef VNS_AWS_WHOLE_FILE_H
#define VNS_AWS_WHOLE_FILE_H

#include "base/arena.h"
#include "base/call.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

// The content, in the arena, which need not be the call's. NULL, or why there is none, for people: "No such file or
// directory", "it is larger than ...". Only regular files and pipes are read. A pipe is waited for until its writer has
// come and closed it, LIMIT_PIPE_MS at most and no longer than the call may go on.
const char *whole_file_read(const struct call *call, struct arena *arena, struct text path, size_t ceiling,
			    struct text *ret_content);
// Whether there is anything of that name.
bool whole_file_is_there(struct arena *arena, struct text path);
// Others than its owner may read it.
bool whole_file_is_open(struct arena *arena, struct text path);
// Replaces the file in one step, readable by its owner only: a reader sees the old content or the new. NULL, or why it
// failed; then the old file stands unchanged.
const char *whole_file_replace(struct arena *arena, struct text path, struct text content);

#endif
