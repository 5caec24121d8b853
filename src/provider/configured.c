// SPDX-License-Identifier: MPL-2.0
#include "provider/configured.h"

#include "aws/sources.h"
#include "provider/subject.h"

#include <stdlib.h>

static void destroy(struct configured *configured)
{
	preflight_free(&configured->preflight);
	reads_free(configured->reads);
	aws_free(configured->aws);
	arena_free(&configured->arena);
	free(configured);
}

// A copy that shares nothing with the request it came from, texts neither.
static struct value keep(struct arena *arena, const struct value *value)
{
	struct value kept = *value;
	if (!value_is_known(value))
		return kept;
	if (value->type->kind == TYPE_STRING) {
		kept.string = text_copy(arena, value->string);
		return kept;
	}
	kept.items = ARENA_ARRAY(arena, struct value, value->count);
	for (size_t i = 0; i < value->count; i++)
		kept.items[i] = keep(arena, &value->items[i]);
	if (value->keys) {
		kept.keys = ARENA_ARRAY(arena, struct text, value->count);
		for (size_t i = 0; i < value->count; i++)
			kept.keys[i] = text_copy(arena, value->keys[i]);
	}
	return kept;
}

struct keeping {
	struct configured *configured;
	const struct settings *settings;
};

static void keep_settings(struct call *call, void *argument)
{
	const struct keeping *keeping = argument;
	const struct settings *settings = keeping->settings;
	struct settings *kept = &keeping->configured->settings;
	*kept = *settings;
	kept->region = keep(call->arena, &settings->region);
	kept->default_tags = keep(call->arena, &settings->default_tags);
	kept->ignore_keys = keep(call->arena, &settings->ignore_keys);
	kept->ignore_prefixes = keep(call->arena, &settings->ignore_prefixes);
	if (!value_is_null(&kept->region))
		return;
	const struct text region = aws_region_if_known(keeping->configured->aws);
	if (region.length > 0)
		kept->region = value_string(text_copy(call->arena, region));
}

static struct configured *refuse_for_memory(struct call *call)
{
	diag_error(call, NULL, "Out of memory", "There is no memory for the provider's configuration.");
	return NULL;
}

struct configured *configured_new(struct call *call, const struct aws_settings *aws_settings,
				  const struct settings *settings)
{
	struct aws *aws = aws_new(call, aws_settings, &sources_all);
	if (!aws)
		return NULL;
	struct configured *configured = calloc(1, sizeof *configured);
	struct reads *reads = reads_new();
	if (!configured || !reads) {
		reads_free(reads);
		free(configured);
		aws_free(aws);
		return refuse_for_memory(call);
	}
	configured->aws = aws;
	configured->reads = reads;
	preflight_init(&configured->preflight);
	configured->reaches_aws = aws_settings->unknown.length == 0;
	configured->holders = 1;
	arena_init(&configured->arena, 0);
	configured->arena.system_take = call->arena->system_take;
	configured->arena.system_context = call->arena->system_context;
	// The settings outlive this call, so they are taken from an arena of their own, with a door of its own.
	struct call keeping_call = *call;
	keeping_call.arena = &configured->arena;
	struct keeping keeping = { .configured = configured, .settings = settings };
	if (call_run(&keeping_call, keep_settings, &keeping))
		return configured;
	destroy(configured);
	return refuse_for_memory(call);
}

// Under the lock. What is to be destroyed after it, or NULL.
static struct configured *let_go(struct configured *configured)
{
	return configured && --configured->holders == 0 ? configured : NULL;
}

void configured_publish(struct provider *provider, struct configured *configured)
{
	pthread_mutex_lock(&provider->lock);
	struct configured *unused = let_go(provider->configured);
	provider->configured = configured;
	pthread_mutex_unlock(&provider->lock);
	if (unused)
		destroy(unused);
}

struct configured *configured_acquire(struct provider *provider)
{
	pthread_mutex_lock(&provider->lock);
	struct configured *newest = provider->configured;
	if (newest)
		newest->holders++;
	pthread_mutex_unlock(&provider->lock);
	return newest;
}

void configured_release(struct provider *provider, struct configured *configured)
{
	pthread_mutex_lock(&provider->lock);
	struct configured *unused = let_go(configured);
	pthread_mutex_unlock(&provider->lock);
	if (unused)
		destroy(unused);
}

bool configured_present(struct call *call, const struct configured *configured)
{
	if (configured)
		return true;
	diag_error(call, NULL, "The provider is not configured",
		   "The host requested an operation on a resource before it configured the provider. This is a bug in "
		   "the host.");
	return false;
}

static struct text known_region(const struct value *region)
{
	return value_is_known(region) ? region->string : T("");
}

struct client *configured_client(struct call *call, const struct configured *configured, const struct value *region)
{
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	const struct text name = known_region(region);
	struct client *client = client_of(&asking, configured->aws, name);
	// The provider's own was good when it was configured, so what is wrong with this one the resource says.
	const struct path at = path_attribute(NULL, T("region"));
	if (told.first && configured->reaches_aws && name.length > 0)
		told.first->attribute = &at;
	diag_pass_on(call, &told);
	return client;
}

struct text configured_account_id(struct call *call, struct configured *configured, const struct value *region)
{
	if (!configured->reaches_aws || value_is_unknown(region))
		return T("");
	struct diagnostics told = { .first = NULL };
	struct call asking = *call;
	asking.diagnostics = &told;
	struct text account_id = T("");
	struct client *client = configured_client(&asking, configured, region);
	if (client && client_account_id(&asking, client, &account_id))
		return account_id;
	if (atomic_exchange(&configured->account_asked_in_vain, true))
		return T("");
	diag_pass_on(call, &told);
	return T("");
}
