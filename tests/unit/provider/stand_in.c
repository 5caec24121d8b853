// SPDX-License-Identifier: MPL-2.0
#include "stand_in.h"

#include "aws/client.h"
#include "aws/sources.h"
#include "engine/create.h"
#include "engine/read.h"
#include "engine/remove.h"
#include "engine/update.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stand_in stand_in;

struct aws {
	int unused;
};

struct client {
	int unused;
};

static struct client the_client;

const struct credential_sources sources_all = { .in_order = NULL };

void stand_in_reset(void)
{
	stand_in = (struct stand_in){ .account_id = "123456789012" };
}

int stand_in_leaks(void)
{
	return stand_in.alive;
}

static void note(char *place, size_t size, struct text view)
{
	(void)snprintf(place, size, "%.*s", TEXT_ARG(view));
}
#define NOTE(place, view) note((place), sizeof(place), (view))

// --- aws/client.h ---

struct aws *aws_new(struct call *call, const struct aws_settings *settings, const struct credential_sources *sources)
{
	stand_in.has_sources = sources == &sources_all;
	NOTE(stand_in.settings_region, settings->region);
	NOTE(stand_in.secret_key, settings->secret_key);
	NOTE(stand_in.user_agent, settings->user_agent);
	NOTE(stand_in.unknown, settings->unknown);
	NOTE(stand_in.endpoint, settings->endpoints[AWS_EC2]);
	stand_in.max_attempts = settings->max_attempts;
	if (stand_in.refuses_settings) {
		diag_error(call, NULL, "Refused", "aws_new says no.");
		return NULL;
	}
	stand_in.alive++;
	return calloc(1, sizeof(struct aws));
}

void aws_free(struct aws *aws)
{
	if (aws)
		stand_in.alive--;
	free(aws);
}

struct text aws_region_if_known(const struct aws *aws)
{
	(void)aws;
	return text_of(stand_in.region);
}

bool aws_region(struct call *call, struct aws *aws, struct text *ret_region)
{
	(void)aws;
	*ret_region = text_of(stand_in.settings_region);
	if (ret_region->length == 0)
		diag_error(call, NULL, "No region", "There is none.");
	return ret_region->length > 0;
}

struct client *client_of(struct call *call, struct aws *aws, struct text region)
{
	(void)call;
	(void)aws;
	NOTE(stand_in.client_region, region);
	return &the_client;
}

struct text client_region(const struct client *client)
{
	(void)client;
	return text_of(stand_in.client_region);
}

struct text client_partition(const struct client *client)
{
	(void)client;
	return T("aws");
}

bool client_account_id(struct call *call, struct client *client, struct text *ret_account_id)
{
	(void)client;
	stand_in.account_questions++;
	if (!stand_in.account_id) {
		diag_error(call, NULL, "No credentials", "There are none.");
		return false;
	}
	*ret_account_id = text_of(stand_in.account_id);
	return true;
}

struct text client_arn(struct call *call, const struct client *client, struct text account_id, struct text resource)
{
	(void)client;
	(void)account_id;
	return text_copy(call->arena, resource);
}

bool client_send(struct call *call, struct client *client, const struct action *action,
		 struct action_answer *ret_answer)
{
	(void)client;
	NOTE(stand_in.products, action->products);
	*ret_answer = (struct action_answer){ .http_status = 200 }; // nothing is there
	if (stand_in.silent)
		diag_error(call, NULL, "Cannot reach AWS", "Nobody answers.");
	return !stand_in.silent;
}

// --- engine/ ---

static void run_out(struct call *call)
{
	(void)arena_take(call->arena, SIZE_MAX);
}

static void *refuse(void *context, size_t size)
{
	(void)context;
	(void)size;
	return NULL;
}

static void use_up(struct arena *arena)
{
	arena->system_take = refuse;
	while (arena_try_take(arena, 1))
		continue;
}

// Whether the operation goes well; adds the error when not.
static bool decide(struct call *call)
{
	if (stand_in.outcome == STAND_IN_USES_UP) {
		use_up(call->arena);
		return true;
	}
	if (stand_in.outcome == STAND_IN_RUNS_OUT)
		run_out(call);
	if (stand_in.outcome == STAND_IN_SUCCEEDS)
		return true;
	diag_error(call, NULL, "EC2 refused", "As it was told to.");
	return false;
}

// What is unknown becomes known: strings a text, numbers 7.
static struct value made_known(struct arena *arena, const struct value *value)
{
	if (value_is_unknown(value)) {
		if (value->type->kind == TYPE_STRING)
			return value_string(T("made-by-ec2"));
		return value->type->kind == TYPE_NUMBER ? value_integer(7) : value_null(value->type);
	}
	struct value known = value_copy(arena, value);
	if (!value_is_known(&known) || known.type->kind == TYPE_STRING || known.type->kind == TYPE_NUMBER ||
	    known.type->kind == TYPE_BOOL)
		return known;
	for (size_t i = 0; i < known.count; i++)
		known.items[i] = made_known(arena, &known.items[i]);
	return known;
}

bool create_object(const struct operation *operation, const struct value *planned, struct value *ret_state)
{
	NOTE(stand_in.products, operation->products);
	*ret_state = value_null(planned->type);
	if (stand_in.outcome != STAND_IN_FAILS)
		*ret_state = made_known(operation->call->arena, planned);
	(void)snprintf(stand_in.client_token, sizeof stand_in.client_token, "%.*s", TEXT_ARG(operation->client_token));
	(void)clock_sleep_ms(operation->call->clock, stand_in.create_takes_ms, NULL);
	stand_in.creates++; // the effect: last, as the engine sets memory aside before it
	return decide(operation->call);
}

bool update_object(const struct operation *operation, const struct value *prior, const struct value *planned,
		   const struct value *config, struct value *ret_state)
{
	NOTE(stand_in.products, operation->products);
	(void)config;
	stand_in.updates++;
	*ret_state = made_known(operation->call->arena, stand_in.outcome == STAND_IN_FAILS ? prior : planned);
	return decide(operation->call);
}

bool remove_object(const struct operation *operation, const struct value *prior)
{
	NOTE(stand_in.products, operation->products);
	(void)prior;
	stand_in.removes++;
	return decide(operation->call);
}

bool read_object(const struct operation *operation, const struct value *prior, struct value *ret_state)
{
	NOTE(stand_in.products, operation->products);
	stand_in.reads++;
	*ret_state = stand_in.gone ? value_null(prior->type) : made_known(operation->call->arena, prior);
	return decide(operation->call);
}
