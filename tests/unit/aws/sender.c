// SPDX-License-Identifier: MPL-2.0
#include "sender.h"

#include "aws/sources.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

const struct script_step sender_success = { .status = 200, .body = SUCCESS };
const struct script_step sender_throttled = { .status = 503, .body = EC2_ERROR("RequestLimitExceeded", "slow down") };
const struct script_step sender_refused = { .problem = HTTP_REFUSED };
const struct script_step sender_lost = { .problem = HTTP_BROKEN, .sent = true };

static const struct environment_variable variables[] = {
	{ "TF_APPEND_USER_AGENT", "extra/1\r\nX-Injected: yes" },
	{ "AWS_SDK_UA_APP_ID", "ours" },
};

void sender_open(struct sender *sender, const struct aws_settings *settings, const struct script_step *steps,
		 size_t count, const struct credential_source *const *sources)
{
	memset(sender, 0, sizeof *sender);
	fixture_open(&sender->fixture);
	script_init(&sender->script, steps, count);
	sender->sources = (struct credential_sources){ .in_order = sources };
	const struct aws_seams seams = {
		.environment = { variables, 2 },
		.http = &sender->script.http,
		.random = fixture_zero,
		.sources = sources ? &sender->sources : &sources_all,
	};
	sender->aws = aws_new_with(&sender->fixture.call, settings, &seams);
	assert_non_null(sender->aws);
	sender->client = client_of(&sender->fixture.call, sender->aws, T(""));
	assert_non_null(sender->client);
	query_init(&sender->query, &sender->fixture.arena);
	query_add(&sender->query, T("ClientToken"), T("token-1"));
}

const struct aws_settings sender_usual = {
	.region = TEXT("eu-central-1"),
	.access_key = TEXT("AKIAEXAMPLE"),
	.secret_key = TEXT("very-secret"),
	.token = TEXT("very-temporary"),
	.user_agent = TEXT("Terraform/1.11.4 terraform-provider-vns/0.1.0"),
};

void sender_open_usual(struct sender *sender, const struct script_step *steps, size_t count)
{
	sender_open(sender, &sender_usual, steps, count, NULL);
}

bool sender_send(struct sender *sender, enum action_effect effect)
{
	const struct action action = {
		.service = AWS_EC2,
		.name = T("CreateTrafficMirrorFilter"),
		.parameters = &sender->query,
		.effect = effect,
		.in_passing = sender->in_passing,
		.needed = sender->needed,
		.products = sender->products,
	};
	return client_send(&sender->fixture.call, sender->client, &action, &sender->answer);
}

void sender_close(struct sender *sender)
{
	static const char *const secrets[] = { "very-secret", "very-temporary", "Signature=" };
	for (size_t i = 0; i < 3; i++) {
		assert_not_in(fixture_logged(&sender->fixture), secrets[i]);
		assert_not_in(fixture_told(&sender->fixture), secrets[i]);
	}
	fixture_close(&sender->fixture);
	aws_free(sender->aws);
	assert_true(sender->script.freed);
	script_free_records(&sender->script);
}
