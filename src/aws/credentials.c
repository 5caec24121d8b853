// SPDX-License-Identifier: MPL-2.0
#include "aws/credentials.h"

#include "aws/turn.h"
#include "base/limits.h"
#include "base/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const int64_t refresh_before_us = (int64_t)5 * 60 * 1000 * 1000;
static const int64_t longest_rest_us = (int64_t)60 * 1000 * 1000; // of the sources; see rest_of

struct credentials {
	atomic_int holders;
	int64_t expires_at_us;
	struct text key_id; // these three lie in `bytes`
	struct text secret;
	struct text token;
	struct text source_name;
	struct text base_name;
	size_t size; // of bytes
	char bytes[];
};

struct credential_chain {
	const struct credential_inputs *inputs;
	const struct credential_sources *sources;
	struct turn turn; // whose it is asks the sources
	pthread_mutex_t lock;
	struct credentials *current; // guarded by lock; NULL: none yet
	int64_t ask_again_us;        // the same; until then the current ones will do while they are valid
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

struct text credentials_base_name(const struct credentials *credentials)
{
	return credentials->base_name;
}

int64_t credentials_expires_at_us(const struct credentials *credentials)
{
	return credentials->expires_at_us;
}

void credentials_set_source_name(struct credentials *credentials, struct text name)
{
	if (credentials->source_name.length == 0)
		credentials->source_name = name;
}

void credentials_set_end(struct credentials *credentials, int64_t expires_at_us)
{
	credentials->expires_at_us = expires_at_us;
}

bool credentials_expire(const struct credentials *credentials)
{
	return credentials->expires_at_us != CREDENTIALS_NEVER_EXPIRE;
}

struct credentials *credentials_hold(struct credentials *credentials)
{
	if (credentials)
		atomic_fetch_add(&credentials->holders, 1);
	return credentials;
}

void credentials_release(struct credentials *credentials)
{
	if (!credentials || atomic_fetch_sub(&credentials->holders, 1) != 1)
		return;
	explicit_bzero(credentials->bytes, credentials->size);
	free(credentials);
}

// A blank or a control character in a key is a copying mistake, and a line break would end a header.
static const char *unusable_part(struct text key_id, struct text secret, struct text token)
{
	if (!text_is_visible(key_id))
		return "access key id";
	if (!text_is_visible(secret))
		return "secret access key";
	return text_is_visible(token) ? NULL : "session token";
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

// Lives in an arena, which lets go of the credentials when it ends.
struct holder {
	struct credentials *credentials;
};

static void holder_release(void *object)
{
	credentials_release(((struct holder *)object)->credentials);
}

const struct credentials *credentials_keep(struct call *call, struct credentials *credentials)
{
	struct holder *holder = arena_try_take(call->arena, sizeof *holder);
	if (holder) {
		holder->credentials = credentials;
		arena_on_free(call->arena, holder_release, holder);
		return credentials;
	}
	credentials_release(credentials);
	arena_leave(call->arena);
}

void credentials_say_stopped(struct call *call)
{
	diag_error(call, NULL, "Stopped", "Terraform asked to stop before the provider had AWS credentials.");
}

struct credential_chain *credentials_chain_new(const struct credential_inputs *inputs,
					       const struct credential_sources *sources)
{
	struct credential_chain *chain = calloc(1, sizeof *chain);
	if (!chain)
		return NULL;
	chain->inputs = inputs;
	chain->sources = sources;
	if (!turn_init(&chain->turn)) {
		free(chain);
		return NULL;
	}
	(void)pthread_mutex_init(&chain->lock, NULL);
	return chain;
}

void credentials_chain_free(struct credential_chain *chain)
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
	const int64_t margin_now_us = now_us < chain->ask_again_us ? 0 : margin_us;
	if (current && current->expires_at_us - margin_now_us <= now_us)
		current = NULL;
	(void)credentials_hold(current);
	(void)pthread_mutex_unlock(&chain->lock);
	return current;
}

// How long the sources are left alone that gave nothing, or what ends soon: each call would ask them otherwise, and a
// role, a program or a service may take its time.
static int64_t rest_of(const struct credentials *current, int64_t now_us)
{
	const int64_t half_us = current && current->expires_at_us > now_us ? (current->expires_at_us - now_us) / 2 : 0;
	return half_us < longest_rest_us ? half_us : longest_rest_us;
}

// After the sources were asked; `fresh` NULL: they gave none.
static void replace_current(struct call *call, struct credential_chain *chain, struct credentials *fresh)
{
	const int64_t now_us = clock_realtime_us(call->clock);
	(void)pthread_mutex_lock(&chain->lock);
	struct credentials *old = fresh ? chain->current : NULL;
	if (fresh)
		chain->current = fresh;
	chain->ask_again_us = now_us + rest_of(chain->current, now_us);
	(void)pthread_mutex_unlock(&chain->lock);
	credentials_release(old);
}

static void explain_absence(struct call *call, const struct credential_chain *chain, struct text hints)
{
	struct text places = T("");
	for (const struct credential_source *const *source = chain->sources->in_order; *source; source++)
		places = text_print(call->arena, "%.*s\n  - %.*s", TEXT_ARG(places), TEXT_ARG((*source)->looked_at));
	diag_error(call, NULL, "No AWS credentials",
		   "The provider needs credentials of an AWS account and found none. It looked for them in this "
		   "order:%.*s\n"
		   "%.*sSet up one of these.",
		   TEXT_ARG(places), TEXT_ARG(hints));
}

struct search {
	struct credential_chain *chain;
	struct credentials *current; // held for the caller; NULL: none was found
};

// NULL with an error.
static struct credentials *take_roles(struct call *call, const struct credential_chain *chain,
				      struct credentials *found)
{
	const struct text base_name = found->source_name;
	if (chain->sources->take_roles)
		found = chain->sources->take_roles(call, chain->inputs, found);
	if (found)
		found->base_name = base_name;
	return found;
}

// Asks the sources in order; adds the error when none has any.
static struct credentials *ask_sources(struct call *call, const struct credential_chain *chain)
{
	struct text hints = T("");
	for (const struct credential_source *const *source = chain->sources->in_order; *source; source++) {
		struct text hint = T("");
		struct credentials *found = NULL;
		if (!(*source)->retrieve(call, chain->inputs, &found, &hint))
			return NULL;
		if (found) {
			credentials_set_source_name(found, (*source)->name);
			LOG(call->log, LOG_DEBUG, "using AWS credentials", LOG_TEXT("source", found->source_name));
			return take_roles(call, chain, found);
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
	const struct text source_name = found ? found->source_name : T(""); // others may give them up at once
	replace_current(call, search->chain, found);
	search->current = hold_current(call, search->chain, 0);
	if (found && !search->current)
		diag_error(
			call, NULL, "Expired AWS credentials",
			"The credentials from %.*s have expired already. Renew them, and check this machine's clock.",
			TEXT_ARG(source_name));
}

// What the sources read and are answered, keys among it, lies in memory of its own, which is wiped.
struct looking {
	struct search search;
	struct arena arena;
	struct diagnostics told;
	struct call call;
	bool had_turn;
};

static void take_turn(struct call *call, void *argument)
{
	struct looking *looking = argument;
	looking->had_turn = turn_run(call, &looking->search.chain->turn, look, &looking->search);
}

static void end_looking(void *argument)
{
	struct looking *looking = argument;
	credentials_release(looking->search.current);
	arena_free(&looking->arena);
}

// What the sources complain about matters only when the credentials at hand have ended.
static const struct credentials *wait_and_look(struct call *call, struct credential_chain *chain)
{
	struct looking *looking = ARENA_NEW(call->arena, struct looking);
	arena_on_free(call->arena, end_looking, looking);
	arena_init(&looking->arena, LIMIT_SETTINGS_BYTES);
	looking->arena.secret = true;
	looking->search.chain = chain;
	looking->call = *call;
	looking->call.arena = &looking->arena;
	looking->call.diagnostics = &looking->told;
	const struct credentials *current = NULL;
	if (!call_run(&looking->call, take_turn, looking))
		arena_leave(call->arena);
	if (!looking->had_turn) {
		credentials_say_stopped(call);
	} else {
		current = looking->search.current;
		if (current && looking->told.errors)
			LOG(call->log, LOG_WARN, "AWS credentials could not be renewed; going on with the old ones",
			    LOG_TEXT("reason", looking->told.first->summary));
		else
			diag_pass_on(call, &looking->told);
	}
	looking->told = (struct diagnostics){ .first = NULL };
	arena_free(&looking->arena); // at once; the credentials themselves are held until the call's end
	return current;
}

const struct credentials *credentials_chain_get(struct call *call, struct credential_chain *chain)
{
	struct credentials *current = hold_current(call, chain, refresh_before_us);
	if (!current && turn_is_taken(&chain->turn))
		current = hold_current(call, chain, 0); // somebody is looking: what is valid will do
	return current ? credentials_keep(call, current) : wait_and_look(call, chain);
}

void credentials_chain_reject(struct credential_chain *chain, const struct credentials *rejected)
{
	(void)pthread_mutex_lock(&chain->lock);
	struct credentials *old = chain->current == rejected ? chain->current : NULL;
	if (old)
		chain->current = NULL;
	(void)pthread_mutex_unlock(&chain->lock);
	credentials_release(old);
}
