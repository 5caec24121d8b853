// SPDX-License-Identifier: MPL-2.0
// The configured account: settings and environment, read once, become what the clients need.
#include "aws/aws.h"

#include "aws/gate.h"
#include "aws/imds.h"
#include "aws/partition.h"
#include "aws/transport.h"
#include "aws/user_agent.h"
#include "base/limits.h"
#include "base/random.h"

#include <stdlib.h>
#include <string.h>

struct building {
	struct call *outer; // whose diagnostics are the user's
	struct aws *aws;
	bool built;
};

static void warn_of_old_name(struct call *call, const struct aws *aws)
{
	if (environment_get(&aws->seams.environment, "AWS_METADATA_URL").length == 0 ||
	    aws->settings.ec2_metadata_service_endpoint.length)
		return;
	diag_warning(call, NULL, "Old name of an environment variable",
		     "AWS_METADATA_URL is set. The variable's name is AWS_EC2_METADATA_SERVICE_ENDPOINT now%s.",
		     environment_get(&aws->seams.environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT").length
			     ? ", which is also set and takes precedence"
			     : "");
}

bool aws_region_is_usable(struct call *call, const struct aws *aws, struct text region, const char *chosen_by)
{
	const bool is_label = text_is_label(region);
	if (is_label && (aws->settings.skip_region_validation || partition_knows_region(region)))
		return true;
	diag_error(call, NULL, "Invalid AWS region", "\"%.*s\"%s%s%s %s", TEXT_ARG(region),
		   chosen_by ? ", chosen by " : "", chosen_by ? chosen_by : "", chosen_by ? "," : "",
		   is_label ? "is not an AWS region that this version of the provider knows. Check the "
			      "spelling; if the region is newer, set the provider argument skip_region_validation to "
			      "true."
			    : "cannot be a region: a region's name has lower-case letters, digits and hyphens "
			      "only, like \"eu-central-1\".");
	return false;
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
	if (aws->region.length == 0) {
		aws->region = profile_value(&aws->profiles, T("region"));
		chosen_by = "the profile in the shared AWS files";
	}
	return aws->region.length == 0 || aws_region_is_usable(call, aws, aws->region, chosen_by);
}

// Which profile, or what its files are, may wait for something that is applied first.
static bool read_profile(struct call *call, struct arena *arena, struct aws *aws)
{
	static const struct text needed[] = { TEXT("profile"), TEXT("shared_config_files"),
					      TEXT("shared_credentials_files") };
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
		if (text_equal(aws->settings.unknown, needed[i]))
			return true;
	}
	return profile_read(call, arena, &aws->settings, &aws->seams.environment, &aws->profiles);
}

// As with the AWS provider it takes both arguments, since a check of the credentials would tell the account anyway.
static void set_account(struct call *call, struct aws *aws)
{
	aws->leaves_account_open =
		aws->settings.skip_requesting_account_id && aws->settings.skip_credentials_validation;
	if (aws->leaves_account_open)
		diag_warning(call, NULL, "AWS account not known",
			     "The provider arguments \"skip_requesting_account_id\" and "
			     "\"skip_credentials_validation\" are both true, so the provider does not look up the "
			     "account: ARNs have an empty account id.");
}

// Takes from the aws object's own memory; `inner` is the call with that memory.
static void build(struct call *inner, void *argument)
{
	struct building *building = argument;
	struct aws *aws = building->aws;
	const struct aws_settings callers = aws->settings;
	aws_settings_copy(inner->arena, &callers, &aws->settings);
	aws->user_agent = user_agent_make(inner->arena, aws->settings.user_agent, &aws->seams.environment);
	set_account(building->outer, aws);
	warn_of_old_name(building->outer, aws);
	struct reach_profile reach_profile = { .max_attempts = T("") };
	building->built = read_profile(building->outer, inner->arena, aws) && set_region(building->outer, aws);
	if (!building->built)
		return;
	profile_reach(&aws->profiles, &reach_profile);
	building->built = reach_make(building->outer, inner->arena, &aws->settings, &aws->seams.environment,
				     &reach_profile, &aws->reach);
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
	arena_init(&aws->memory, LIMIT_SETTINGS_BYTES);
	aws->memory.secret = true;
	aws->settings = *settings;
	aws->seams = *seams;
	aws->credential_inputs = (struct credential_inputs){
		&aws->settings, &aws->seams.environment, seams->http, &aws->profiles, aws, &aws->instance_credentials
	};
	aws->credentials = credentials_chain_new(&aws->credential_inputs, seams->sources);
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
	const bool came_back = call_run(&inner, build, &building);
	if (!came_back)
		say_no_memory(call);
	if (!came_back || !building.built)
		return NULL; // `unfinished` frees it
	*unfinished = NULL;
	return aws;
}

struct aws *aws_new(struct call *call, const struct aws_settings *settings, const struct credential_sources *sources)
{
	struct aws_seams seams = { .environment = environment_process, .random = random_number, .sources = sources };
	struct http_curl_options options;
	if (!transport_choose(call, settings, &seams.environment, &options))
		return NULL;
	seams.http = http_curl_new(&options);
	return aws_new_with(call, settings, &seams);
}

void aws_free(struct aws *aws)
{
	if (!aws)
		return;
	while (aws->clients) {
		struct client *next = aws->clients->next;
		gate_free(aws->clients->gate);
		free(aws->clients);
		aws->clients = next;
	}
	credentials_chain_free(aws->credentials);
	credentials_release(aws->instance_credentials);
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
	diag_error(call, NULL, "Provider configuration not yet known",
		   "The provider argument \"%.*s\" depends on a value that is known only after an apply, so the "
		   "provider cannot contact AWS now. Apply what it depends on first (terraform apply -target=...), or "
		   "set the argument to a known value.",
		   TEXT_ARG(aws->settings.unknown));
	return false;
}

struct text aws_region_if_known(const struct aws *aws)
{
	return aws->region;
}

// What the EC2 instance says, when the credentials are the instance's or a role is taken with them; else empty without
// an error.
static bool ask_instance(struct call *call, struct aws *aws, struct text *ret_region)
{
	(void)pthread_mutex_lock(&aws->lock);
	*ret_region = text_of(aws->instance_region); // once set it never changes
	(void)pthread_mutex_unlock(&aws->lock);
	if (ret_region->length)
		return true;
	const struct credentials *credentials = credentials_chain_get(call, aws->credentials);
	if (!credentials)
		return false;
	if (!text_equal(credentials_base_name(credentials), credentials_imds.name))
		return true;
	const struct text region = imds_region(call, &aws->credential_inputs);
	if (region.length == 0)
		return false;
	(void)pthread_mutex_lock(&aws->lock);
	if (aws->instance_region[0] == '\0')
		memcpy(aws->instance_region, region.at, region.length);
	(void)pthread_mutex_unlock(&aws->lock);
	*ret_region = text_of(aws->instance_region);
	return true;
}

bool aws_region(struct call *call, struct aws *aws, struct text *ret_region)
{
	*ret_region = aws->region;
	if (!aws_is_usable(call, aws))
		return false;
	if (aws->region.length)
		return true;
	if (!ask_instance(call, aws, ret_region))
		return false;
	if (ret_region->length)
		return true;
	diag_error(call, NULL, "No AWS region",
		   "The provider does not know which region to work in. Set the provider argument \"region\", the "
		   "resource's \"region\", the environment variable AWS_REGION or AWS_DEFAULT_REGION, or \"region\" in "
		   "the profile of the shared AWS files.");
	return false;
}
