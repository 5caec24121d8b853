// SPDX-License-Identifier: MPL-2.0
// A call with a scripted clock, and a scripted transport in place of the network.
#ifndef VNS_TESTS_AWS_FIXTURE_H
#define VNS_TESTS_AWS_FIXTURE_H

#include "aws/aws.h"
#include "aws/http.h"
#include "base/call.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_clock {
	struct clock clock;
	int64_t now_us;
	int64_t slept_ms;
	int sleeps;
	struct cancel_source *fire_in_sleep; // fired by the next sleep
};

struct fixture {
	struct arena arena;
	struct diagnostics diagnostics;
	struct log log; // at LOG_TRACE, into log_fd
	int log_fd;
	struct fake_clock clock;
	struct cancel_source *source;
	struct cancel *cancel;
	struct call call;
};

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);
void fixture_forget(struct fixture *fixture); // diagnostics and arena; for a second call
// All details of the diagnostics, one after the other.
struct text fixture_told(struct fixture *fixture);
struct text fixture_logged(struct fixture *fixture);

struct script_step {
	enum http_problem problem;
	bool sent;
	bool resent;
	int status;
	const char *headers; // whole lines
	const char *body;
	void (*during)(void *context); // runs while the exchange is under way
	void *context;
};

// What one exchange was asked for, as C strings.
struct script_record {
	char *url;
	char *body;
	char *headers; // "name: value\n" each
	int64_t grace_ms;
	char *method;
	bool no_proxy;
	bool near_only;
	int64_t timeout_ms;
};

struct script {
	struct http http;
	const struct script_step *steps;
	size_t count; // after the last step, the last one repeats
	size_t exchanges;
	struct script_record records[64];
	bool freed;
};

void script_init(struct script *script, const struct script_step *steps, size_t count);
void script_free_records(struct script *script);
// The value of a header of a recorded exchange, up to the line's end; NULL when it was not sent.
const char *script_header(const struct script *script, size_t exchange, const char *name);

uint32_t fixture_zero(void); // a random number that is none

// Reads a JSON file of tests/cases.
json_t *fixture_cases(const char *path);
struct text fixture_text(const json_t *object, const char *key);

#define assert_text(view, literal) assert_text_(view, literal, __FILE__, __LINE__)
#define assert_in(whole, part)     assert_in_(whole, part, true, __FILE__, __LINE__)
#define assert_not_in(whole, part) assert_in_(whole, part, false, __FILE__, __LINE__)
void assert_text_(struct text view, const char *expected, const char *file, int line);
void assert_in_(struct text whole, const char *part, bool wanted, const char *file, int line);

#endif
