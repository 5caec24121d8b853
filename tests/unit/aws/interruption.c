// SPDX-License-Identifier: MPL-2.0
// Actions that are stopped, and actions that run out of memory.
#include "sender.h"

#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void fire(void *context)
{
	cancel_source_fire(*(struct cancel_source **)context);
}

static void test_stopped_before(void **state)
{
	(void)state;
	struct sender o;
	sender_open_usual(&o, &sender_success, 1);
	cancel_source_fire(o.fixture.source);
	assert_false(sender_send(&o, ACTION_CREATES));
	assert_int_equal(o.script.exchanges, 0);
	assert_in(fixture_told(&o.fixture), "Nothing was changed");
	sender_close(&o);
}

// Between two attempts; whether something may have changed depends on how the first one ended.
static void test_stopped_in_a_sleep(void **state)
{
	(void)state;
	struct sender o;
	sender_open_usual(&o, &sender_throttled, 1);
	o.fixture.clock.fire_in_sleep = o.fixture.source;
	assert_false(sender_send(&o, ACTION_CREATES));
	assert_int_equal(o.script.exchanges, 1);
	assert_in(fixture_told(&o.fixture), "Nothing was changed");
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	sender_close(&o);

	sender_open_usual(&o, &sender_lost, 1);
	o.fixture.clock.fire_in_sleep = o.fixture.source;
	assert_false(sender_send(&o, ACTION_CREATES));
	assert_in(fixture_told(&o.fixture), "Stopped; the outcome is unknown");
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	sender_close(&o);
}

// The refusal of a later attempt does not tell what the lost one did.
static void test_refusal_does_not_settle_a_lost_answer(void **state)
{
	(void)state;
	struct sender o;
	struct cancel_source *at_second = NULL;
	const struct script_step steps[] = {
		sender_lost,
		{ .status = 503, .body = EC2_ERROR("Throttling", ""), .during = fire, .context = &at_second },
	};
	sender_open_usual(&o, steps, 2);
	at_second = o.fixture.source;
	assert_false(sender_send(&o, ACTION_CREATES));
	assert_int_equal(o.script.exchanges, 2);
	assert_in(fixture_told(&o.fixture), "Stopped; the outcome is unknown");
	sender_close(&o);
}

static int keys_given;

// Keys that have an end, once.
static bool give_once(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		      struct text *ret_hint)
{
	(void)inputs;
	(void)ret_hint;
	if (keys_given++) {
		diag_error(call, NULL, "Expired login", "Log in again.");
		return false;
	}
	*ret_credentials = credentials_new(call, T("a test"), T("KEY"), T("very-secret"), T(""),
					   clock_realtime_us(call->clock) + (int64_t)3600 * 1000000);
	return *ret_credentials != NULL;
}

// What the first attempt did is not known although the second could not even be signed.
static void test_credentials_end_after_a_lost_answer(void **state)
{
	(void)state;
	static const struct credential_source source = { TEXT("test"), TEXT("a test"), give_once };
	static const struct credential_source *const sources[] = { &source, NULL };
	const struct script_step expired = { .status = 400, .body = EC2_ERROR("ExpiredToken", "expired") };
	const struct script_step steps[] = { sender_lost, expired };
	for (int first = 0; first < 2; first++) {
		struct sender o;
		keys_given = 0;
		sender_open(&o, &sender_usual, steps + first, (size_t)2 - (size_t)first, sources);
		assert_false(sender_send(&o, ACTION_CREATES));
		assert_int_equal(o.script.exchanges, 2 - first);
		assert_int_equal(o.fixture.diagnostics.errors, 1);
		assert_in(fixture_told(&o.fixture), "Log in again.");
		// Refused at once, nothing was done.
		assert_in_(fixture_told(&o.fixture), "outcome is unknown", first == 0, __FILE__, __LINE__);
		assert_in_(fixture_told(&o.fixture), "an earlier attempt", first == 0, __FILE__, __LINE__);
		sender_close(&o);
	}
}

// The last attempt is the last, also when its refusal was for a clock or for credentials that could be mended.
static void test_no_remedy_after_the_last_attempt(void **state)
{
	(void)state;
	static const struct credential_source source = { TEXT("test"), TEXT("a test"), give_once };
	static const struct credential_source *const sources[] = { &source, NULL };
	const struct script_step refusals[] = {
		{ .status = 400, .body = EC2_ERROR("ExpiredToken", "expired") },
		{ .status = 401,
		  .headers = "HTTP/1.1 401 X\r\nDate: Mon, 21 Sep 2026 15:13:20 GMT\r\n",
		  .body = EC2_ERROR("RequestExpired", "") },
	};
	struct aws_settings settings = sender_usual;
	settings.max_attempts = 1;
	for (size_t i = 0; i < 2; i++) {
		struct sender o;
		keys_given = 0;
		sender_open(&o, &settings, &refusals[i], 1, sources);
		assert_true(sender_send(&o, ACTION_ASKS));
		assert_int_equal(o.script.exchanges, 1);
		assert_int_equal(keys_given, 1);
		assert_null(o.fixture.diagnostics.first);
		sender_close(&o);
	}
}

// A refusal of the last attempt is an answer, and says that there was one without.
static void test_refusal_after_a_lost_answer(void **state)
{
	(void)state;
	const struct script_step refused = { .status = 403, .body = EC2_ERROR("UnauthorizedOperation", "") };
	const struct script_step steps[] = { sender_lost, refused };
	struct sender o;
	sender_open_usual(&o, steps, 2);
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(o.answer.error_code, "UnauthorizedOperation");
	assert_true(o.answer.outcome_unknown);
	sender_close(&o);

	sender_open_usual(&o, &refused, 1);
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_false(o.answer.outcome_unknown);
	sender_close(&o);

	sender_open_usual(&o, steps, 2);
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_false(o.answer.outcome_unknown);
	sender_close(&o);
}

// A fault inside the service may come after the effect; a refusal for good, or for being too many, comes before it.
static void test_fault_of_the_service_may_follow_the_effect(void **state)
{
	(void)state;
	const struct script_step fault = { .status = 500, .body = EC2_ERROR("InternalError", "") };
	const struct script_step throttled = { .status = 503, .body = EC2_ERROR("RequestLimitExceeded", "") };
	const struct script_step refused = { .status = 400, .body = EC2_ERROR("InvalidParameterValue", "") };
	const struct script_step page = { .status = 502, .body = "<html>" };
	const struct script_step *const firsts[] = { &fault, &page, &throttled };
	for (size_t i = 0; i < 3; i++) {
		struct sender o;
		const struct script_step steps[] = { *firsts[i], refused };
		sender_open_usual(&o, steps, 2);
		assert_true(sender_send(&o, ACTION_CREATES));
		assert_text(o.answer.error_code, "InvalidParameterValue");
		assert_int_equal(o.answer.outcome_unknown, i < 2);
		sender_close(&o);
	}
}

static void test_stopped_in_the_transfer(void **state)
{
	(void)state;
	struct sender o;
	const struct script_step cancelled = { .problem = HTTP_CANCELLED, .sent = true };
	sender_open_usual(&o, &cancelled, 1);
	assert_false(sender_send(&o, ACTION_CREATES));
	assert_in(fixture_told(&o.fixture), "outcome is unknown");
	assert_int_equal(o.script.exchanges, 1);
	assert_int_equal(o.script.records[0].grace_ms, LIMIT_STOP_GRACE_MS);
	sender_close(&o);

	// What it changes is known: a short wait is enough.
	sender_open_usual(&o, &cancelled, 1);
	assert_false(sender_send(&o, ACTION_CHANGES));
	assert_in(fixture_told(&o.fixture), "outcome is unknown");
	assert_int_equal(o.script.records[0].grace_ms, LIMIT_STOP_CHANGE_MS);
	sender_close(&o);

	// A read: nothing to wait for and nothing unknown.
	sender_open_usual(&o, &cancelled, 1);
	assert_false(sender_send(&o, ACTION_ASKS));
	assert_int_equal(o.script.records[0].grace_ms, 0);
	assert_not_in(fixture_told(&o.fixture), "unknown");
	sender_close(&o);
}

static void test_answer_after_the_wish_to_stop_counts(void **state)
{
	(void)state;
	struct sender o;
	struct cancel_source *source = NULL;
	const struct script_step late = { .status = 200, .body = SUCCESS, .during = fire, .context = &source };
	sender_open_usual(&o, &late, 1);
	source = o.fixture.source;
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(xml_text(o.answer.root, T("id")), "tmf-1");
	sender_close(&o);
}

static void *no_more_memory(void *context, size_t size)
{
	(void)context;
	(void)size;
	return NULL;
}

static void starve(void *context)
{
	((struct arena *)context)->system_take = no_more_memory;
}

// Once a change was sent, its answer needs no memory of the system.
static void test_answer_is_read_without_new_memory(void **state)
{
	(void)state;
	struct sender o;
	struct buffer body; // of a filter with many rules
	buffer_init(&body, 1 << 20);
	buffer_append_text(&body, T("<CreateTrafficMirrorFilterResponse><id>tmf-1</id>"));
	for (int i = 0; i < 200; i++)
		buffer_append_text(&body, T("<item><ruleNumber>100</ruleNumber></item>"));
	buffer_append(&body, "</CreateTrafficMirrorFilterResponse>", sizeof "</CreateTrafficMirrorFilterResponse>");
	assert_false(body.failed);
	struct script_step step = { .status = 200, .body = body.bytes, .during = starve };
	sender_open_usual(&o, &step, 1);
	step.context = &o.fixture.arena;
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(xml_text(o.answer.root, T("id")), "tmf-1");
	o.fixture.arena.system_take = NULL;
	sender_close(&o);
	buffer_free(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stopped_before),
		cmocka_unit_test(test_stopped_in_a_sleep),
		cmocka_unit_test(test_refusal_does_not_settle_a_lost_answer),
		cmocka_unit_test(test_credentials_end_after_a_lost_answer),
		cmocka_unit_test(test_no_remedy_after_the_last_attempt),
		cmocka_unit_test(test_refusal_after_a_lost_answer),
		cmocka_unit_test(test_fault_of_the_service_may_follow_the_effect),
		cmocka_unit_test(test_stopped_in_the_transfer),
		cmocka_unit_test(test_answer_after_the_wish_to_stop_counts),
		cmocka_unit_test(test_answer_is_read_without_new_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
