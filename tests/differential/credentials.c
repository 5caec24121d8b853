// SPDX-License-Identifier: MPL-2.0
// vns-credentials: which credentials, region and endpoints the provider would pick in this environment, as one line of
// JSON; secret and token by their digests. Every request goes to a stand-in for the whole network (the first argument
// is its port), with the URL it was meant for in the header X-Url.
#include "aws/aws.h"
#include "aws/http_curl.h"
#include "aws/sources.h"
#include "base/random.h"
#include "print_json.h"

#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_HEADERS 16

struct detour {
	struct http http;
	struct http *inner;
	const char *port;
};

static void detour_exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
	struct detour *detour = (struct detour *)http;
	struct http_header headers[MOST_HEADERS];
	char url[64];
	size_t count = 0;
	headers[count++] = (struct http_header){ T("X-Url"), request->url };
	for (size_t i = 0; i < request->header_count && count < MOST_HEADERS; i++) {
		if (!text_equal_ignore_case(request->headers[i].name, T("Host")))
			headers[count++] = request->headers[i];
	}
	(void)snprintf(url, sizeof url, "http://127.0.0.1:%s/", detour->port);
	struct http_request other = *request;
	other.url = text_of(url);
	other.headers = headers;
	other.header_count = count;
	other.connect_timeout_ms = 0;
	other.timeout_ms = 0; // a loaded machine is no metadata service that is out of reach
	detour->inner->exchange(detour->inner, &other, response);
}

static void detour_free(struct http *http)
{
	struct detour *detour = (struct detour *)http;
	detour->inner->free(detour->inner);
	free(detour);
}

static struct http *detour_new(const char *port)
{
	struct detour *detour = calloc(1, sizeof *detour);
	const struct http_curl_options options = { .connect_timeout_ms = 0 };
	if (!detour)
		return NULL;
	*detour = (struct detour){ { detour_exchange, detour_free }, http_curl_new(&options), port };
	if (detour->inner)
		return &detour->http;
	free(detour);
	return NULL;
}

static void print_endpoint(struct call *call, const struct aws *aws, enum aws_service service, const char *name)
{
	struct endpoint endpoint = { .url = T("") };
	struct text chosen_by = T("");
	if (aws && aws->region.length)
		(void)reach_endpoint(call, &aws->reach, service, aws->region, &endpoint, &chosen_by);
	print_json_member(name, endpoint.url, false);
}

// Which secret it is, without a word of it; nothing of nothing.
static void print_digest(const char *name, struct text secret)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
	unsigned int size = 0;
	if (secret.length && EVP_Digest(secret.at, secret.length, digest, &size, EVP_sha256(), NULL) != 1)
		abort();
	for (unsigned int i = 0; i < size; i++)
		(void)snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
	print_json_member(name, text_of(hex), false);
}

static void answer(struct call *call, void *argument)
{
	const struct aws_settings settings = { .profile = T(""), .skip_region_validation = true };
	const struct aws_seams seams = { .environment = environment_process,
					 .http = detour_new(argument),
					 .random = random_number,
					 .sources = &sources_all };
	struct aws *aws = aws_new_with(call, &settings, &seams);
	const struct credentials *found = aws ? credentials_chain_get(call, aws->credentials) : NULL;
	const struct diagnostic *told = call->diagnostics->first;
	while (told && told->severity != SEVERITY_ERROR)
		told = told->next;
	printf("{");
	print_json_member("source", found ? credentials_source_name(found) : T(""), true);
	print_json_member("key", found ? credentials_key_id(found) : T(""), false);
	print_digest("secret", found ? credentials_secret(found) : T(""));
	print_digest("token", found ? credentials_token(found) : T(""));
	print_json_member("region", aws ? aws_region_if_known(aws) : T(""), false);
	print_endpoint(call, aws, AWS_EC2, "ec2");
	print_endpoint(call, aws, AWS_STS, "sts");
	print_json_member("error", !found && told ? told->summary : T(""), false);
	print_json_member("detail", !found && told ? told->detail : T(""), false);
	printf("}\n");
	call->diagnostics = NULL;
	arena_free(call->arena); // lets go of the credentials first
	aws_free(aws);
}

int main(int count, char **arguments)
{
	struct arena arena;
	struct diagnostics diagnostics = { .first = NULL };
	struct call call = { .arena = &arena, .diagnostics = &diagnostics, .log = &log_none, .clock = &clock_system };
	if (count != 2) {
		(void)fprintf(stderr, "usage: vns-credentials PORT\n");
		return 2;
	}
	(void)signal(SIGPIPE, SIG_IGN);
	arena_init(&arena, 0);
	answer(&call, arguments[1]);
	return 0;
}
