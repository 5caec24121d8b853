// SPDX-License-Identifier: MPL-2.0
// The settings are copied whole: whoever gave them may give up every text of theirs.
#include "fixture.h"

#include "aws/aws_settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_TEXTS = 64 };

static const char original[MOST_TEXTS + 1] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
static char callers[MOST_TEXTS]; // what the settings' texts are views of

struct found {
	const struct text *at[MOST_TEXTS];
	size_t count;
};

static void add(struct found *found, const struct text *one)
{
	assert_true(found->count < MOST_TEXTS);
	found->at[found->count++] = one;
}

static void add_list(struct found *found, const struct settings_texts *list)
{
	assert_int_equal(list->count, 1);
	add(found, list->at);
}

static void add_web_identity(struct found *found, const struct settings_web_identity *block)
{
	add(found, &block->role_arn);
	add(found, &block->session_name);
	add(found, &block->policy);
	add_list(found, &block->policy_arns);
	add(found, &block->token);
	add(found, &block->token_file);
}

static void add_role(struct found *found, const struct settings_role *role)
{
	add(found, &role->role_arn);
	add(found, &role->session_name);
	add(found, &role->external_id);
	add(found, &role->policy);
	add(found, &role->source_identity);
	add_list(found, &role->policy_arns);
	add_list(found, &role->transitive_tag_keys);
	add(found, &role->tags.at->key);
	add(found, &role->tags.at->value);
}

static void find_texts(const struct aws_settings *settings, struct found *ret_found)
{
	const struct text *const plain[] = {
		&settings->region,
		&settings->access_key,
		&settings->secret_key,
		&settings->token,
		&settings->profile,
		&settings->ec2_metadata_service_endpoint,
		&settings->ec2_metadata_service_endpoint_mode,
		&settings->sts_region,
		&settings->proxies.http.value,
		&settings->proxies.https.value,
		&settings->proxies.exceptions,
		&settings->custom_ca_bundle,
		&settings->retry_mode,
		&settings->user_agent,
		&settings->unknown,
	};
	ret_found->count = 0;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		add(ret_found, plain[i]);
	for (size_t i = 0; i < AWS_SERVICE_COUNT; i++)
		add(ret_found, &settings->endpoints[i]);
	add_list(ret_found, &settings->shared_config_files);
	add_list(ret_found, &settings->shared_credentials_files);
	add_list(ret_found, &settings->allowed_account_ids);
	add_list(ret_found, &settings->forbidden_account_ids);
	add_role(ret_found, settings->assume_role.at);
	add_web_identity(ret_found, &settings->assume_role_with_web_identity);
}

// The next text of the caller, longer by one than the one before.
static struct text next(void)
{
	static size_t length;
	assert_true(length < MOST_TEXTS);
	length++;
	return (struct text){ callers, length };
}

static void test_every_text_is_copied(void **state)
{
	(void)state;
	const struct text only[] = { next(), next(), next(), next(), next(), next(), next() };
	const struct settings_pair tag = { next(), next() };
	const struct settings_role role = { next(), next(),          900,         next(),         next(),
					    next(), { &only[0], 1 }, { &tag, 1 }, { &only[1], 1 } };
	struct aws_settings settings = {
		.region = next(),
		.access_key = next(),
		.secret_key = next(),
		.token = next(),
		.profile = next(),
		.shared_config_files = { &only[2], 1 },
		.shared_credentials_files = { &only[3], 1 },
		.assume_role = { &role, 1 },
		.assume_role_with_web_identity = { true, next(), next(), 901, next(), { &only[4], 1 }, next(), next() },
		.ec2_metadata_service_endpoint = next(),
		.ec2_metadata_service_endpoint_mode = next(),
		.sts_region = next(),
		.allowed_account_ids = { &only[5], 1 },
		.forbidden_account_ids = { &only[6], 1 },
		.proxies = { .http = { true, next() }, .https = { true, next() }, .exceptions = next() },
		.custom_ca_bundle = next(),
		.max_attempts = 7,
		.retry_mode = next(),
		.user_agent = next(),
		.unknown = next(),
	};
	for (size_t i = 0; i < AWS_SERVICE_COUNT; i++)
		settings.endpoints[i] = next();
	struct arena arena;
	struct aws_settings copy;
	struct found given;
	struct found copied;
	arena_init(&arena, 0);
	memcpy(callers, original, sizeof callers);
	aws_settings_copy(&arena, &settings, &copy);
	memset(callers, '!', sizeof callers);
	find_texts(&settings, &given);
	find_texts(&copy, &copied);
	for (size_t i = 0; i < given.count; i++) {
		assert_true(copied.at[i] != given.at[i] && given.at[i]->length > 0);
		assert_int_equal(copied.at[i]->length, given.at[i]->length);
		assert_memory_equal(copied.at[i]->at, original, given.at[i]->length);
	}
	assert_int_equal(copy.max_attempts, 7);
	assert_int_equal(copy.assume_role.at->duration_s, 900);
	assert_int_equal(copy.assume_role_with_web_identity.duration_s, 901);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_text_is_copied) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
