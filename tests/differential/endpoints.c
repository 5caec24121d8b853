// SPDX-License-Identifier: MPL-2.0
// vns-endpoints: where each service is asked, as one line of JSON. Without arguments, in the region, by the environment
// and by the shared files of whoever calls; with "-", for each line "REGION fips|- dual|-" of the standard input what
// AWS's own endpoints are, and whether the region is known.
#include "aws/aws.h"
#include "aws/http_curl.h"
#include "aws/partition.h"
#include "aws/sources.h"
#include "base/random.h"
#include "print_json.h"

#include <stdio.h>
#include <string.h>

#define NAME_CHARS 64

static const struct {
	enum aws_service service;
	const char *name;
	const char *region_name; // NULL: nothing is signed
	const char *below;       // the path of a call, where it is not the endpoint's own
} services[] = {
	{ AWS_EC2, "ec2", "ec2_region", NULL },
	{ AWS_STS, "sts", "sts_region", NULL },
	{ AWS_ELBV2, "elbv2", "elbv2_region", NULL },
	{ AWS_IAM, "iam", "iam_region", NULL },
	{ AWS_SSO, "sso", NULL, "/federation/credentials" },
	{ AWS_SSO_OIDC, "sso-oidc", NULL, "/token" },
};

static void print_endpoint(struct arena *arena, size_t i, const struct endpoint *endpoint)
{
	const char *below = services[i].below;
	print_json_member(services[i].name, below ? endpoint_below(arena, endpoint, text_of(below)) : endpoint->url,
			  false);
	if (services[i].region_name)
		print_json_member(services[i].region_name, endpoint->signing_region, false);
}

// What is wrong with one service is no other's business.
static void print_chosen(struct call *call, const struct aws *aws, size_t i)
{
	struct endpoint endpoint = { .url = T("") };
	struct text chosen_by = T("");
	struct diagnostics told = { .first = NULL };
	struct call own = *call;
	own.diagnostics = &told;
	if (reach_endpoint(&own, &aws->reach, services[i].service, aws->region, &endpoint, &chosen_by))
		print_endpoint(call->arena, i, &endpoint);
}

static void answer_for_environment(struct call *call, void *argument)
{
	(void)argument;
	const struct http_curl_options options = { .connect_timeout_ms = 0 };
	const struct aws_settings settings = { .profile = T(""), .skip_region_validation = true };
	const struct aws_seams seams = { .environment = environment_process,
					 .http = http_curl_new(&options),
					 .random = random_number,
					 .sources = &sources_all };
	struct aws *aws = aws_new_with(call, &settings, &seams);
	const struct diagnostic *told = call->diagnostics->first;
	while (told && told->severity != SEVERITY_ERROR)
		told = told->next;
	printf("{");
	print_json_member("error", !aws && told ? told->detail : T(""), true);
	for (size_t i = 0; aws && aws->region.length && i < sizeof services / sizeof services[0]; i++)
		print_chosen(call, aws, i);
	printf("}\n");
	aws_free(aws);
}

static void answer_line(struct arena *arena, const char *region, struct endpoint_variant variant)
{
	printf("{");
	print_json_member("known", partition_knows_region(text_of(region)) ? T("yes") : T(""), true);
	print_json_member("partition", endpoint_partition(text_of(region)), false);
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		struct endpoint endpoint = endpoint_of_region(arena, services[i].service, text_of(region), variant);
		if (endpoint.signing_region.length == 0)
			endpoint.signing_region = text_of(region);
		print_endpoint(arena, i, &endpoint);
	}
	printf("}\n");
}

static void answer_for_lines(struct call *call, void *argument)
{
	(void)argument;
	char region[NAME_CHARS];
	char fips[NAME_CHARS];
	char dual[NAME_CHARS];
	while (scanf("%63s %63s %63s", region, fips, dual) == 3) {
		const struct endpoint_variant variant = { strcmp(fips, "fips") == 0, strcmp(dual, "dual") == 0 };
		answer_line(call->arena, region, variant);
	}
}

int main(int count, char **arguments)
{
	struct arena arena;
	struct diagnostics diagnostics = { .first = NULL };
	struct call call = { .arena = &arena, .diagnostics = &diagnostics, .log = &log_none, .clock = &clock_system };
	if (count > 2 || (count == 2 && strcmp(arguments[1], "-") != 0)) {
		(void)fprintf(stderr, "usage: vns-endpoints [-]\n");
		return 2;
	}
	arena_init(&arena, 0);
	const bool done = call_run(&call, count == 2 ? answer_for_lines : answer_for_environment, NULL);
	arena_free(&arena);
	return done ? 0 : 1;
}
