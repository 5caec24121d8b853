// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include "aws/sources.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct environment_variable variables[] = {
	{ "AWS_ACCESS_KEY_ID", "AKIAENV" },  { "AWS_SECRET_ACCESS_KEY", "envsecret" },
	{ "AWS_SESSION_TOKEN", "envtoken" }, { "AWS_SECRET_KEY", "oldsecret" },
	{ "AWS_ACCESS_KEY", "AKIAOLD" },
};

// The first `count` variables from `start`.
static struct environment part_of_environment(size_t start, size_t count)
{
	return (struct environment){ variables + start, count };
}

struct opened {
	struct fixture fixture;
	struct aws_settings settings;
	struct environment environment;
	struct credential_inputs inputs;
	struct credential_chain *chain;
	struct script script;
};

static const struct script_step nobody_answers = { .problem = HTTP_REFUSED };

static void open_chain(struct opened *o, const struct aws_settings *settings, struct environment environment,
		       const struct credential_sources *sources)
{
	fixture_open(&o->fixture);
	o->settings = *settings;
	o->environment = environment;
	script_init(&o->script, &nobody_answers, 1);
	o->inputs = (struct credential_inputs){ .settings = &o->settings,
						.environment = &o->environment,
						.http = &o->script.http };
	o->chain = credentials_chain_new(&o->inputs, sources);
	assert_non_null(o->chain);
}

static void close_chain(struct opened *o)
{
	fixture_close(&o->fixture);
	credentials_chain_free(o->chain);
	script_free_records(&o->script);
}

static void expect_keys(const struct aws_settings *settings, struct environment environment, const char *key_id,
			const char *secret, const char *token)
{
	struct opened o;
	open_chain(&o, settings, environment, &sources_all);
	const struct credentials *found = credentials_chain_get(&o.fixture.call, o.chain);
	assert_non_null(found);
	assert_text(credentials_key_id(found), key_id);
	assert_text(credentials_secret(found), secret);
	assert_text(credentials_token(found), token);
	assert_false(credentials_expire(found));
	assert_null(o.fixture.diagnostics.first);
	assert_ptr_equal(credentials_chain_get(&o.fixture.call, o.chain), found);
	close_chain(&o);
}

static void expect_error(const struct aws_settings *settings, struct environment environment, const char *part)
{
	struct opened o;
	open_chain(&o, settings, environment, &sources_all);
	assert_null(credentials_chain_get(&o.fixture.call, o.chain));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&o.fixture), part);
	assert_not_in(fixture_told(&o.fixture), "secret\n");
	assert_not_in(fixture_told(&o.fixture), "envsecret");
	close_chain(&o);
}

static void test_order(void **state)
{
	(void)state;
	const struct aws_settings none = { .max_attempts = 0 };
	const struct aws_settings some = { .access_key = T("AKIAARG"), .secret_key = T("argsecret") };
	expect_keys(&some, part_of_environment(0, 3), "AKIAARG", "argsecret", "");
	expect_keys(&none, part_of_environment(0, 3), "AKIAENV", "envsecret", "envtoken");
	expect_keys(&none, part_of_environment(0, 2), "AKIAENV", "envsecret", "");
	expect_keys(&none, part_of_environment(3, 2), "AKIAOLD", "oldsecret", "");
}

static void test_halves(void **state)
{
	(void)state;
	const struct aws_settings none = { .max_attempts = 0 };
	expect_error(&none, part_of_environment(0, 0), "No AWS credentials");
	expect_error(&none, part_of_environment(0, 0), "access_key and secret_key");
	expect_error(&none, part_of_environment(0, 0), "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
	expect_error(&none, part_of_environment(0, 1), "but AWS_SECRET_ACCESS_KEY is missing");
	expect_error(&none, part_of_environment(1, 1), "but AWS_ACCESS_KEY_ID is missing");
	// The arguments are never completed from the environment.
	const struct aws_settings half = { .access_key = T("AKIAARG") };
	const struct aws_settings other = { .secret_key = T("argsecret") };
	const struct aws_settings token = { .token = T("argtoken") };
	expect_error(&half, part_of_environment(0, 3), "but not secret_key.");
	expect_error(&other, part_of_environment(0, 3), "but not access_key.");
	expect_error(&token, part_of_environment(0, 3), "but not access_key and secret_key.");
}

static void test_damaged(void **state)
{
	(void)state;
	const struct aws_settings line = { .access_key = T("AKIA"), .secret_key = T("secret\n") };
	const struct aws_settings inject = { .access_key = T("AKIA"), .secret_key = T("s"), .token = T("t\r\nX: y") };
	const struct aws_settings blank = { .access_key = T("AK IA"), .secret_key = T("s") };
	expect_error(&line, part_of_environment(0, 0), "The secret access key from the provider's arguments");
	expect_error(&inject, part_of_environment(0, 0), "The session token");
	expect_error(&blank, part_of_environment(0, 0), "The access key id");
}

// A source that a test drives: it gives credentials for a while, counts, and may fail, wait or run out of memory.
static struct {
	atomic_int asked;
	int64_t lifetime_us;
	bool fails;
	bool absent;
	bool exhausts;
	int sleep_ms;
} scripted;

static bool scripted_retrieve(struct call *call, const struct credential_inputs *inputs,
			      struct credentials **ret_credentials, struct text *ret_hint)
{
	(void)inputs;
	(void)ret_hint;
	const int number = atomic_fetch_add(&scripted.asked, 1) + 1;
	*ret_credentials = NULL;
	if (scripted.sleep_ms)
		(void)usleep((useconds_t)scripted.sleep_ms * 1000);
	if (scripted.exhausts)
		(void)arena_take(call->arena, SIZE_MAX);
	if (scripted.absent)
		return true;
	if (scripted.fails) {
		diag_error(call, NULL, "Scripted failure", "The source failed.");
		return false;
	}
	*ret_credentials = credentials_new(call, T("the script"), text_print(call->arena, "KEY%d", number), T("s"),
					   T(""), clock_realtime_us(call->clock) + scripted.lifetime_us);
	return *ret_credentials != NULL;
}

static const struct credential_source scripted_source = { TEXT("script"), TEXT("the script"), scripted_retrieve };
static const struct credential_source *const scripted_order[] = { &scripted_source, NULL };
static const struct credential_sources scripted_sources = { .in_order = scripted_order };
static const int64_t minute_us = 60 * 1000 * 1000;

static void open_scripted(struct opened *o)
{
	memset(&scripted, 0, sizeof scripted);
	scripted.lifetime_us = 60 * minute_us;
	open_chain(o, &(struct aws_settings){ .max_attempts = 0 }, part_of_environment(0, 0), &scripted_sources);
}

static void expect_key(struct opened *o, const char *key_id)
{
	const struct credentials *found = credentials_chain_get(&o->fixture.call, o->chain);
	assert_non_null(found);
	assert_text(credentials_key_id(found), key_id);
}

static void test_refreshed_in_time(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	expect_key(&o, "KEY1");
	o.fixture.clock.now_us += 55 * minute_us - 1;
	expect_key(&o, "KEY1");
	o.fixture.clock.now_us += 1;
	expect_key(&o, "KEY2");
	assert_int_equal(scripted.asked, 2);
	close_chain(&o);
}

static void test_old_ones_are_kept_while_valid(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	expect_key(&o, "KEY1");
	scripted.fails = true;
	o.fixture.clock.now_us += 58 * minute_us;
	expect_key(&o, "KEY1");
	assert_null(o.fixture.diagnostics.first);
	assert_in(fixture_logged(&o.fixture), "Scripted failure");
	o.fixture.clock.now_us += 2 * minute_us;
	assert_null(credentials_chain_get(&o.fixture.call, o.chain));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&o.fixture), "Scripted failure");
	close_chain(&o);
}

static void test_asked_rarely_near_the_end(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	expect_key(&o, "KEY1");
	scripted.fails = true;
	o.fixture.clock.now_us += 56 * minute_us; // four are left
	for (int i = 0; i < 10; i++)
		expect_key(&o, "KEY1");
	assert_int_equal(scripted.asked, 2);
	o.fixture.clock.now_us += minute_us - 1;
	expect_key(&o, "KEY1");
	assert_int_equal(scripted.asked, 2);
	o.fixture.clock.now_us += 1;
	expect_key(&o, "KEY1");
	assert_int_equal(scripted.asked, 3);
	o.fixture.clock.now_us += 2 * minute_us; // one is left
	expect_key(&o, "KEY1");
	o.fixture.clock.now_us += minute_us / 2 - 1;
	expect_key(&o, "KEY1");
	assert_int_equal(scripted.asked, 4);
	scripted.fails = false;
	o.fixture.clock.now_us += 1;
	expect_key(&o, "KEY5");
	expect_key(&o, "KEY5");
	assert_int_equal(scripted.asked, 5);
	close_chain(&o);
}

static void test_short_lived_ones_are_used(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	scripted.lifetime_us = 3 * minute_us;
	for (int i = 0; i < 10; i++)
		expect_key(&o, "KEY1");
	o.fixture.clock.now_us += minute_us;
	expect_key(&o, "KEY2");
	// Refused ones are given up at once.
	credentials_chain_reject(o.chain, credentials_chain_get(&o.fixture.call, o.chain));
	expect_key(&o, "KEY3");
	expect_key(&o, "KEY3");
	assert_int_equal(scripted.asked, 3);
	close_chain(&o);
}

static void test_expired_from_the_start(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	scripted.lifetime_us = -1;
	assert_null(credentials_chain_get(&o.fixture.call, o.chain));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&o.fixture), "expired already");
	close_chain(&o);
}

static void test_rejected(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	const struct credentials *first = credentials_chain_get(&o.fixture.call, o.chain);
	credentials_chain_reject(o.chain, first);
	assert_text(credentials_key_id(first), "KEY1"); // still held by the call
	expect_key(&o, "KEY2");
	credentials_chain_reject(o.chain, first); // old news
	expect_key(&o, "KEY2");
	close_chain(&o);
}

static void get_in_call(struct call *call, void *argument)
{
	(void)credentials_chain_get(call, argument);
}

static void test_turn_ends_when_memory_runs_out(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	scripted.exhausts = true;
	assert_false(call_run(&o.fixture.call, get_in_call, o.chain));
	scripted.exhausts = false;
	expect_key(&o, "KEY2");
	close_chain(&o);
}

static void *get_in_thread(void *argument)
{
	struct opened *shared = argument;
	struct fixture own;
	fixture_open(&own);
	const struct credentials *found = credentials_chain_get(&own.call, shared->chain);
	const bool well = found && text_equal(credentials_key_id(found), T("KEY1"));
	fixture_close(&own);
	return well ? argument : NULL;
}

static void test_one_asks_the_others_wait(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	scripted.sleep_ms = 50;
	pthread_t threads[8];
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, get_in_thread, &o), 0);
	for (size_t i = 0; i < 8; i++) {
		void *well = NULL;
		assert_int_equal(pthread_join(threads[i], &well), 0);
		assert_non_null(well);
	}
	assert_int_equal(scripted.asked, 1);
	close_chain(&o);
}

static void *get_once(void *argument)
{
	struct opened *shared = argument;
	struct fixture own;
	fixture_open(&own);
	own.clock.now_us = shared->fixture.clock.now_us;
	(void)credentials_chain_get(&own.call, shared->chain);
	fixture_close(&own);
	return NULL;
}

// While one thread renews what is about to expire, the others go on with it.
static void test_renewing_holds_nobody_up(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	expect_key(&o, "KEY1");
	o.fixture.clock.now_us += 58 * minute_us;
	scripted.sleep_ms = 200;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, get_once, &o), 0);
	while (atomic_load(&scripted.asked) < 2)
		(void)usleep(1000);
	expect_key(&o, "KEY1");
	assert_int_equal(pthread_join(thread, NULL), 0);
	expect_key(&o, "KEY2");
	assert_int_equal(scripted.asked, 2);
	close_chain(&o);
}

static void test_stop_ends_waiting(void **state)
{
	(void)state;
	struct opened o;
	open_scripted(&o);
	cancel_source_fire(o.fixture.source);
	assert_null(credentials_chain_get(&o.fixture.call, o.chain));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_int_equal(scripted.asked, 0);
	close_chain(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_refreshed_in_time),
		cmocka_unit_test(test_old_ones_are_kept_while_valid),
		cmocka_unit_test(test_asked_rarely_near_the_end),
		cmocka_unit_test(test_short_lived_ones_are_used),
		cmocka_unit_test(test_expired_from_the_start),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_turn_ends_when_memory_runs_out),
		cmocka_unit_test(test_one_asks_the_others_wait),
		cmocka_unit_test(test_renewing_holds_nobody_up),
		cmocka_unit_test(test_stop_ends_waiting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
