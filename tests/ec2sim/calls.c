// SPDX-License-Identifier: MPL-2.0
#include "calls.h"

#include "actions.h"
#include "faults.h"
#include "front.h"
#include "roles.h"
#include "world.h"

#include "base/clock.h"

#include <time.h>

static json_t *text_json(struct text value)
{
	return value.length > 0 ? json_stringn(value.at, value.length) : json_null();
}

// 2026-01-31T23:59:59.123456Z
static json_t *now_json(struct arena *arena)
{
	const int64_t now_us = clock_realtime_us(&clock_system);
	const time_t seconds = (time_t)(now_us / 1000000);
	struct tm parts;
	char date[32];
	gmtime_r(&seconds, &parts);
	strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
	return json_string(text_print(arena, "%s.%06dZ", date, (int)(now_us % 1000000)).at);
}

// As they were sent, but for the two that are the call's name.
static json_t *parameters_json(const struct form *form)
{
	json_t *parameters = json_object();
	for (size_t i = 0; i < form->count; i++) {
		const struct form_pair *pair = &form->pairs[i];
		if (text_equal(pair->name, T("Action")) || text_equal(pair->name, T("Version")) || !pair->value.at)
			continue;
		json_object_setn_new(parameters, pair->name.at, pair->name.length,
				     json_stringn(pair->value.at, pair->value.length));
	}
	return parameters;
}

void calls_record(const struct exchange *exchange)
{
	const char *const names[SERVICE_COUNT] = { "ec2", "sts", "elbv2" };
	json_t *call = json_object();
	json_object_set_new(call, "action", text_json(form_find(&exchange->form, "Action")));
	json_object_set_new(call, "service", json_string(names[exchange->service]));
	json_object_set_new(call, "region", text_json(text_of(exchange->region)));
	json_object_set_new(call, "account", text_json(text_of(exchange->account)));
	json_object_set_new(call, "parameters", parameters_json(&exchange->form));
	json_object_set_new(call, "status", json_integer(exchange->status));
	json_object_set_new(call, "error", text_json(text_of(exchange->error_code)));
	json_t *fault = exchange->fault ? json_object_get(exchange->fault->spec, "kind") : NULL;
	json_object_set_new(call, "fault", fault ? json_incref(fault) : json_null());
	json_object_set_new(call, "message", text_json(exchange->error_message));
	json_object_set_new(call, "client_token", text_json(form_find(&exchange->form, "ClientToken")));
	json_object_set_new(call, "user_agent", text_json(front_header(exchange->request, "User-Agent")));
	json_object_set_new(call, "request_id", json_string(exchange->request_id));
	json_object_set_new(call, "time", now_json(exchange->arena));
	world_lock(exchange->world);
	json_object_set_new(call, "caller", roles_caller(exchange));
	json_array_append_new(exchange->world->calls, call);
	world_unlock(exchange->world);
}
