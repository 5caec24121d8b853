// SPDX-License-Identifier: MPL-2.0
// What tests of the rows share: a call, settings, and values read from case files.
#ifndef VNS_TESTS_SCHEMA_FIXTURE_H
#define VNS_TESTS_SCHEMA_FIXTURE_H

#include "base/call.h"
#include "schema/plan.h"
#include "schema/row.h"
#include "value/value.h"

#include <jansson.h>
#include <stddef.h>

// A call of its own with what it complained of.
struct fixture {
	struct arena arena;
	struct diagnostics diagnostics;
	struct call call;
};

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);

// The file's JSON; the test fails with the place of the fault.
json_t *fixture_load(const char *path);
struct text fixture_text(const json_t *object, const char *key); // empty when it is absent

// A value of that type; {"unknown": true} is an unknown, an absent attribute of an object is null.
struct value fixture_value(struct arena *arena, const json_t *json, const struct type *type);
// As fixture_value reads it, for messages and comparison; attributes that are null are left out.
struct text fixture_print(struct arena *arena, const struct value *value);

// Region eu-central-1 and no tags, but for what `json` (may be NULL) says.
struct settings fixture_settings(struct arena *arena, const json_t *json);

// The state after an apply of that plan: unknowns get the values that EC2 would choose. `json` (may be NULL) names
// some; without it virtual_network_id is 777 and packet_length stays null.
struct value fixture_apply(struct arena *arena, const struct row *rows, const struct value *planned,
			   const json_t *json);

// All diagnostics, one a line: "error session_number: Number out of range: session_number must be ...".
struct text fixture_complaints(struct fixture *fixture);

#define assert_text(actual, expected)                                                                                  \
	do {                                                                                                           \
		struct text assert_actual = (actual), assert_expected = (expected);                                    \
		if (!text_equal(assert_actual, assert_expected))                                                       \
			fail_msg("\n  is:       %.*s\n  expected: %.*s", TEXT_ARG(assert_actual),                      \
				 TEXT_ARG(assert_expected));                                                           \
	} while (0)

#endif
