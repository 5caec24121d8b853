// SPDX-License-Identifier: MPL-2.0
#include "aws/reach.h"

#include "base/limits.h"

static const struct reach_profile no_profile = { .max_attempts = TEXT("") };

// A value and who said so, for people.
struct word {
	struct text value;
	const char *said_by;
};

static struct word first_of(const struct word *words, size_t count)
{
	size_t i = 0;
	while (i + 1 < count && words[i].value.length == 0)
		i++;
	return words[i];
}

// The same host is complained of once, not for each service.
static bool is_first_with_host(const struct reach *reach, enum aws_service service)
{
	for (size_t i = 0; i < (size_t)service; i++) {
		if (text_equal(reach->endpoints[i].endpoint.host, reach->endpoints[service].endpoint.host))
			return false;
	}
	return true;
}

static bool set_endpoint(struct call *call, struct arena *arena, struct reach *reach, enum aws_service service,
			 const struct endpoint_choice *choice)
{
	struct custom_endpoint *custom = &reach->endpoints[service];
	const struct endpoint_service *about = endpoint_service(service);
	custom->chosen_by = choice->by_variable
				    ? text_print(arena, "the environment variable %.*s", TEXT_ARG(choice->chosen_by))
				    : choice->chosen_by;
	const char *problem = endpoint_parse(arena, choice->url, &custom->endpoint);
	if (problem) {
		diag_error(call, NULL, "Invalid AWS endpoint",
			   "The endpoint of %.*s, chosen by %.*s, cannot be used: %s.", TEXT_ARG(about->name),
			   TEXT_ARG(custom->chosen_by), problem);
		return false;
	}
	custom->is_set = true;
	custom->by_argument = choice->by_argument;
	if (choice->old)
		diag_warning(call, NULL, "Old name of an environment variable",
			     "The endpoint of %.*s is chosen by %s. The variable's name is %s now.",
			     TEXT_ARG(about->name), choice->old, about->variable);
	if (custom->endpoint.plain && !custom->endpoint.loopback && is_first_with_host(reach, service))
		diag_warning(call, NULL, "AWS endpoint without encryption",
			     "Requests to %.*s go to %.*s (chosen by %.*s) unencrypted, so others on the network can "
			     "read them, including session tokens. Use https:// unless this is a test.",
			     TEXT_ARG(about->name), TEXT_ARG(custom->endpoint.host), TEXT_ARG(custom->chosen_by));
	return true;
}

static bool set_max_attempts(struct call *call, const struct aws_settings *settings,
			     const struct environment *environment, const struct reach_profile *profile,
			     struct reach *reach)
{
	const struct word words[] = {
		{ environment_get(environment, "AWS_MAX_ATTEMPTS"), "The environment variable AWS_MAX_ATTEMPTS" },
		{ profile->max_attempts, "The profile's \"max_attempts\"" },
	};
	const struct word word = first_of(words, 2);
	reach->max_attempts = settings->max_attempts > 0 ? settings->max_attempts : LIMIT_ATTEMPTS;
	if (settings->max_attempts > 0 || word.value.length == 0)
		return true;
	int64_t number = 0;
	if (!text_to_int64(word.value, &number) || number < 0 || number > INT16_MAX) {
		diag_error(call, NULL, "Invalid number of attempts",
			   "%s is \"%.*s\"; it must be a number from 1 to %d.", word.said_by, TEXT_ARG(word.value),
			   INT16_MAX);
		return false;
	}
	if (number > 0) // 0 is as if it were not set, as in the AWS SDKs
		reach->max_attempts = (int)number;
	return true;
}

static bool set_mode(struct call *call, const struct aws_settings *settings, const struct environment *environment,
		     const struct reach_profile *profile, struct reach *reach)
{
	const struct word words[] = {
		{ settings->retry_mode, "The provider argument \"retry_mode\"" },
		{ environment_get(environment, "AWS_RETRY_MODE"), "The environment variable AWS_RETRY_MODE" },
		{ profile->retry_mode, "The profile's \"retry_mode\"" },
	};
	const struct word word = first_of(words, 3);
	const bool adaptive = text_equal_ignore_case(word.value, T("adaptive"));
	reach->mode = adaptive ? PACE_ADAPTIVE : PACE_STANDARD;
	if (word.value.length == 0 || adaptive || text_equal_ignore_case(word.value, T("standard")))
		return true;
	diag_error(call, NULL, "Invalid retry mode", "%s is \"%.*s\"; it must be \"standard\" or \"adaptive\".",
		   word.said_by, TEXT_ARG(word.value));
	return false;
}

// A word that is neither is an error in a variable, as in the AWS SDKs: FIPS that is meant must not be missed. In a
// file it counts as false.
static bool check_switches(struct call *call, const struct environment *environment)
{
	static const char *const names[] = { "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
					     "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct text word = environment_get(environment, names[i]);
		if (word.length == 0 || text_equal_ignore_case(word, T("true")) ||
		    text_equal_ignore_case(word, T("false")))
			continue;
		diag_error(call, NULL, "Invalid environment variable",
			   "The environment variable %s is \"%.*s\"; it must be \"true\" or \"false\".", names[i],
			   TEXT_ARG(word));
		return false;
	}
	return true;
}

// Only a label, since it becomes part of a host name; the AWS provider does not look for it among AWS's regions either.
static bool check_sts_region(struct call *call, const struct aws_settings *settings)
{
	if (settings->sts_region.length == 0 || text_is_label(settings->sts_region))
		return true;
	diag_error(call, NULL, "Invalid AWS region",
		   "\"%.*s\", chosen by the provider argument \"sts_region\", cannot be a region: a region's name has "
		   "lower-case letters, digits and hyphens only, like \"eu-central-1\".",
		   TEXT_ARG(settings->sts_region));
	return false;
}

bool reach_make(struct call *call, struct arena *arena, const struct aws_settings *settings,
		const struct environment *environment, const struct reach_profile *profile, struct reach *ret_reach)
{
	if (!profile)
		profile = &no_profile;
	const struct word words[] = {
		{ environment_get(environment, "AWS_DISABLE_CLOCK_SKEW_CORRECTION"), NULL },
		{ profile->disable_clock_skew_correction, NULL },
	};
	*ret_reach = (struct reach){
		.variant = endpoint_choose_variant(settings, environment, &profile->endpoint),
		.sts_region = settings->sts_region,
		.bucket_capacity = settings->token_bucket_rate_limiter_capacity,
		.trusts_clock = text_equal_ignore_case(first_of(words, 2).value, T("true")),
	};
	bool made = check_switches(call, environment) && check_sts_region(call, settings) &&
		    set_max_attempts(call, settings, environment, profile, ret_reach) &&
		    set_mode(call, settings, environment, profile, ret_reach);
	for (size_t i = 0; made && i < AWS_SERVICE_COUNT; i++) {
		const enum aws_service service = (enum aws_service)i;
		const struct endpoint_choice choice =
			endpoint_choose(settings, environment, &profile->endpoint, service);
		made = choice.url.length == 0 || set_endpoint(call, arena, ret_reach, service, &choice);
	}
	return made;
}

// The region whose service is asked, and for which requests are signed.
static struct text reach_region(const struct reach *reach, enum aws_service service, struct text region)
{
	return service == AWS_STS && reach->sts_region.length ? reach->sts_region : region;
}

// The AWS provider takes before FIPS an endpoint among its arguments, and any endpoint of the services that its
// resources live in; all else is a contradiction, as in the SDKs.
static bool contradicts(struct call *call, const struct reach *reach, enum aws_service service)
{
	const struct custom_endpoint *custom = &reach->endpoints[service];
	const bool fips = reach->variant.fips && !custom->by_argument && service != AWS_EC2 && service != AWS_ELBV2;
	if (!custom->is_set || (!fips && !reach->variant.dual_stack))
		return false;
	diag_error(call, NULL, "Conflicting AWS endpoints",
		   "%s endpoints are requested (%s), but the endpoint of %.*s is also chosen by %.*s: %.*s. Use one or "
		   "the other.",
		   fips ? "FIPS" : "Dual-stack", fips ? "use_fips_endpoint" : "use_dualstack_endpoint",
		   TEXT_ARG(endpoint_service(service)->name), TEXT_ARG(custom->chosen_by),
		   TEXT_ARG(custom->endpoint.host));
	return true;
}

bool reach_endpoint(struct call *call, const struct reach *reach, enum aws_service service, struct text region,
		    struct endpoint *ret_endpoint, struct text *ret_chosen_by)
{
	const struct custom_endpoint *custom = &reach->endpoints[service];
	const struct text asked = reach_region(reach, service, region);
	if (contradicts(call, reach, service))
		return false;
	*ret_chosen_by =
		custom->is_set ? custom->chosen_by : text_print(call->arena, "the region %.*s", TEXT_ARG(asked));
	*ret_endpoint =
		custom->is_set ? custom->endpoint : endpoint_of_region(call->arena, service, asked, reach->variant);
	if (ret_endpoint->signing_region.length == 0)
		ret_endpoint->signing_region = asked;
	return true;
}
