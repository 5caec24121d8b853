// SPDX-License-Identifier: MPL-2.0
#include "weather.h"

#include "actions.h"
#include "buckets.h"
#include "faults.h"
#include "veil.h"
#include "world.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// As a shell shows a process that was killed.
#define WEATHER_EXIT_STATUS 137

static void travel(const struct exchange *exchange, enum weather_stage stage)
{
	// The way there and the way back take half of the time each.
	const int64_t latency_ms = exchange->world->latency_ms;
	const int64_t there_ms = latency_ms / 2;
	const int64_t duration_ms = stage == WEATHER_BEFORE_EFFECT ? there_ms : latency_ms - there_ms;
	if (duration_ms > 0)
		clock_sleep_ms(&clock_system, duration_ms, NULL);
}

static bool refuse_with(struct exchange *exchange, const struct fault *fault)
{
	exchange_refuse(exchange, fault->code, "%s", fault->message);
	if (fault->status > 0)
		exchange->status = fault->status;
	return false;
}

static bool refuse_expired(struct exchange *exchange)
{
	const struct fault *fault = exchange->fault;
	const char *code = fault && fault->kind == FAULT_EXPIRE ? fault->code : "RequestExpired";
	return exchange_refuse(exchange, code, "Request has expired.");
}

// Loses the call: whatever it has done, nobody is told.
static bool lose(struct exchange *exchange)
{
	exchange->unanswered = true;
	return false;
}

static bool strike(struct exchange *exchange, enum weather_stage stage)
{
	struct fault *fault = exchange->fault;
	if (!fault || fault->after != (stage == WEATHER_AFTER_EFFECT))
		return true;
	if (fault->kind == FAULT_EXIT)
		_exit(WEATHER_EXIT_STATUS);
	if (fault->kind == FAULT_ERROR)
		return refuse_with(exchange, fault);
	if (fault->kind == FAULT_HANG || fault->kind == FAULT_PAUSE)
		faults_hold(exchange->world->faults, fault);
	return fault->kind == FAULT_HANG || fault->kind == FAULT_RESET ? lose(exchange) : true;
}

static bool leave_home(struct exchange *exchange)
{
	struct world *world = exchange->world;
	exchange->fault = faults_strike(world->faults, exchange->action->name, exchange->access_key);
	if (faults_expired(world->faults, exchange->access_key))
		return refuse_expired(exchange);
	const struct fault *throttling = faults_lasting(world->faults, FAULT_BUCKETS);
	if (throttling && !buckets_take(world->buckets, exchange, throttling))
		return false;
	if (!strike(exchange, WEATHER_BEFORE_EFFECT))
		return false;
	world_lock(world);
	const bool clear = veil_meet(exchange);
	if (exchange->fault)
		veil_remember(exchange);
	world_unlock(world);
	return clear;
}

static bool come_home(struct exchange *exchange)
{
	world_lock(exchange->world);
	if (exchange->fault)
		veil_lower(exchange, exchange->fault);
	veil_hide(exchange);
	world_unlock(exchange->world);
	return strike(exchange, WEATHER_AFTER_EFFECT);
}

bool weather_pass(struct exchange *exchange, enum weather_stage stage)
{
	travel(exchange, stage);
	return stage == WEATHER_BEFORE_EFFECT ? leave_home(exchange) : come_home(exchange);
}

static void break_encoding(struct buffer *body)
{
	// Within the text of the first element that has some, after the declaration.
	const struct text found = buffer_text(body);
	const size_t slash = text_find(found, T("</"));
	if (slash != SIZE_MAX && slash >= 2) {
		body->bytes[slash - 2] = (char)0xC3;
		body->bytes[slash - 1] = (char)0x28;
	}
}

static void replace_body(struct http_answer *answer, struct text content)
{
	answer->body.length = 0;
	buffer_append_text(&answer->body, content);
}

// Takes everything from the first item to the last out of a list.
static void empty_list(struct buffer *body)
{
	static const struct text end = TEXT("</item>");
	const size_t from = text_find(buffer_text(body), T("<item>"));
	if (from == SIZE_MAX)
		return;
	size_t to = from, next = 0;
	while (next != SIZE_MAX) {
		next = text_find(text_part(buffer_text(body), to, body->length), end);
		to += next == SIZE_MAX ? 0 : next + end.length;
	}
	memmove(body->bytes + from, body->bytes + to, body->length - to);
	body->length -= to - from;
}

static void spoil_body(const struct fault *fault, struct http_answer *answer)
{
	struct buffer *body = &answer->body;
	if (fault->kind == FAULT_MALFORMED)
		body->length -= body->length / 3;
	if (fault->kind == FAULT_ENCODING)
		break_encoding(body);
	if (fault->kind == FAULT_EMPTIED)
		empty_list(body);
	if (fault->kind == FAULT_EMPTY)
		body->length = 0;
	if (fault->kind == FAULT_PAGE) {
		answer->content_type = "text/html";
		answer->request_id = NULL;
		replace_body(answer,
			     T("<html><head><title>Gateway</title></head><body>Please sign in</body></html>\n"));
	}
	if (fault->kind == FAULT_FOREIGN)
		replace_body(answer, T("<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
				       "<requestId>3d9b2e7c-0000-4000-8000-000000000000</requestId><vpcSet/>"
				       "</DescribeVpcsResponse>"));
	if ((fault->kind == FAULT_PAGE || fault->kind == FAULT_EMPTY) && fault->status > 0)
		answer->status = fault->status;
}

void weather_spoil(const struct exchange *exchange, struct http_answer *answer)
{
	const struct fault *fault = exchange->fault;
	answer->delivery.reset = exchange->unanswered;
	if (!fault)
		return;
	spoil_body(fault, answer);
	if (fault->kind == FAULT_CUT)
		answer->delivery.cut_bytes = fault->bytes + 1;
	if (fault->kind == FAULT_DRIP) {
		answer->delivery.drip_bytes = fault->bytes;
		answer->delivery.interval_ms = fault->interval_ms;
	}
	if (fault->kind == FAULT_HUGE)
		answer->delivery.size = fault->bytes;
}
