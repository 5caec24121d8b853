// SPDX-License-Identifier: MPL-2.0
// Stand-ins for aws/client.h and the engine, which do what a test tells them.
#ifndef VNS_TESTS_PROVIDER_STAND_IN_H
#define VNS_TESTS_PROVIDER_STAND_IN_H

#include "ec2/resource.h"
#include "value/value.h"

#include <stdbool.h>

enum stand_in_outcome {
	STAND_IN_SUCCEEDS,
	STAND_IN_FAILS,          // with an error; nothing exists, or what was
	STAND_IN_FAILS_HALF_WAY, // with an error; something exists
	STAND_IN_RUNS_OUT,       // of memory
	STAND_IN_USES_UP,        // succeeds, and leaves no memory for what comes after it
};

struct stand_in {
	enum stand_in_outcome outcome; // of the engine
	int64_t create_takes_ms;       // how long create_object waits for EC2
	bool gone;                     // what read_object finds
	bool refuses_settings;         // aws_new
	bool silent;                   // client_send: nobody answers; else with an empty list
	const char *account_id;        // NULL: cannot be had
	const char *region;            // of the environment; NULL: none

	// What was asked.
	int creates, updates, removes, reads, account_questions;
	char settings_region[64], secret_key[64], user_agent[256], unknown[64], endpoint[64];
	int max_attempts;
	bool has_sources; // aws_new was given all sources of credentials
	char client_region[64];
	char client_token[64]; // of the latest create
	char products[64];     // of the latest operation, or what it asked for
	int alive;             // aws objects
};

extern struct stand_in stand_in;

void stand_in_reset(void);
int stand_in_leaks(void); // aws objects that were not freed

#endif
