// SPDX-License-Identifier: MPL-2.0
// One client per region, and the account they all work in.
#include "aws/client.h"

#include "aws/account.h"
#include "aws/aws.h"
#include "aws/gate.h"
#include "aws/endpoint.h"

#include <stdlib.h>
#include <string.h>

// Under the lock.
static struct client *find_listed(const struct aws *aws, struct text region)
{
	struct client *client = aws->clients;
	while (client && !text_equal(text_of(client->region), region))
		client = client->next;
	return client;
}

static struct client *find_or_add(struct aws *aws, struct text region)
{
	(void)pthread_mutex_lock(&aws->lock);
	struct client *client = find_listed(aws, region);
	if (!client)
		client = calloc(1, sizeof *client);
	if (client && !client->aws) {
		client->aws = aws;
		memcpy(client->region, region.at, region.length);
		pace_init(&client->pace, aws->reach.mode, aws->reach.bucket_capacity);
		client->gate = gate_new();
		client->next = aws->clients;
		aws->clients = client;
	}
	(void)pthread_mutex_unlock(&aws->lock);
	return client;
}

struct client *client_of(struct call *call, struct aws *aws, struct text region)
{
	if (!aws_is_usable(call, aws))
		return NULL;
	if (region.length == 0 && !aws_region(call, aws, &region))
		return NULL;
	if (!aws_region_is_usable(call, aws, region, NULL))
		return NULL;
	struct client *client = find_or_add(aws, region);
	if (!client)
		diag_error(call, NULL, "Out of memory", "There was no memory for the client of region %.*s.",
			   TEXT_ARG(region));
	return client;
}

struct text client_region(const struct client *client)
{
	return text_of(client->region);
}

struct text client_partition(const struct client *client)
{
	return endpoint_partition(client_region(client));
}

static bool is_account_known(struct aws *aws)
{
	(void)pthread_mutex_lock(&aws->lock);
	const bool known = aws->account.id[0] != '\0';
	(void)pthread_mutex_unlock(&aws->lock);
	return known;
}

struct question {
	struct client *client;
	bool answered;
};

// The default region's STS, not that of whichever resource comes first, whose region the account may not have enabled.
static struct client *client_of_account(struct call *call, struct client *client)
{
	const struct text region = aws_region_if_known(client->aws);
	return region.length ? client_of(call, client->aws, region) : client;
}

// In this thread's turn: another may have asked in the meantime.
static void ask_account(struct call *call, void *argument)
{
	struct question *question = argument;
	struct aws *aws = question->client->aws;
	question->answered = is_account_known(aws);
	if (question->answered)
		return;
	struct client *client = client_of_account(call, question->client);
	if (!client)
		return;
	struct account account = aws->account;
	question->answered = account_find(call, client, &account);
	(void)pthread_mutex_lock(&aws->lock);
	aws->account = account;
	(void)pthread_mutex_unlock(&aws->lock);
}

static bool is_listed(const struct settings_texts *list, struct text account_id)
{
	size_t i = 0;
	while (i < list->count && !text_equal(list->at[i], account_id))
		i++;
	return i < list->count;
}

// The provider arguments that keep an apply from the wrong account.
static bool is_account_allowed(struct call *call, const struct aws_settings *settings, struct text account_id)
{
	const bool forbidden = is_listed(&settings->forbidden_account_ids, account_id);
	const bool allowed =
		settings->allowed_account_ids.count == 0 || is_listed(&settings->allowed_account_ids, account_id);
	if (!forbidden && allowed)
		return true;
	diag_error(call, NULL, "AWS account not allowed",
		   "AWS account ID not allowed: %.*s. The provider argument \"%s\" %s. Use credentials of another "
		   "account, or change the argument.",
		   TEXT_ARG(account_id), forbidden ? "forbidden_account_ids" : "allowed_account_ids",
		   forbidden ? "forbids it" : "does not name it");
	return false;
}

static bool has_list(const struct aws_settings *settings)
{
	return settings->allowed_account_ids.count > 0 || settings->forbidden_account_ids.count > 0;
}

// One that nobody asks for may be any.
static bool is_open_account_allowed(struct call *call, const struct aws_settings *settings)
{
	if (!has_list(settings))
		return true;
	diag_error(call, NULL, "AWS account not allowed",
		   "AWS account ID not allowed: unknown. The provider argument \"%s\" is set, but "
		   "skip_requesting_account_id and skip_credentials_validation are both true, so the account is not "
		   "looked up. Remove one of the three.",
		   settings->allowed_account_ids.count ? "allowed_account_ids" : "forbidden_account_ids");
	return false;
}

bool client_account_id(struct call *call, struct client *client, struct text *ret_account_id)
{
	struct question question = { .client = client, .answered = is_account_known(client->aws) };
	*ret_account_id = T("");
	if (client->aws->leaves_account_open)
		return is_open_account_allowed(call, &client->aws->settings);
	if (!question.answered && !turn_run(call, &client->aws->account_turn, ask_account, &question)) {
		diag_error(call, NULL, "Stopped", "Terraform asked to stop before the AWS account was known.");
		return false;
	}
	// Once known it never changes, so the view needs no lock.
	if (!question.answered)
		return false;
	*ret_account_id = text_of(client->aws->account.id);
	return is_account_allowed(call, &client->aws->settings, *ret_account_id);
}

struct text client_arn(struct call *call, const struct client *client, struct text account_id, struct text resource)
{
	return text_print(call->arena, "arn:%.*s:ec2:%s:%.*s:%.*s", TEXT_ARG(client_partition(client)), client->region,
			  TEXT_ARG(account_id), TEXT_ARG(resource));
}

bool client_send(struct call *call, struct client *client, const struct action *action,
		 struct action_answer *ret_answer)
{
	struct text account_id;
	*ret_answer = (struct action_answer){ .http_status = 0 };
	// STS tells the account, so it is asked in any case.
	if (action->service != AWS_STS && has_list(&client->aws->settings) &&
	    !client_account_id(call, client, &account_id))
		return false;
	return action_send_signed(call, client, action, NULL, ret_answer);
}
