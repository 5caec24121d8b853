// SPDX-License-Identifier: MPL-2.0
// A user's home: files below a temporary directory, environment variables, and a network that is a script. The chain is
// asked for credentials as the provider asks it.
#ifndef VNS_TESTS_AWS_HOME_H
#define VNS_TESTS_AWS_HOME_H

#include "fixture.h"

#define HOME_VARIABLES 16

struct home {
	struct fixture fixture;
	struct script script;
	char directory[64];
	struct environment_variable variables[HOME_VARIABLES];
	size_t variable_count;
	struct aws_settings settings;
	struct aws *aws;
	const struct credentials *found; // by home_ask
};

// The steps live as long as the home.
void home_open(struct home *home, const struct script_step *steps, size_t count);
void home_set(struct home *home, const char *name, const char *value);
// "~" at the front of the value stands for the directory.
void home_set_path(struct home *home, const char *name, const char *below);
void home_write(struct home *home, const char *below, const char *content);
struct text home_read(struct home *home, const char *below);
// Makes the account and asks for its credentials. False when one of the two failed.
bool home_ask(struct home *home);
void home_expect(struct home *home, const char *source, const char *key_id);
// home_ask fails, with one error that has this in it.
void home_expect_error(struct home *home, const char *part);
// Also checks that no secret (a text with "hush" in it) was told or logged.
void home_close(struct home *home);

#endif
