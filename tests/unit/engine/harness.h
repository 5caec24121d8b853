// SPDX-License-Identifier: MPL-2.0
// Everything an operation on a resource needs, in a test: a call, an AWS client over a transport that a script or a
// simulator stands behind, and what core does around it: planning, and comparing what comes back.
#ifndef VNS_TESTS_ENGINE_HARNESS_H
#define VNS_TESTS_ENGINE_HARNESS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "aws/aws.h"
#include "base/call.h"
#include "ec2/changes.h"
#include "ec2/reads.h"
#include "ec2/resource.h"
#include "schema/plan.h"

// One answer. `action` is what must be asked for; the body is all that stands inside <ActionResponse>.
struct reply {
	const char *action;
	int status; // 0: 200
	const char *body;
	enum http_problem problem;
};

// A transport that keeps every request's form and answers from a list, or hands on to `real`.
struct wire {
	struct http http;
	struct http *real;
	const struct reply *replies;
	size_t reply_count;
	size_t requests;
	char *forms[128];
};

struct harness {
	struct arena arena;
	struct diagnostics diagnostics;
	struct clock clock;
	int64_t now_ms; // of the scripted clock
	struct call call;
	struct wire wire;
	struct aws *aws;
	struct reads *reads;
	struct changes changes;
	struct settings settings;
	struct operation operation;
};

// `endpoint` NULL: a scripted transport. Else a simulator's, with a real transport and the real clock.
void harness_open(struct harness *harness, const struct resource *resource, const char *endpoint);
void harness_close(struct harness *harness);
void harness_use(struct harness *harness, const struct resource *resource);
#define harness_script(harness, replies) harness_set_script(harness, replies, sizeof(replies) / sizeof(replies)[0])
void harness_set_script(struct harness *harness, const struct reply *replies, size_t count);
// Ends the script: every answer must have been asked for. Forgets the requests.
void harness_end_script(struct harness *harness);
// The names of the actions asked for so far, with blanks between; then forgets the requests.
const char *harness_take_actions(struct harness *harness);
const char *harness_form(const struct harness *harness, size_t request);

// A value of the resource's (or, with `rows`, those rows') type. JSON null gives a null.
struct value harness_value(struct harness *harness, const char *json);
struct value harness_value_of(struct harness *harness, const struct row *rows, const char *json);
// The planned state; fails the test when planning does.
struct plan_result harness_plan(struct harness *harness, const struct value *prior, const char *config,
				struct text private_data);
// Core's rules about the result of an apply: wholly known, and equal wherever the plan was known.
void harness_check_result(struct harness *harness, const struct value *planned, const struct value *state);
const char *harness_told(struct harness *harness);                             // all diagnostics, and forgets them
const char *harness_print(struct harness *harness, const struct value *value); // as JSON

#define assert_contains(whole, part) harness_contains(whole, part, true, __FILE__, __LINE__)
#define assert_lacks(whole, part)    harness_contains(whole, part, false, __FILE__, __LINE__)
void harness_contains(const char *whole, const char *part, bool wanted, const char *file, int line);

#endif
