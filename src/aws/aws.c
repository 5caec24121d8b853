// SPDX-License-Identifier: MPL-2.0
// The configured account: settings and environment, read once, become what the clients need.
#include "aws/aws.h"

#include "aws/http_curl.h"
#include "aws/trust.h"
#include "base/limits.h"
#include "base/random.h"

#include <stdlib.h>

// Settings are a few hundred bytes; a certificate or a policy among them later a few thousand.
static const size_t most_settings_bytes = (size_t)1024 * 1024;

struct building {
	struct call *outer; // whose diagnostics are the user's
	struct aws *aws;
	bool built;
};

static struct text clean_product(struct arena *arena, struct text product)
{
	char *clean = text_to_c_string(arena, product);
	for (size_t i = 0; i < product.length; i++) {
		if (clean[i] < ' ' || clean[i] > '~')
			clean[i] = ' '; // it goes into a header
	}
	return text_trim((struct text){ clean, product.length });
}

static struct text make_user_agent(struct arena *arena, const struct aws *aws)
{
	const struct text own =
		aws->settings.user_agent.length ? aws->settings.user_agent : T("terraform-provider-vns/" VNS_VERSION);
	const struct text appended = environment_get(&aws->seams.environment, "TF_APPEND_USER_AGENT");
	return clean_product(arena, text_print(arena, "%.*s %.*s", TEXT_ARG(own), TEXT_ARG(appended)));
}

static bool set_region(struct call *call, struct aws *aws)
{
	if (text_equal(aws->settings.unknown, T("region")))
		return true;
	aws->region = aws->settings.region;
	const char *chosen_by = "the provider argument \"region\"";
	if (aws->region.length == 0) {
		aws->region = environment_get_either(&aws->seams.environment, "AWS_REGION", "AWS_DEFAULT_REGION");
		chosen_by = "the environment variable AWS_REGION or AWS_DEFAULT_REGION";
	}
	if (aws->region.length == 0 || endpoint_region_is_label(aws->region))
		return true;
	diag_error(call, NULL, "Invalid AWS region",
		   "\"%.*s\", chosen by %s, cannot be a region: a region's name has letters, digits and hyphens only, "
		   "like \"eu-central-1\".",
		   TEXT_ARG(aws->region), chosen_by);
	return false;
}

static bool set_endpoint(struct call *call, struct arena *arena, struct aws *aws, enum aws_service service)
{
	const struct endpoint_choice choice = endpoint_choose(&aws->settings, &aws->seams.environment, service);
	struct custom_endpoint *custom = &aws->endpoints[service];
	if (choice.url.length == 0)
		return true;
	const char *problem = endpoint_parse(arena, choice.url, &custom->endpoint);
	const struct endpoint_service *about = endpoint_service(service);
	if (problem) {
		diag_error(call, NULL, "Invalid AWS endpoint",
			   "The endpoint of %.*s, chosen by %.*s, cannot be used: %s.", TEXT_ARG(about->name),
			   TEXT_ARG(choice.chosen_by), problem);
		return false;
	}
	custom->is_set = true;
	custom->chosen_by = choice.chosen_by;
	if (custom->endpoint.plain && !custom->endpoint.loopback)
		diag_warning(
			call, NULL, "AWS endpoint without encryption",
			"Requests to %.*s go to %.*s (chosen by %.*s) unencrypted: others on the way can read them, "
			"a session token too. Use https:// unless this is a test.",
			TEXT_ARG(about->name), TEXT_ARG(custom->endpoint.host), TEXT_ARG(choice.chosen_by));
	return true;
}

static bool set_max_attempts(struct call *call, struct aws *aws)
{
	aws->max_attempts = aws->settings.max_attempts > 0 ? aws->settings.max_attempts : LIMIT_ATTEMPTS;
	const struct text variable = environment_get(&aws->seams.environment, "AWS_MAX_ATTEMPTS");
	if (aws->settings.max_attempts > 0 || variable.length == 0)
		return true;
	int64_t number = 0;
	if (!text_to_int64(variable, &number) || number < 1 || number > INT16_MAX) {
		diag_error(call, NULL, "Invalid AWS_MAX_ATTEMPTS",
			   "The environment variable AWS_MAX_ATTEMPTS is \"%.*s\"; it must be a number from 1 to %d.",
			   TEXT_ARG(variable), INT16_MAX);
		return false;
	}
	aws->max_attempts = (int)number;
	return true;
}

// Takes from the aws object's own memory; `inner` is the call with that memory.
static void build(struct call *inner, void *argument)
{
	struct building *building = argument;
	struct aws *aws = building->aws;
	const struct aws_settings callers = aws->settings;
	settings_copy(inner->arena, &callers, &aws->settings);
	aws->user_agent = make_user_agent(inner->arena, aws);
	building->built = set_region(building->outer, aws) && set_max_attempts(building->outer, aws);
	for (size_t i = 0; building->built && i < AWS_SERVICE_COUNT; i++)
		building->built = set_endpoint(building->outer, inner->arena, aws, (enum aws_service)i);
}

static void say_no_memory(struct call *call)
{
	diag_error(call, NULL, "Out of memory", "There was not enough memory to prepare the AWS client.");
}

// Holds an aws object that is being made, in case the call is left on the way.
static void free_unfinished(void *object)
{
	aws_free(*(struct aws **)object);
}

static struct aws *allocate(const struct aws_settings *settings, const struct aws_seams *seams)
{
	struct aws *aws = calloc(1, sizeof *aws);
	if (!aws) {
		if (seams->http)
			seams->http->free(seams->http);
		return NULL;
	}
	arena_init(&aws->memory, most_settings_bytes);
	aws->memory.secret = true;
	aws->settings = *settings;
	aws->seams = *seams;
	aws->credential_inputs = (struct credential_inputs){ &aws->settings, &aws->seams.environment, seams->http };
	aws->credentials = credential_chain_new(&aws->credential_inputs, seams->sources);
	(void)pthread_mutex_init(&aws->lock, NULL);
	if (turn_init(&aws->account_turn) && aws->credentials && seams->http)
		return aws;
	aws_free(aws);
	return NULL;
}

struct aws *aws_new_with(struct call *call, const struct aws_settings *settings, const struct aws_seams *seams)
{
	struct aws **unfinished = ARENA_NEW(call->arena, struct aws *);
	arena_on_free(call->arena, free_unfinished, unfinished);
	struct aws *aws = allocate(settings, seams);
	if (!aws) {
		say_no_memory(call);
		return NULL;
	}
	*unfinished = aws;
	struct building building = { .outer = call, .aws = aws };
	struct call inner = *call;
	inner.arena = &aws->memory;
	if (!call_run(&inner, build, &building))
		say_no_memory(call);
	if (!building.built)
		return NULL; // `unfinished` frees it
	*unfinished = NULL;
	return aws;
}

struct aws *aws_new(struct call *call, const struct aws_settings *settings)
{
	struct aws_seams seams = { .environment = environment_process, .random = random_number };
	const struct trust trust = trust_find(&seams.environment, NULL);
	const struct http_curl_options options = { .ca_file = trust.file, .ca_directory = trust.directory };
	seams.http = http_curl_new(&options);
	return aws_new_with(call, settings, &seams);
}

void aws_free(struct aws *aws)
{
	if (!aws)
		return;
	while (aws->clients) {
		struct client *next = aws->clients->next;
		free(aws->clients);
		aws->clients = next;
	}
	credential_chain_free(aws->credentials);
	if (aws->seams.http)
		aws->seams.http->free(aws->seams.http);
	turn_destroy(&aws->account_turn);
	(void)pthread_mutex_destroy(&aws->lock);
	arena_free(&aws->memory);
	free(aws);
}

bool aws_is_usable(struct call *call, const struct aws *aws)
{
	if (aws->settings.unknown.length == 0)
		return true;
	diag_error(
		call, NULL, "Provider configuration not known yet",
		"The provider argument \"%.*s\" depends on something that is known only after an apply, so AWS cannot "
		"be asked now. Apply what it depends on first (terraform apply -target=...), or give the argument a "
		"value that is known.",
		TEXT_ARG(aws->settings.unknown));
	return false;
}

struct text aws_region_if_known(const struct aws *aws)
{
	return aws->region;
}

bool aws_region(struct call *call, struct aws *aws, struct text *ret_region)
{
	*ret_region = aws->region;
	if (!aws_is_usable(call, aws))
		return false;
	if (aws->region.length)
		return true;
	diag_error(call, NULL, "No AWS region",
		   "The provider does not know which region to work in. Set the provider argument \"region\", the "
		   "resource's \"region\", or the environment variable AWS_REGION or AWS_DEFAULT_REGION.");
	return false;
}
