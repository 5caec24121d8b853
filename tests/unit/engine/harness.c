// SPDX-License-Identifier: MPL-2.0
#include "harness.h"

#include "aws/http_curl.h"
#include "aws/sources.h"
#include "value/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t scripted_realtime_us(void *context)
{
	return (1790000000000 + ((const struct harness *)context)->now_ms) * 1000;
}

static int64_t scripted_monotonic_ms(void *context)
{
	return ((const struct harness *)context)->now_ms;
}

static bool scripted_sleep_ms(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	if (cancel && cancel_fired(cancel))
		return false;
	((struct harness *)context)->now_ms += duration_ms;
	return true;
}

static void answer_scripted(const struct wire *wire, const char *form, struct http_response *response)
{
	if (wire->requests > wire->reply_count) {
		print_error("nothing is scripted for %s\n", form);
		fail();
	}
	const struct reply *reply = &wire->replies[wire->requests - 1];
	char expected[128];
	(void)snprintf(expected, sizeof expected, "Action=%s&", reply->action);
	if (strncmp(form, expected, strlen(expected)) != 0) {
		print_error("request %zu: expected %s but got %s\n", wire->requests, reply->action, form);
		fail();
	}
	if (reply->problem != HTTP_ANSWERED) {
		http_response_fail(response, reply->problem, "scripted");
		return;
	}
	response->problem = HTTP_ANSWERED;
	response->status = reply->status ? reply->status : 200;
	buffer_print(&response->header_lines, "HTTP/1.1 %d X\r\n", response->status);
	if (response->status != 200)
		buffer_print(&response->body,
			     "<Response><Errors><Error>%s</Error></Errors><RequestID>req-%zu</RequestID></Response>",
			     reply->body, wire->requests);
	else
		buffer_print(&response->body, "<%sResponse><requestId>req-%zu</requestId>%s</%sResponse>",
			     reply->action, wire->requests, reply->body, reply->action);
}

static void wire_exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
	struct wire *wire = (struct wire *)http;
	assert_true(wire->requests < sizeof wire->forms / sizeof wire->forms[0]);
	char *form = strndup(request->body.at, request->body.length);
	assert_non_null(form);
	wire->forms[wire->requests++] = form;
	response->sent = true;
	if (wire->real)
		wire->real->exchange(wire->real, request, response);
	else
		answer_scripted(wire, form, response);
}

static void forget_requests(struct wire *wire)
{
	for (size_t i = 0; i < wire->requests; i++)
		free(wire->forms[i]);
	wire->requests = 0;
}

static void wire_free(struct http *http)
{
	struct wire *wire = (struct wire *)http;
	if (wire->real)
		wire->real->free(wire->real);
	forget_requests(wire);
}

static uint32_t no_chance(void)
{
	return 0;
}

void harness_open(struct harness *harness, const struct resource *resource, const char *endpoint)
{
	*harness = (struct harness){ .now_ms = 1000000 };
	arena_init(&harness->arena, 0);
	harness->clock = clock_system;
	if (!endpoint)
		harness->clock =
			(struct clock){ scripted_realtime_us, scripted_monotonic_ms, scripted_sleep_ms, harness };
	harness->call = (struct call){
		.arena = &harness->arena,
		.diagnostics = &harness->diagnostics,
		.log = &log_none,
		.clock = &harness->clock,
	};
	harness->wire.http = (struct http){ wire_exchange, wire_free };
	if (endpoint)
		harness->wire.real = http_curl_new(&(struct http_curl_options){ .stall_timeout_s = 10 });
	static const struct environment_variable nothing = { "NOTHING", "" };
	struct aws_settings aws = {
		.region = T("eu-central-1"),
		.access_key = T("AKIDSIMULATOR"),
		.secret_key = T("simulator-secret"),
		.endpoints = { text_of(endpoint), text_of(endpoint) },
	};
	const struct aws_seams seams = {
		.environment = { &nothing, 1 },
		.http = &harness->wire.http,
		.random = no_chance,
		.sources = &sources_all,
	};
	harness->aws = aws_new_with(&harness->call, &aws, &seams);
	assert_non_null(harness->aws);
	harness->settings = (struct settings){
		.region = value_string(T("eu-central-1")),
		.default_tags = value_null(&type_string_map),
		.ignore_keys = value_null(&type_string_set),
		.ignore_prefixes = value_null(&type_string_set),
		.deviation_severity = DEVIATION_NONE,
	};
	harness->reads = reads_new();
	assert_non_null(harness->reads);
	harness->operation = (struct operation){
		.call = &harness->call,
		.reads = harness->reads,
		.changes = &harness->changes,
		.client = client_of(&harness->call, harness->aws, T("")),
		.settings = &harness->settings,
	};
	assert_non_null(harness->operation.client);
	harness_use(harness, resource);
}

void harness_close(struct harness *harness)
{
	reads_free(harness->reads);
	aws_free(harness->aws);
	arena_free(&harness->arena);
}

void harness_use(struct harness *harness, const struct resource *resource)
{
	harness->operation.resource = resource;
}

void harness_set_script(struct harness *harness, const struct reply *replies, size_t count)
{
	forget_requests(&harness->wire);
	harness->wire.replies = replies;
	harness->wire.reply_count = count;
}

void harness_end_script(struct harness *harness)
{
	assert_int_equal(harness->wire.requests, harness->wire.reply_count);
	harness_set_script(harness, NULL, 0);
}

const char *harness_take_actions(struct harness *harness)
{
	struct text all = T("");
	for (size_t i = 0; i < harness->wire.requests; i++) {
		struct text rest = text_of(harness->wire.forms[i]), name;
		assert_true(text_take_until(&rest, '=', &name) && text_take_until(&rest, '&', &name));
		all = text_print(&harness->arena, "%.*s%s%.*s", TEXT_ARG(all), i ? " " : "", TEXT_ARG(name));
	}
	forget_requests(&harness->wire);
	return text_to_c_string(&harness->arena, all);
}

const char *harness_form(const struct harness *harness, size_t request)
{
	assert_true(request < harness->wire.requests);
	return harness->wire.forms[request];
}

struct value harness_value_of(struct harness *harness, const struct row *rows, const char *json)
{
	struct value value;
	struct text problem;
	if (!json_read(&harness->arena, text_of(json), row_type(&harness->arena, rows), &value, &problem)) {
		print_error("%.*s in %s\n", TEXT_ARG(problem), json);
		fail();
	}
	return value;
}

struct value harness_value(struct harness *harness, const char *json)
{
	return harness_value_of(harness, harness->operation.resource->set.rows, json);
}

struct plan_result harness_plan(struct harness *harness, const struct value *prior, const char *config,
				struct text private_data)
{
	struct value *configured = ARENA_NEW(&harness->arena, struct value);
	*configured = harness_value(harness, config);
	struct value nothing = value_null(configured->type);
	const struct plan_request request = {
		.set = &harness->operation.resource->set,
		.prior = prior ? prior : &nothing,
		.config = configured,
		.prior_private = private_data,
		.settings = &harness->settings,
	};
	struct plan_result result;
	if (!plan_resource(&harness->call, &request, &result)) {
		print_error("%s\n", harness_told(harness));
		fail();
	}
	return result;
}

static void check_known(struct harness *harness, const struct value *planned, const struct value *state,
			const char *name)
{
	if (value_is_unknown(planned))
		return;
	bool is_set = planned->type->kind == TYPE_SET;
	if (value_is_known(planned) && value_is_known(state) && planned->count == state->count && !is_set &&
	    (planned->type->kind == TYPE_OBJECT || planned->type->kind == TYPE_MAP)) {
		for (size_t i = 0; i < planned->count; i++) {
			bool is_object = planned->type->kind == TYPE_OBJECT;
			struct text inner = is_object ? planned->type->fields[i].name : planned->keys[i];
			if (!is_object)
				assert_true(text_equal(planned->keys[i], state->keys[i]));
			check_known(harness, &planned->items[i], &state->items[i],
				    text_to_c_string(&harness->arena, inner));
		}
		return;
	}
	if (value_equal(planned, state))
		return;
	struct text was = value_print(&harness->arena, planned), is = value_print(&harness->arena, state);
	print_error("%s was planned as %.*s and is %.*s\n", name, TEXT_ARG(was), TEXT_ARG(is));
	fail();
}

void harness_check_result(struct harness *harness, const struct value *planned, const struct value *state)
{
	assert_true(value_is_wholly_known(state));
	check_known(harness, planned, state, "object");
}

const char *harness_told(struct harness *harness)
{
	struct text all = T("");
	for (const struct diagnostic *each = harness->diagnostics.first; each; each = each->next) {
		struct text at = each->attribute ? path_print(&harness->arena, each->attribute) : T("-");
		all = text_print(&harness->arena, "%.*s[%.*s] %.*s: %.*s\n", TEXT_ARG(all), TEXT_ARG(at),
				 TEXT_ARG(each->summary), TEXT_ARG(each->detail));
	}
	harness->diagnostics = (struct diagnostics){ 0 };
	return text_to_c_string(&harness->arena, all);
}

const char *harness_print(struct harness *harness, const struct value *value)
{
	struct buffer out;
	buffer_init(&out, 1 << 20);
	json_write(value, &out);
	assert_false(out.failed);
	const char *copy = text_to_c_string(&harness->arena, buffer_text(&out));
	buffer_free(&out);
	return copy;
}

void harness_contains(const char *whole, const char *part, bool wanted, const char *file, int line)
{
	if ((strstr(whole, part) != NULL) == wanted)
		return;
	print_error("\"%s\" is %s in:\n%s\n", part, wanted ? "not" : "wrongly", whole);
	_fail(file, line);
}
