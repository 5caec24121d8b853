// SPDX-License-Identifier: MPL-2.0
// Actions over a scripted transport.
#include "fixture.h"

#include "aws/sigv4.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SUCCESS "<R xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>req-1</requestId><id>tmf-1</id></R>"
#define EC2_ERROR(code, message)                                                                                       \
	"<Response><Errors><Error><Code>" code "</Code><Message>" message                                              \
	"</Message></Error></Errors><RequestID>req-e</RequestID></Response>"

static const struct script_step success = { .status = 200, .body = SUCCESS };
static const struct script_step throttled = { .status = 503, .body = EC2_ERROR("RequestLimitExceeded", "slow down") };
static const struct script_step refused = { .problem = HTTP_REFUSED };
static const struct script_step lost = { .problem = HTTP_BROKEN, .sent = true };

struct opened {
	struct fixture fixture;
	struct script script;
	struct aws *aws;
	struct client *client;
	struct query query;
	struct action_answer answer;
};

static const struct environment_variable proxies[] = {
	{ "TF_APPEND_USER_AGENT", "extra/1\r\nX-Injected: yes" },
};

static void open_with(struct opened *o, const struct aws_settings *settings, const struct script_step *steps,
		      size_t count, const struct credential_source *const *sources)
{
	memset(o, 0, sizeof *o);
	fixture_open(&o->fixture);
	script_init(&o->script, steps, count);
	const struct aws_seams seams = {
		.environment = { proxies, 1 },
		.http = &o->script.http,
		.random = fixture_zero,
		.sources = sources,
	};
	o->aws = aws_new_with(&o->fixture.call, settings, &seams);
	assert_non_null(o->aws);
	o->client = aws_client(&o->fixture.call, o->aws, T(""));
	assert_non_null(o->client);
	query_init(&o->query, &o->fixture.arena);
	query_add(&o->query, T("ClientToken"), T("token-1"));
}

static const struct aws_settings usual = {
	.region = TEXT("eu-central-1"),
	.access_key = TEXT("AKIAEXAMPLE"),
	.secret_key = TEXT("very-secret"),
	.token = TEXT("very-temporary"),
	.user_agent = TEXT("Terraform/1.11.4 terraform-provider-vns/0.1.0"),
};

static void open_usual(struct opened *o, const struct script_step *steps, size_t count)
{
	open_with(o, &usual, steps, count, NULL);
}

static bool send_action(struct opened *o, bool changes)
{
	const struct action action = { AWS_EC2, T("CreateTrafficMirrorFilter"), &o->query, changes };
	return action_send(&o->fixture.call, o->client, &action, &o->answer);
}

// Nobody ever sees a secret.
static void close_all(struct opened *o)
{
	static const char *const secrets[] = { "very-secret", "very-temporary", "Signature=" };
	for (size_t i = 0; i < 3; i++) {
		assert_not_in(fixture_logged(&o->fixture), secrets[i]);
		assert_not_in(fixture_told(&o->fixture), secrets[i]);
	}
	fixture_close(&o->fixture);
	aws_free(o->aws);
	assert_true(o->script.freed);
	script_free_records(&o->script);
}

static void test_sends_and_reads(void **state)
{
	(void)state;
	struct opened o;
	open_usual(&o, &success, 1);
	assert_true(send_action(&o, true));
	assert_int_equal(o.answer.http_status, 200);
	assert_int_equal(o.answer.attempts, 1);
	assert_text(o.answer.request_id, "req-1");
	assert_text(o.answer.error_code, "");
	assert_text(xml_text(o.answer.root, T("id")), "tmf-1");
	assert_string_equal(o.script.records[0].url, "https://ec2.eu-central-1.amazonaws.com/");
	assert_string_equal(o.script.records[0].body,
			    "Action=CreateTrafficMirrorFilter&Version=2016-11-15&ClientToken=token-1");
	assert_int_equal(o.script.records[0].grace_ms, LIMIT_STOP_GRACE_MS);
	assert_string_equal(script_header(&o.script, 0, "User-Agent"),
			    "Terraform/1.11.4 terraform-provider-vns/0.1.0 extra/1  X-Injected: yes");
	assert_string_equal(script_header(&o.script, 0, "X-Amz-Security-Token"), "very-temporary");
	assert_in(fixture_logged(&o.fixture), "\"request_id\":\"req-1\"");
	assert_in(fixture_logged(&o.fixture), "ClientToken=token-1");
	assert_int_equal(o.fixture.diagnostics.errors, 0);
	close_all(&o);
}

// As a server does it: recompute from the headers that the request names.
static void test_signature_verifies(void **state)
{
	(void)state;
	struct opened o;
	open_usual(&o, &success, 1);
	assert_true(send_action(&o, false));
	const char *const names[] = { "Content-Type", "Host", "X-Amz-Date", "X-Amz-Security-Token" };
	struct sigv4_header headers[4];
	for (size_t i = 0; i < 4; i++) {
		headers[i].name = text_of(names[i]);
		headers[i].value = text_copy(&o.fixture.arena, text_of(script_header(&o.script, 0, names[i])));
	}
	char hash[SIGV4_HEX_CHARS + 1];
	assert_true(sigv4_hash(text_of(o.script.records[0].body), hash));
	const struct sigv4_request request = { T("POST"), T("/"), T(""), headers, 4, text_of(hash) };
	const struct sigv4_scope scope = { headers[2].value, T("eu-central-1"), T("ec2") };
	struct buffer expected;
	buffer_init(&expected, 4096);
	assert_true(
		sigv4_authorization(&o.fixture.arena, &request, &scope, T("AKIAEXAMPLE"), T("very-secret"), &expected));
	assert_text(buffer_text(&expected), script_header(&o.script, 0, "Authorization"));
	assert_in(buffer_text(&expected), "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,");
	buffer_free(&expected);
	close_all(&o);
}

static void test_throttle_then_success(void **state)
{
	(void)state;
	const struct script_step steps[] = { throttled, throttled, success };
	struct opened o;
	open_usual(&o, steps, 3);
	assert_true(send_action(&o, true));
	assert_text(o.answer.error_code, "");
	assert_int_equal(o.answer.attempts, 3);
	assert_int_equal(o.fixture.clock.slept_ms, 500 + 1000);
	// Signed anew each time, and the same token.
	assert_string_not_equal(o.script.records[0].headers, o.script.records[2].headers);
	assert_string_equal(o.script.records[0].body, o.script.records[2].body);
	close_all(&o);
}

static void test_throttled_to_the_end(void **state)
{
	(void)state;
	struct opened o;
	open_usual(&o, &throttled, 1);
	assert_true(send_action(&o, true));
	assert_text(o.answer.error_code, "RequestLimitExceeded");
	assert_text(o.answer.error_message, "slow down");
	assert_text(o.answer.request_id, "req-e");
	assert_int_equal(o.answer.attempts, LIMIT_ATTEMPTS);
	assert_int_equal(o.script.exchanges, LIMIT_ATTEMPTS);
	assert_int_equal(o.fixture.diagnostics.errors, 0);
	close_all(&o);
}

static void test_refusals_are_answers(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 400, .body = EC2_ERROR("Client.TrafficMirrorFilterInUse", "in use") },
		{ .status = 403,
		  .body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></"
			  "Error>"
			  "<RequestId>req-s</RequestId></ErrorResponse>" },
		{ .status = 200, .body = EC2_ERROR("Server.InsufficientAddresses", "odd") },
	};
	struct opened o;
	open_usual(&o, steps, 3);
	assert_true(send_action(&o, true));
	assert_text(o.answer.error_code, "TrafficMirrorFilterInUse");
	assert_true(send_action(&o, true));
	assert_text(o.answer.error_code, "AccessDenied");
	assert_text(o.answer.request_id, "req-s");
	assert_true(send_action(&o, true));
	assert_text(o.answer.error_code, "InsufficientAddresses");
	assert_int_equal(o.fixture.clock.sleeps, 0);
	close_all(&o);
}

static void test_lost_answer_is_sent_again(void **state)
{
	(void)state;
	const struct script_step steps[] = { lost, success };
	struct opened o;
	open_usual(&o, steps, 2);
	assert_true(send_action(&o, true));
	assert_int_equal(o.answer.attempts, 2);
	assert_string_equal(o.script.records[0].body, o.script.records[1].body);
	close_all(&o);
}

static void expect_failure(const struct aws_settings *settings, const struct script_step *steps, size_t count,
			   bool changes, size_t exchanges, const char *const *parts)
{
	struct opened o;
	open_with(&o, settings, steps, count, NULL);
	assert_false(send_action(&o, changes));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_int_equal(o.script.exchanges, exchanges);
	for (; *parts; parts++)
		assert_in(fixture_told(&o.fixture), *parts);
	close_all(&o);
}

#define PARTS(...)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		__VA_ARGS__, NULL                                                                                      \
	}

static void test_failures_tell(void **state)
{
	(void)state;
	const struct aws_settings custom = {
		.region = T("eu-central-1"),
		.access_key = T("AKIAEXAMPLE"),
		.secret_key = T("very-secret"),
		.endpoints[AWS_EC2] = T("http://127.0.0.1:1"),
	};
	const struct script_step no_host = { .problem = HTTP_NO_SUCH_HOST };
	const struct script_step untrusted = { .problem = HTTP_UNTRUSTED };
	const struct script_step tls = { .problem = HTTP_TLS };
	const struct script_step large = { .problem = HTTP_TOO_LARGE, .sent = true };
	const struct script_step page = { .status = 502, .body = "<html><br>bad gateway" };
	const struct script_step portal = { .status = 200, .body = "please log in" };
	const struct script_step other = { .status = 200, .body = "" };
	const struct script_step moved = { .status = 307, .headers = "Location: http://evil\r\n", .body = "" };
	const struct script_step foreign = { .status = 404, .body = "<html/>" };
	expect_failure(&custom, &refused, 1, true, 9,
		       PARTS("Cannot reach AWS", "127.0.0.1:1", "provider argument \"endpoints\"", "9 attempts"));
	expect_failure(&usual, &no_host, 1, false, 9,
		       PARTS("ec2.eu-central-1.amazonaws.com", "the region eu-central-1", "resolved"));
	expect_failure(&usual, &untrusted, 1, false, 1, PARTS("certificate", "AWS_CA_BUNDLE", "1 attempt."));
	expect_failure(&usual, &tls, 1, false, 9, PARTS("TLS 1.2"));
	expect_failure(&usual, &large, 1, false, 1, PARTS("larger than"));
	expect_failure(&usual, &lost, 1, false, LIMIT_ATTEMPTS, PARTS("Cannot reach AWS", "25 attempts"));
	expect_failure(&usual, &lost, 1, true, LIMIT_ATTEMPTS, PARTS("outcome is unknown", "Check in AWS"));
	expect_failure(&usual, &page, 1, true, LIMIT_ATTEMPTS, PARTS("HTTP status 502", "not one of AWS"));
	expect_failure(&usual, &portal, 1, false, 1, PARTS("HTTP status 200", "proxy"));
	expect_failure(&usual, &portal, 1, true, 1, PARTS("outcome is unknown"));
	expect_failure(&usual, &other, 1, false, 1, PARTS("it is empty"));
	expect_failure(&usual, &moved, 1, true, 1, PARTS("HTTP status 307", "elsewhere"));
	expect_failure(&usual, &foreign, 1, true, 1, PARTS("HTTP status 404", "not an error of AWS"));
}

static void test_skew_is_corrected(void **state)
{
	(void)state;
	// The fixture's clock says 2026-09-21T14:13:20Z; the service is an hour ahead.
	const struct script_step skewed = {
		.status = 401,
		.headers = "HTTP/1.1 401 X\r\nDate: Mon, 21 Sep 2026 15:13:20 GMT\r\n",
		.body = EC2_ERROR("RequestExpired", "Request has expired"),
	};
	const struct script_step steps[] = { skewed, success, success };
	struct opened o;
	open_usual(&o, steps, 3);
	assert_true(send_action(&o, false));
	assert_text(o.answer.error_code, "");
	assert_int_equal(o.answer.attempts, 2);
	assert_int_equal(o.fixture.clock.sleeps, 0);
	assert_string_equal(script_header(&o.script, 0, "X-Amz-Date"), "20260921T141320Z");
	assert_string_equal(script_header(&o.script, 1, "X-Amz-Date"), "20260921T151320Z");
	assert_true(send_action(&o, false));
	assert_string_equal(script_header(&o.script, 2, "X-Amz-Date"), "20260921T151320Z");
	close_all(&o);

	// When the new time does not help, the refusal is the answer.
	open_usual(&o, &skewed, 1);
	assert_true(send_action(&o, false));
	assert_text(o.answer.error_code, "RequestExpired");
	assert_int_equal(o.script.exchanges, 2);
	close_all(&o);
}

static int keys_given;

static bool give_keys(struct call *call, const struct credential_inputs *inputs, struct credentials **ret_credentials,
		      struct text *ret_hint)
{
	(void)inputs;
	(void)ret_hint;
	keys_given++;
	*ret_credentials =
		credentials_new(call, T("a test"), text_print(call->arena, "KEY%d", keys_given), T("very-secret"),
				T(""), clock_realtime_us(call->clock) + (int64_t)3600 * 1000000);
	return *ret_credentials != NULL;
}

static void test_expired_credentials_are_renewed_once(void **state)
{
	(void)state;
	static const struct credential_source source = { TEXT("test"), TEXT("a test"), give_keys };
	static const struct credential_source *const sources[] = { &source, NULL };
	const struct script_step expired = { .status = 400, .body = EC2_ERROR("ExpiredToken", "expired") };
	const struct script_step steps[] = { expired, success };
	struct opened o;
	keys_given = 0;
	open_with(&o, &usual, steps, 2, sources);
	assert_true(send_action(&o, false));
	assert_text(o.answer.error_code, "");
	assert_int_equal(keys_given, 2);
	assert_non_null(strstr(script_header(&o.script, 1, "Authorization"), "Credential=KEY2/"));
	close_all(&o);

	open_with(&o, &usual, &expired, 1, sources);
	assert_true(send_action(&o, false));
	assert_text(o.answer.error_code, "ExpiredToken");
	assert_int_equal(o.script.exchanges, 2);
	close_all(&o);

	// Keys without an end are not asked for again.
	open_usual(&o, &expired, 1);
	assert_true(send_action(&o, false));
	assert_int_equal(o.script.exchanges, 1);
	close_all(&o);
}

static void fire(void *context)
{
	cancel_source_fire(*(struct cancel_source **)context);
}

static void test_stop(void **state)
{
	(void)state;
	struct opened o;
	open_usual(&o, &success, 1);
	cancel_source_fire(o.fixture.source);
	assert_false(send_action(&o, true));
	assert_int_equal(o.script.exchanges, 0);
	assert_in(fixture_told(&o.fixture), "Nothing was changed");
	close_all(&o);

	// In the sleep between two attempts.
	open_usual(&o, &throttled, 1);
	o.fixture.clock.fire_in_sleep = o.fixture.source;
	assert_false(send_action(&o, true));
	assert_int_equal(o.script.exchanges, 1);
	assert_in(fixture_told(&o.fixture), "Nothing was changed");
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	close_all(&o);

	// In that sleep, after an answer was lost.
	open_usual(&o, &lost, 1);
	o.fixture.clock.fire_in_sleep = o.fixture.source;
	assert_false(send_action(&o, true));
	assert_in(fixture_told(&o.fixture), "Stopped; the outcome is unknown");
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	close_all(&o);

	// The refusal of a later attempt does not tell what the lost one did.
	struct cancel_source *at_second = NULL;
	const struct script_step lost_then_throttled[] = {
		lost,
		{ .status = 503, .body = EC2_ERROR("Throttling", ""), .during = fire, .context = &at_second },
	};
	open_usual(&o, lost_then_throttled, 2);
	at_second = o.fixture.source;
	assert_false(send_action(&o, true));
	assert_int_equal(o.script.exchanges, 2);
	assert_in(fixture_told(&o.fixture), "Stopped; the outcome is unknown");
	close_all(&o);

	// In the transfer; its answer did not come in the grace period.
	const struct script_step cancelled = { .problem = HTTP_CANCELLED, .sent = true };
	open_usual(&o, &cancelled, 1);
	assert_false(send_action(&o, true));
	assert_in(fixture_told(&o.fixture), "outcome is unknown");
	assert_int_equal(o.script.exchanges, 1);
	close_all(&o);

	// A read: nothing to wait for and nothing unknown.
	open_usual(&o, &cancelled, 1);
	assert_false(send_action(&o, false));
	assert_int_equal(o.script.records[0].grace_ms, 0);
	assert_not_in(fixture_told(&o.fixture), "unknown");
	close_all(&o);

	// Fired in the transfer, but the answer came: it counts.
	struct cancel_source *source = NULL;
	const struct script_step late = { .status = 200, .body = SUCCESS, .during = fire, .context = &source };
	open_usual(&o, &late, 1);
	source = o.fixture.source;
	assert_true(send_action(&o, true));
	assert_text(xml_text(o.answer.root, T("id")), "tmf-1");
	close_all(&o);
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
	struct opened o;
	struct buffer body; // of a filter with many rules
	buffer_init(&body, 1 << 20);
	buffer_append_text(&body, T("<R><id>tmf-1</id>"));
	for (int i = 0; i < 200; i++)
		buffer_append_text(&body, T("<item><ruleNumber>100</ruleNumber></item>"));
	buffer_append(&body, "</R>", 5);
	assert_false(body.failed);
	struct script_step step = { .status = 200, .body = body.bytes, .during = starve };
	open_usual(&o, &step, 1);
	step.context = &o.fixture.arena;
	assert_true(send_action(&o, true));
	assert_text(xml_text(o.answer.root, T("id")), "tmf-1");
	o.fixture.arena.system_take = NULL;
	close_all(&o);
	buffer_free(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sends_and_reads),
		cmocka_unit_test(test_signature_verifies),
		cmocka_unit_test(test_throttle_then_success),
		cmocka_unit_test(test_throttled_to_the_end),
		cmocka_unit_test(test_refusals_are_answers),
		cmocka_unit_test(test_lost_answer_is_sent_again),
		cmocka_unit_test(test_failures_tell),
		cmocka_unit_test(test_skew_is_corrected),
		cmocka_unit_test(test_expired_credentials_are_renewed_once),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_answer_is_read_without_new_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
