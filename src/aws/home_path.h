// SPDX-License-Identifier: MPL-2.0
// Paths that depend on who runs the program.
#ifndef VNS_AWS_HOME_PATH_H
#define VNS_AWS_HOME_PATH_H

#include "aws/environment.h"
#include "base/arena.h"
#include "base/text.h"

// A path below it; empty when there is no home.
struct text home_path_of(struct arena *arena, const struct environment *environment, struct text below);
// $NAME and ${NAME} become the variable's value (an unset one the empty text), and a leading ~ or ~/ the home.
struct text home_path_expand(struct arena *arena, const struct environment *environment, struct text path);

#endif
