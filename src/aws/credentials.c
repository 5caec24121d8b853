// SPDX-License-Identifier: MPL-2.0
#include "aws/credentials.h"

#include "aws/turn.h"
#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// The chain: the first source that has credentials gives them.
static const struct credential_source *const all_sources[] = {
	&credentials_static,
	&credentials_environment,
	NULL,
};

static const int64_t refresh_before_us = (int64_t)5 * 60 * 1000 * 1000;

struct credentials {
	atomic_int holders;
	int64_t expires_at_us;
	struct text key_id; // these three lie in `bytes`
	struct text secret;
	struct text token;
	struct text source_name;
	size_t size; // of bytes
	char bytes[];
};

struct credential_chain {
	const struct credential_inputs *inputs;
	const struct credential_source *const *sources;
	struct turn turn; // whose it is asks the sources
	pthread_mutex_t lock;
	struct credentials *current; // guarded by lock; NULL: none yet
};

struct text credentials_key_id(const struct credentials *credentials)
{
	return credentials->key_id;
}

struct text credentials_secret(const struct credentials *credentials)
{
	return credentials->secret;
}

struct text credentials_token(const struct credentials *credentials)
{
	return credentials->token;
}

struct text credentials_source_name(const struct credentials *credentials)
{
	return credentials->source_name;
}

bool credentials_expire(const struct credentials *credentials)
{
	return credentials->expires_at_us != CREDENTIALS_NEVER_EXPIRE;
}

void credentials_hold(struct credentials *credentials)
{
	atomic_fetch_add(&credentials->holders, 1);
}

void credentials_release(struct credentials *credentials)
{
	if (!credentials || atomic_fetch_sub(&credentials->holders, 1) != 1)
		return;
	explicit_bzero(credentials->bytes, credentials->size);
	free(credentials);
}

// Visible ASCII: anything else is a copying mistake, and a line break would end a header.
static bool is_visible(struct text value)
{
	for (size_t i = 0; i < value.length; i++) {
		if (value.at[i] <= ' ' || value.at[i] > '~')
			return false;
	}
	return true;
}

static const char *unusable_part(struct text key_id, struct text secret, struct text token)
{
	if (!is_visible(key_id))
		return "access key id";
	if (!is_visible(secret))
		return "secret access key";
	return is_visible(token) ? NULL : "session token";
}

static struct text put(struct credentials *credentials, size_t *used, struct text value)
{
	char *at = credentials->bytes + *used;
	if (value.length)
		memcpy(at, value.at, value.length);
	*used += value.length;
	return (struct text){ at, value.length };
}

struct credentials *credentials_new(struct call *call, struct text origin, struct text key_id, struct text secret,
				    struct text token, int64_t expires_at_us)
{
	const char *unusable = unusable_part(key_id, secret, token);
	if (unusable) {
		diag_error(call, NULL, "Unusable AWS credentials",
			   "The %s from %.*s contains a blank, a line break or another character that no AWS key has. "
			   "It was probably damaged when it was copied; set it again.",
			   unusable, TEXT_ARG(origin));
		return NULL;
	}
	const size_t size = key_id.length + secret.length + token.length;
	struct credentials *made = calloc(1, sizeof *made + size);
	if (!made) {
		diag_error(call, NULL, "Out of memory", "There was no memory for the AWS credentials.");
		return NULL;
	}
	atomic_init(&made->holders, 1);
	made->expires_at_us = expires_at_us;
	made->size = size;
	size_t used = 0;
	made->key_id = put(made, &used, key_id);
	made->secret = put(made, &used, secret);
	made->token = put(made, &used, token);
	return made;
}

struct credential_chain *credential_chain_new(const struct credential_inputs *inputs,
					      const struct credential_source *const *sources)
{
	struct credential_chain *chain = calloc(1, sizeof *chain);
	if (!chain)
		return NULL;
	chain->inputs = inputs;
	chain->sources = sources ? sources : all_sources;
	if (!turn_init(&chain->turn)) {
		free(chain);
		return NULL;
	}
	(void)pthread_mutex_init(&chain->lock, NULL);
	return chain;
}

void credential_chain_free(struct credential_chain *chain)
{
	if (!chain)
		return;
	credentials_release(chain->current);
	turn_destroy(&chain->turn);
	(void)pthread_mutex_destroy(&chain->lock);
	free(chain);
}

// Holds the current credentials if they last for at least `margin_us` more; else NULL.
static struct credentials *hold_current(struct call *call, struct credential_chain *chain, int64_t margin_us)
{
	const int64_t now_us = clock_realtime_us(call->clock);
	(void)pthread_mutex_lock(&chain->lock);
	struct credentials *current = chain->current;
	if (current && current->expires_at_us - margin_us <= now_us)
		current = NULL;
	if (current)
		credentials_hold(current);
	(void)pthread_mutex_unlock(&chain->lock);
	return current;
}

static void replace_current(struct credential_chain *chain, struct credentials *fresh)
{
	(void)pthread_mutex_lock(&chain->lock);
	struct credentials *old = chain->current;
	chain->current = fresh;
	(void)pthread_mutex_unlock(&chain->lock);
	credentials_release(old);
}

static void explain_absence(struct call *call, const struct credential_chain *chain, struct text hints)
{
	struct text places = T("");
	for (const struct credential_source *const *source = chain->sources; *source; source++)
		places = text_print(call->arena, "%.*s\n  - %.*s", TEXT_ARG(places), TEXT_ARG((*source)->looked_at));
	diag_error(call, NULL, "No AWS credentials",
		   "The provider needs credentials of an AWS account and found none. It looked at, in this order:%.*s\n"
		   "%.*sSet one of them.",
		   TEXT_ARG(places), TEXT_ARG(hints));
}

struct search {
	struct credential_chain *chain;
	struct credentials *current; // held for the caller; NULL: none was found
};

// Asks the sources in order; adds the error when none has any.
static struct credentials *ask_sources(struct call *call, const struct credential_chain *chain)
{
	struct text hints = T("");
	for (const struct credential_source *const *source = chain->sources; *source; source++) {
		struct text hint = T("");
		struct credentials *found = NULL;
		if (!(*source)->retrieve(call, chain->inputs, &found, &hint))
			return NULL;
		if (found) {
			found->source_name = (*source)->name;
			LOG(call->log, LOG_DEBUG, "using AWS credentials", LOG_TEXT("source", (*source)->name));
			return found;
		}
		if (hint.length)
			hints = text_print(call->arena, "%.*s%.*s ", TEXT_ARG(hints), TEXT_ARG(hint));
	}
	explain_absence(call, chain, hints);
	return NULL;
}

// In this thread's turn: looks whether another thread has found some by now, else asks.
static void look(struct call *call, void *argument)
{
	struct search *search = argument;
	search->current = hold_current(call, search->chain, refresh_before_us);
	if (search->current)
		return;
	struct credentials *found = ask_sources(call, search->chain);
	if (found)
		replace_current(search->chain, found);
	search->current = hold_current(call, search->chain, 0);
	if (found && !search->current)
		diag_error(
			call, NULL, "Expired AWS credentials",
			"The credentials from %.*s have expired already. Renew them, and check this machine's clock.",
			TEXT_ARG(found->source_name));
}

static void append_diagnostics(struct diagnostics *all, const struct diagnostics *more)
{
	if (!more->first)
		return;
	if (all->last)
		all->last->next = more->first;
	else
		all->first = more->first;
	all->last = more->last;
	all->errors += more->errors;
}

// What the sources complain about matters only when the credentials at hand have ended.
static struct credentials *wait_and_look(struct call *call, struct credential_chain *chain)
{
	struct diagnostics told = { .first = NULL };
	struct call quiet = *call;
	quiet.diagnostics = &told;
	struct search search = { .chain = chain };
	if (!turn_run(&quiet, &chain->turn, look, &search)) {
		diag_error(call, NULL, "Stopped", "The wish to stop came before there were AWS credentials.");
		return NULL;
	}
	if (search.current && told.errors)
		LOG(call->log, LOG_WARN, "AWS credentials could not be renewed; going on with the old ones",
		    LOG_TEXT("reason", told.first->summary));
	else
		append_diagnostics(call->diagnostics, &told);
	return search.current;
}

// Lives in an arena, which lets go of the credentials when it ends.
struct holder {
	struct credentials *credentials;
};

static void holder_release(void *object)
{
	credentials_release(((struct holder *)object)->credentials);
}

const struct credentials *credential_chain_get(struct call *call, struct credential_chain *chain)
{
	struct holder *holder = ARENA_NEW(call->arena, struct holder);
	arena_on_free(call->arena, holder_release, holder);
	holder->credentials = hold_current(call, chain, refresh_before_us);
	if (!holder->credentials && turn_is_taken(&chain->turn))
		holder->credentials = hold_current(call, chain, 0); // somebody is looking: what is valid will do
	if (!holder->credentials)
		holder->credentials = wait_and_look(call, chain);
	return holder->credentials;
}

void credential_chain_reject(struct credential_chain *chain, const struct credentials *rejected)
{
	(void)pthread_mutex_lock(&chain->lock);
	struct credentials *old = chain->current == rejected ? chain->current : NULL;
	if (old)
		chain->current = NULL;
	(void)pthread_mutex_unlock(&chain->lock);
	credentials_release(old);
}
