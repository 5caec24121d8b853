// SPDX-License-Identifier: MPL-2.0
// What a person may ask of the program, and what it says to one.
#ifndef VNS_PLUGIN_CLI_H
#define VNS_PLUGIN_CLI_H

#include "base/text.h"

struct arena;
struct handshake_address;
struct host;

enum cli_wish { CLI_SERVE, CLI_DEBUG, CLI_VERSION, CLI_HELP, CLI_WRONG };

enum cli_wish cli_parse(int argc, char **argv);
void cli_print_version(const struct host *host);
void cli_print_help(const struct host *host);
// The words for somebody who started the program by hand; on standard error.
void cli_explain(const struct host *host);
// What `-debug` prints: the line to export, and how to go on. In the arena.
struct text cli_reattach(struct arena *arena, const struct host *host, const struct handshake_address *address);

#endif
