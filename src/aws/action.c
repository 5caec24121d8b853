// SPDX-License-Identifier: MPL-2.0
// An action goes out, and out again, until the service has answered for good. Each attempt is signed anew, with the
// credentials and the clock of its moment. All memory that an attempt needs is taken before it is sent; its response
// lives on the heap.
#include "aws/action.h"

#include "aws/answer.h"
#include "aws/aws.h"
#include "aws/complaint.h"
#include "aws/endpoint.h"
#include "aws/gate.h"
#include "aws/http.h"
#include "aws/retry.h"
#include "aws/sigv4.h"
#include "aws/skew.h"
#include "aws/user_agent.h"
#include "base/limits.h"
#include "base/log.h"

#include <stdatomic.h>

// Room for the tree of a usual answer to a change, which must not be lost for lack of memory.
static const size_t answer_bytes = (size_t)128 * 1024;
static const int64_t grace_ms[] = { [ACTION_CHANGES] = LIMIT_STOP_CHANGE_MS, [ACTION_CREATES] = LIMIT_STOP_GRACE_MS };

struct sending {
	struct client *client;
	const struct action *action;
	const struct action_signing *signing; // NULL: the account's credentials, and as often as configured
	const struct endpoint_service *service;
	struct complaint about; // the endpoint and what has happened so far
	struct text user_agent;
	struct text body;
	char body_hash[SIGV4_HEX_CHARS + 1];
	struct http_response response; // of the latest attempt
	struct buffer authorization;
	const struct credentials *credentials; // that the latest attempt was signed with
	int64_t skew_ms;                       // the same
	int64_t passed_ms;                     // when the gate let the latest attempt through
	int retry_cost;                        // of the latest retry
	bool renewed;                          // expired credentials were given up for new ones, once
};

enum header_slot {
	SLOT_HOST,
	SLOT_CONTENT_TYPE,
	SLOT_DATE,
	SLOT_TOKEN,
	SLOT_AUTHORIZATION,
	SLOT_USER_AGENT,
	SLOT_COUNT
};

// What follows an attempt.
enum sequel { SEQUEL_DONE, SEQUEL_FAILED, SEQUEL_AGAIN_NOW, SEQUEL_AGAIN_LATER };

static void sending_free(void *object)
{
	struct sending *sending = object;
	http_response_free(&sending->response);
	buffer_free(&sending->authorization);
}

static bool choose_endpoint(struct call *call, struct sending *sending)
{
	struct endpoint *endpoint = ARENA_NEW(call->arena, struct endpoint);
	sending->about.endpoint = endpoint;
	return reach_endpoint(call, &sending->client->aws->reach, sending->action->service,
			      text_of(sending->client->region), endpoint, &sending->about.chosen_by);
}

static struct sending *prepare(struct call *call, struct client *client, const struct action *action)
{
	struct sending *sending = ARENA_NEW(call->arena, struct sending);
	http_response_init(&sending->response);
	buffer_init(&sending->authorization, LIMIT_RESPONSE_HEADER_BYTES);
	sending->authorization.secret = true;
	arena_on_free(call->arena, sending_free, sending);
	sending->client = client;
	sending->action = action;
	sending->service = endpoint_service(action->service);
	sending->about.service = sending->service->name;
	sending->user_agent = user_agent_extend(call->arena, client->aws->user_agent, action->products);
	sending->about.action = action->name;
	if (!choose_endpoint(call, sending))
		return NULL;
	sending->body = query_encode(action->parameters, action->name, sending->service->version);
	if (sending->body.length <= LIMIT_REQUEST_BYTES && sigv4_hash(sending->body, sending->body_hash))
		return sending;
	diag_error(call, NULL, "Request to AWS cannot be made",
		   "%.*s of %.*s: the request of %zu bytes is too large, or could not be hashed.",
		   TEXT_ARG(action->name), TEXT_ARG(sending->service->name), sending->body.length);
	return NULL;
}

static bool authorize(struct call *call, struct sending *sending, const struct http_header *headers, size_t count,
		      struct text timestamp)
{
	struct sigv4_header *signed_headers = ARENA_ARRAY(call->arena, struct sigv4_header, count);
	for (size_t i = 0; i < count; i++)
		signed_headers[i] = (struct sigv4_header){ headers[i].name, headers[i].value };
	const struct sigv4_request request = {
		.method = T("POST"),
		.path = sending->about.endpoint->path,
		.headers = signed_headers,
		.header_count = count,
		.body_hash = text_of(sending->body_hash),
	};
	const struct sigv4_scope scope = { timestamp, sending->about.endpoint->signing_region,
					   sending->service->signing_name };
	buffer_free(&sending->authorization);
	if (sigv4_authorization(call->arena, &request, &scope, credentials_key_id(sending->credentials),
				credentials_secret(sending->credentials), &sending->authorization))
		return true;
	complaint_unsigned(call, &sending->about);
	return false;
}

// Adds the headers that make a request a signed one. The token is left out when there is none.
static bool sign(struct call *call, struct sending *sending, struct http_header headers[SLOT_COUNT], size_t *count)
{
	char *timestamp = arena_take(call->arena, SIGV4_TIMESTAMP_CHARS + 1);
	sigv4_timestamp(clock_realtime_us(call->clock) + sending->skew_ms * 1000, timestamp);
	const struct text token = credentials_token(sending->credentials);
	headers[(*count)++] = (struct http_header){ T("X-Amz-Date"), text_of(timestamp) };
	if (token.length)
		headers[(*count)++] = (struct http_header){ T("X-Amz-Security-Token"), token };
	if (!authorize(call, sending, headers, *count, text_of(timestamp)))
		return false;
	headers[(*count)++] = (struct http_header){ T("Authorization"), buffer_text(&sending->authorization) };
	return true;
}

// The signed headers first, then those that proxies may change.
static bool make_headers(struct call *call, struct sending *sending, struct http_header headers[SLOT_COUNT],
			 size_t *ret_count)
{
	size_t count = 0;
	headers[count++] = (struct http_header){ T("Host"), sending->about.endpoint->host };
	headers[count++] =
		(struct http_header){ T("Content-Type"), T("application/x-www-form-urlencoded; charset=utf-8") };
	if (sending->credentials && !sign(call, sending, headers, &count))
		return false;
	headers[count++] = (struct http_header){ T("User-Agent"), sending->user_agent };
	*ret_count = count;
	return true;
}

static void measure_skew(struct sending *sending, int64_t sent_us, int64_t received_us)
{
	int64_t measured_ms = 0;
	if (!sending->client->aws->reach.trusts_clock && sending->response.problem == HTTP_ANSWERED &&
	    skew_measure(http_response_header(&sending->response, T("Date")),
			 http_response_header(&sending->response, T("Age")), sent_us / 1000, received_us / 1000,
			 &measured_ms))
		atomic_store(&sending->client->skew_ms, measured_ms);
}

// What to sign with; NULL: nothing. False with an error.
static bool find_credentials(struct call *call, struct sending *sending)
{
	if (sending->signing) {
		sending->credentials = sending->signing->signer;
		return true;
	}
	sending->credentials = credentials_chain_get(call, sending->client->aws->credentials);
	if (!sending->credentials)
		complaint_add_outcome(call, &sending->about);
	return sending->credentials != NULL;
}

// One exchange. False with an error when it could not even be tried.
static bool send_once(struct call *call, struct sending *sending)
{
	struct aws *aws = sending->client->aws;
	struct http_header headers[SLOT_COUNT];
	size_t count = 0;
	sending->skew_ms = atomic_load(&sending->client->skew_ms);
	if (!find_credentials(call, sending) || !make_headers(call, sending, headers, &count))
		return false;
	const struct http_request request = {
		.method = T("POST"),
		.url = sending->about.endpoint->url,
		.headers = headers,
		.header_count = count,
		.body = sending->body,
		.cancel = call->cancel,
		.grace_ms = grace_ms[sending->action->effect],
		.timeout_ms = sending->action->in_passing ? LIMIT_PASSING_MS : 0,
	};
	if (sending->action->effect != ACTION_ASKS)
		arena_reserve(call->arena, answer_bytes);
	http_response_free(&sending->response);
	http_response_init(&sending->response);
	const int64_t sent_us = clock_realtime_us(call->clock);
	aws->seams.http->exchange(aws->seams.http, &request, &sending->response);
	measure_skew(sending, sent_us, clock_realtime_us(call->clock));
	return true;
}

static void log_attempt(struct call *call, const struct sending *sending, const struct action_answer *answer,
			int64_t duration_ms)
{
	LOG(call->log, LOG_DEBUG, "AWS request", LOG_TEXT("service", sending->service->name),
	    LOG_TEXT("action", sending->action->name), LOG_TEXT("region", text_of(sending->client->region)),
	    LOG_NUMBER("attempt", sending->about.attempts), LOG_NUMBER("status", sending->response.status),
	    LOG_TEXT("error_code", answer->error_code), LOG_TEXT("request_id", answer->request_id),
	    LOG_TEXT("problem", text_of(sending->response.explanation)), LOG_NUMBER("duration_ms", duration_ms));
}

static enum retry_kind kind_of_problem(enum http_problem problem)
{
	switch (problem) {
	case HTTP_NO_SUCH_HOST:
	case HTTP_REFUSED:
	case HTTP_TLS:
	case HTTP_NO_PROXY:
		return RETRY_UNREACHABLE;
	case HTTP_TIMEOUT:
	case HTTP_BROKEN:
		return RETRY_TRANSIENT;
	case HTTP_TOO_LARGE:
		return RETRY_DOUBTFUL;
	case HTTP_ANSWERED:
	case HTTP_UNTRUSTED:
	case HTTP_CANCELLED:
	case HTTP_UNUSABLE:
		break;
	}
	return RETRY_NEVER;
}

static int most_attempts(const struct sending *sending)
{
	const int most = sending->signing ? sending->signing->most_attempts : sending->client->aws->reach.max_attempts;
	return sending->action->in_passing && most > LIMIT_PASSING_ATTEMPTS ? LIMIT_PASSING_ATTEMPTS : most;
}

static bool goes_on(struct sending *sending, enum retry_kind kind)
{
	struct aws *aws = sending->client->aws;
	if (!retry_goes_on(kind, sending->about.attempts, most_attempts(sending)))
		return false;
	(void)pthread_mutex_lock(&aws->lock);
	sending->retry_cost = pace_take_retry(&sending->client->pace, sending->response.problem == HTTP_TIMEOUT);
	(void)pthread_mutex_unlock(&aws->lock);
	return sending->retry_cost >= 0;
}

// EC2's buckets are known, unless the user wants the SDKs' adaptive mode, which knows none; NULL lets everything
// through.
static struct gate *gate_of(const struct sending *sending)
{
	const struct client *client = sending->client;
	const bool is_gated = sending->action->service == AWS_EC2 && client->pace.mode != PACE_ADAPTIVE;
	return is_gated ? client->gate : NULL;
}

// Waits for the gate or for the adaptive pace, never for both; a wish to stop ends that and is noticed by the exchange.
static void wait_for_turn(struct call *call, struct sending *sending)
{
	struct client *client = sending->client;
	sending->passed_ms = gate_pass(call, gate_of(sending), sending->action->name);
	for (;;) {
		(void)pthread_mutex_lock(&client->aws->lock);
		const int64_t wait_ms = pace_ask(&client->pace, clock_monotonic_ms(call->clock));
		(void)pthread_mutex_unlock(&client->aws->lock);
		if (wait_ms == 0 || !clock_sleep_ms(call->clock, wait_ms, call->cancel))
			return;
	}
}

static void learn(struct call *call, struct sending *sending, bool throttled, bool well)
{
	struct aws *aws = sending->client->aws;
	if (sending->response.problem == HTTP_ANSWERED)
		gate_learn(call, gate_of(sending), sending->action->name, sending->passed_ms, throttled);
	(void)pthread_mutex_lock(&aws->lock);
	pace_learn(&sending->client->pace, clock_monotonic_ms(call->clock), throttled);
	if (well)
		pace_give_back(&sending->client->pace, sending->retry_cost);
	(void)pthread_mutex_unlock(&aws->lock);
}

// Whether the refusal was due to our clock or to credentials that have just ended, and the next attempt may do better.
static bool has_remedy(struct sending *sending, const struct action_answer *answer)
{
	if (sending->about.attempts >= most_attempts(sending))
		return false;
	if (retry_blames_clock(answer->error_code) &&
	    skew_explains(sending->skew_ms, atomic_load(&sending->client->skew_ms)))
		return true;
	if (!retry_blames_expiry(answer->error_code) || sending->renewed || sending->signing ||
	    !credentials_expire(sending->credentials))
		return false;
	sending->renewed = true;
	credentials_chain_reject(sending->client->aws->credentials, sending->credentials);
	return true;
}

// The service has answered.
static enum sequel after_answer(struct sending *sending, const struct action_answer *answer, enum retry_kind *ret_kind)
{
	if (answer->error_code.length == 0)
		return SEQUEL_DONE;
	if (has_remedy(sending, answer))
		return SEQUEL_AGAIN_NOW;
	*ret_kind = retry_classify(answer->http_status, answer->error_code, answer->error_message);
	return goes_on(sending, *ret_kind) ? SEQUEL_AGAIN_LATER : SEQUEL_DONE;
}

static bool is_success(int http_status)
{
	return http_status >= 200 && http_status <= 299;
}

// Somebody else has answered, or nobody.
static enum sequel after_failure(struct call *call, struct sending *sending, struct text problem,
				 enum retry_kind *ret_kind)
{
	const struct http_response *response = &sending->response;
	const bool answered = response->problem == HTTP_ANSWERED;
	if (!answered)
		*ret_kind = kind_of_problem(response->problem);
	else if (is_success(response->status)) // asked again, or what it may have made would be lost
		*ret_kind = RETRY_DOUBTFUL;
	else
		*ret_kind = retry_classify(response->status, T(""), T(""));
	if (goes_on(sending, *ret_kind))
		return SEQUEL_AGAIN_LATER;
	if (answered)
		complaint_foreign_answer(call, &sending->about, response, problem);
	else
		complaint_transport(call, &sending->about, response);
	return SEQUEL_FAILED;
}

static enum sequel attempt(struct call *call, struct sending *sending, struct action_answer *ret_answer,
			   enum retry_kind *ret_kind)
{
	const int64_t start_ms = clock_monotonic_ms(call->clock);
	*ret_answer = (struct action_answer){ .http_status = 0 };
	wait_for_turn(call, sending);
	if (!send_once(call, sending))
		return SEQUEL_FAILED;
	struct text problem = T("");
	const bool read = sending->response.problem == HTTP_ANSWERED &&
			  answer_read(call->arena, sending->action, &sending->response, ret_answer, &problem);
	ret_answer->attempts = sending->about.attempts;
	learn(call, sending, retry_classify(ret_answer->http_status, ret_answer->error_code, T("")) == RETRY_THROTTLED,
	      read && ret_answer->error_code.length == 0);
	log_attempt(call, sending, ret_answer, clock_monotonic_ms(call->clock) - start_ms);
	if (sending->action->effect != ACTION_ASKS && answer_leaves_doubt(&sending->response, read))
		sending->about.outcome_unknown = true;
	ret_answer->outcome_unknown = sending->about.outcome_unknown;
	return read ? after_answer(sending, ret_answer, ret_kind) : after_failure(call, sending, problem, ret_kind);
}

// Bodies of STS may carry secrets; those of the other services do not.
static void log_parameters(struct call *call, const struct sending *sending)
{
	if (sending->action->service != AWS_STS)
		LOG(call->log, LOG_TRACE, "AWS request parameters", LOG_TEXT("action", sending->action->name),
		    LOG_TEXT("host", sending->about.endpoint->host), LOG_TEXT("parameters", sending->body));
}

bool action_send_signed(struct call *call, struct client *client, const struct action *action,
			const struct action_signing *signing, struct action_answer *ret_answer)
{
	*ret_answer = (struct action_answer){ .http_status = 0 };
	struct sending *sending = prepare(call, client, action);
	if (!sending)
		return false;
	sending->signing = signing;
	log_parameters(call, sending);
	for (;;) {
		if (cancel_fired(call->cancel)) {
			complaint_stopped(call, &sending->about);
			return false;
		}
		enum retry_kind kind = RETRY_NEVER;
		sending->about.attempts++;
		const enum sequel sequel = attempt(call, sending, ret_answer, &kind);
		if (sequel == SEQUEL_DONE || sequel == SEQUEL_FAILED)
			return sequel == SEQUEL_DONE;
		if (sequel == SEQUEL_AGAIN_LATER) // a wish to stop ends the sleep and is noticed above
			(void)clock_sleep_ms(call->clock,
					     retry_delay_ms(kind, sending->about.attempts, client->aws->seams.random()),
					     call->cancel);
	}
}
