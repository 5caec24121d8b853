// SPDX-License-Identifier: MPL-2.0
// One request of a service and its answer: what every step from reading to answering shares.
// A step that refuses returns false and has then set the error once; whatever comes later keeps it.
#ifndef EC2SIM_EXCHANGE_H
#define EC2SIM_EXCHANGE_H

#include "form.h"
#include "front.h"

#include "base/arena.h"
#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum service { SERVICE_EC2, SERVICE_STS, SERVICE_ELB, SERVICE_COUNT };

struct action;
struct fault;
struct place;
struct world;

struct exchange {
	struct world *world;
	struct arena *arena;
	const struct http_request *request;
	struct form form;

	// Known step by step.
	enum service service;
	const struct action *action; // NULL: no such action
	const char *access_key;
	const char *account;
	const char *region;
	json_t *parameters;  // checked: lists are arrays, structures are objects
	struct place *place; // the account's objects in that region; only while the effect takes place

	// What goes wrong.
	struct fault *fault;      // that strikes this call; NULL: none
	json_t *departing;        // what it deletes, for those who still see it; NULL: nothing
	const char *departing_id; // its id
	bool unanswered;          // the connection is reset instead

	// The answer: a result, or an error.
	json_t *result;
	unsigned status;
	const char *error_code; // NULL: none
	struct text error_message;
	const char *request_id; // a UUID
};

// Sets the error and returns false. The HTTP status follows from the code.
bool exchange_refuse(struct exchange *exchange, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// Parameters by name; NULL (or `otherwise`) when the request does not carry them.
const char *exchange_text(const struct exchange *exchange, const char *parameter);
const json_t *exchange_list(const struct exchange *exchange, const char *parameter);
int64_t exchange_integer(const struct exchange *exchange, const char *parameter, int64_t otherwise);
bool exchange_has(const struct exchange *exchange, const char *parameter);

// Puts a value, which it takes over, into the result under that element name. Returns true: the last line of an action.
bool exchange_answer(struct exchange *exchange, const char *element, json_t *value);

#endif
