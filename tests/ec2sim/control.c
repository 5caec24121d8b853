// SPDX-License-Identifier: MPL-2.0
#include "control.h"

#include "faults.h"
#include "issuer.h"
#include "mirror_session.h"
#include "state.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void answer_json(struct http_answer *answer, const json_t *json)
{
	char *printed = json_dumps(json, JSON_INDENT(1));
	buffer_append_text(&answer->body, text_of(printed));
	buffer_append_char(&answer->body, '\n');
	free(printed);
}

static void answer_error(struct http_answer *answer, unsigned status, const char *message)
{
	json_t *error = json_pack("{s:s}", "error", message);
	answer->status = status;
	answer_json(answer, error);
	json_decref(error);
}

static void get_calls(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	(void)request;
	answer_json(answer, world->calls);
}

static void delete_calls(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	(void)request;
	json_array_clear(world->calls);
	answer_json(answer, world->calls);
}

static void get_state(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	(void)request;
	json_t *shown = state_show(world);
	answer_json(answer, shown);
	json_decref(shown);
}

static void get_faults(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	(void)request;
	json_t *shown = faults_show(world->faults);
	answer_json(answer, shown);
	json_decref(shown);
}

static void post_faults(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	json_t *body = json_loadb(request->body.at ? request->body.at : "", request->body.length, 0, NULL);
	const char *wrong = faults_add(world->faults, body);
	json_decref(body);
	if (wrong)
		answer_error(answer, 400, wrong);
	else
		get_faults(world, request, answer);
}

static void delete_faults(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	faults_clear(world->faults);
	get_faults(world, request, answer);
}

static void get_identity(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	(void)request;
	answer_json(answer, world->identity);
}

static void post_identity(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	json_t *body = json_loadb(request->body.at ? request->body.at : "", request->body.length, 0, NULL);
	const char *wrong = issuer_configure(world, body);
	json_decref(body);
	if (wrong)
		answer_error(answer, 400, wrong);
	else
		get_identity(world, request, answer);
}

static void delete_identity(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	json_object_clear(world->identity);
	get_identity(world, request, answer);
}

// An interface is deleted by somebody else, with its instance for example. It goes in every region that has it.
static void delete_interface(struct world *world, const struct http_request *request, struct http_answer *answer)
{
	json_t *body = json_loadb(request->body.at ? request->body.at : "", request->body.length, 0, NULL);
	const char *id = json_string_value(json_object_get(body, "id"));
	size_t deleted = 0;
	for (struct place *place = world->places; id && place; place = place->next) {
		if (!place_find(place, KIND_NETWORK_INTERFACE, id))
			continue;
		mirror_session_delete_with_interface(place, id);
		place_remove(place, KIND_NETWORK_INTERFACE, id);
		deleted++;
	}
	if (!id)
		answer_error(answer, 400, "expected {\"id\": \"eni-...\"}");
	else if (deleted == 0)
		answer_error(answer, 404, "no region that was used so far has that network interface");
	else
		answer_json(answer, body);
	json_decref(body);
}

static const struct {
	const char *method;
	const char *path;
	void (*serve)(struct world *world, const struct http_request *request, struct http_answer *answer);
} routes[] = {
	{ "GET", "/_sim/calls", get_calls },         { "DELETE", "/_sim/calls", delete_calls },
	{ "GET", "/_sim/state", get_state },         { "POST", "/_sim/network_interfaces/delete", delete_interface },
	{ "GET", "/_sim/faults", get_faults },       { "POST", "/_sim/faults", post_faults },
	{ "DELETE", "/_sim/faults", delete_faults }, { "GET", "/_sim/identity", get_identity },
	{ "POST", "/_sim/identity", post_identity }, { "DELETE", "/_sim/identity", delete_identity },
};

void control_serve(struct world *world, const struct http_request *request, struct http_answer *ret_answer)
{
	ret_answer->content_type = "application/json";
	if (!request->from_loopback) {
		answer_error(ret_answer, 403, "only from this machine");
		return;
	}
	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		if (!text_equal(request->path, text_of(routes[i].path)) ||
		    !text_equal(request->method, text_of(routes[i].method)))
			continue;
		world_lock(world);
		routes[i].serve(world, request, ret_answer);
		world_unlock(world);
		state_save(world);
		return;
	}
	answer_error(ret_answer, 404, "no such control; tests/ec2sim/README.md lists them");
}
