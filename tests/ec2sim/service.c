// SPDX-License-Identifier: MPL-2.0
#include "service.h"

#include "actions.h"
#include "reply.h"
#include "auth.h"
#include "calls.h"
#include "faults.h"
#include "identity.h"
#include "issuer.h"
#include "state.h"
#include "tokens.h"
#include "weather.h"
#include "world.h"

#include "base/random.h"

static bool find_action(struct exchange *exchange)
{
	const struct text name = form_find(&exchange->form, "Action");
	if (name.length == 0)
		return exchange_refuse(exchange, "MissingAction", "The request must contain the parameter Action");
	exchange->action = actions_find(exchange->service, name);
	if (!exchange->action)
		return exchange_refuse(exchange, "InvalidAction",
				       "The action %.*s is not valid for this web service. (The simulator may not know "
				       "it: tests/ec2sim/README.md lists its actions.)",
				       TEXT_ARG(name));
	return true;
}

static bool identify(struct exchange *exchange)
{
	const bool is_signed = front_header(exchange->request, "Authorization").length > 0;
	const struct text action = form_find(&exchange->form, "Action");
	if (exchange->service == SERVICE_STS && !is_signed && text_equal(action, T("AssumeRoleWithWebIdentity")))
		return auth_unsigned(exchange);
	return auth_check(exchange);
}

// Everything that is judged without looking at what exists.
static bool understand(struct exchange *exchange)
{
	const struct http_request *request = exchange->request;
	if (!form_parse(exchange->arena, request->body, &exchange->form))
		return exchange_refuse(exchange, "MalformedQueryString", "The request body is not a well-formed form");
	const struct text version = form_find(&exchange->form, "Version");
	const enum service service = actions_service(version);
	if (service == SERVICE_COUNT)
		return exchange_refuse(exchange, "NoSuchVersion", "The requested version (%.*s) is not known",
				       TEXT_ARG(version));
	exchange->service = service;
	if (!text_equal(request->method, T("POST")) || !text_equal(request->path, T("/")))
		return exchange_refuse(exchange, "InvalidAction", "The simulator takes POST requests to / only");
	return identify(exchange) && find_action(exchange) && parameters_check(exchange, exchange->action->parameters);
}

static bool make_effect(struct exchange *exchange)
{
	if (json_is_true(json_object_get(exchange->parameters, "DryRun")))
		return exchange_refuse(exchange, "DryRunOperation",
				       "Request would have succeeded, but DryRun flag is set.");
	world_lock(exchange->world);
	exchange->place = world_place(exchange->world, exchange->account, exchange->region);
	bool done = false;
	if (tokens_replay(exchange, &done)) {
		done = exchange->action->run(exchange);
		if (done)
			tokens_keep(exchange);
	}
	exchange->place = NULL;
	world_unlock(exchange->world);
	state_save(exchange->world);
	return done;
}

void service_serve(struct world *world, const struct http_request *request, struct http_answer *ret_answer)
{
	struct exchange exchange = {
		.world = world,
		.arena = request->arena,
		.request = request,
		.service = SERVICE_EC2,
		.status = 200,
		.request_id = random_token(request->arena).at,
	};
	if (identity_serve(world, request, ret_answer)) {
		state_save(world);
		return;
	}
	const bool understood = understand(&exchange);
	const bool gives_role = understood && text_starts_with(text_of(exchange.action->name), T("AssumeRole"));
	if (gives_role)
		issuer_wait(world, "sts");
	if (understood && weather_pass(&exchange, WEATHER_BEFORE_EFFECT) && make_effect(&exchange))
		weather_pass(&exchange, WEATHER_AFTER_EFFECT);
	calls_record(&exchange);
	reply_write(&exchange, &ret_answer->body);
	ret_answer->status = exchange.status;
	ret_answer->request_id = exchange.request_id;
	weather_spoil(&exchange, ret_answer);
	if (gives_role && issuer_mode(world, "sts") == ISSUER_MALFORMED)
		ret_answer->body.length -= ret_answer->body.length / 3;
	const struct fault *skew = faults_lasting(world->faults, FAULT_SKEW);
	ret_answer->skew_s = skew ? (int64_t)skew->seconds : 0;
	json_decref(exchange.departing);
	json_decref(exchange.parameters);
	json_decref(exchange.result);
}
