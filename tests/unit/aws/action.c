// SPDX-License-Identifier: MPL-2.0
// Actions over a scripted transport.
#include "sender.h"

#include "aws/sigv4.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_sends_and_reads(void **state)
{
	(void)state;
	struct sender o;
	sender_open_usual(&o, &sender_success, 1);
	assert_true(sender_send(&o, ACTION_CREATES));
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
			    "Terraform/1.11.4 terraform-provider-vns/0.1.0 app/ours extra/1  X-Injected: yes");
	assert_string_equal(script_header(&o.script, 0, "X-Amz-Security-Token"), "very-temporary");
	assert_in(fixture_logged(&o.fixture), "\"request_id\":\"req-1\"");
	assert_in(fixture_logged(&o.fixture), "ClientToken=token-1");
	assert_int_equal(o.fixture.diagnostics.errors, 0);
	sender_close(&o);
}

// Ids are shown on terminals.
static void test_request_ids_are_plain(void **state)
{
	(void)state;
	static const char *const headers[][2] = {
		{ "HTTP/1.1 200 OK\r\nx-amzn-RequestId: r-1\r\n", "r-1" },
		{ "HTTP/1.1 200 OK\r\nx-amzn-RequestId: \x1B[2Jr-1\r\n", "" },
	};
	for (size_t i = 0; i < 2; i++) {
		const struct script_step step = { .status = 200,
						  .headers = headers[i][0],
						  .body = "<CreateTrafficMirrorFilterResponse/>" };
		struct sender o;
		sender_open_usual(&o, &step, 1);
		assert_true(sender_send(&o, ACTION_ASKS));
		assert_text(o.answer.request_id, headers[i][1]);
		sender_close(&o);
	}
}

// As a server does it: recompute from the headers that the request names.
static void test_signature_verifies(void **state)
{
	(void)state;
	struct sender o;
	sender_open_usual(&o, &sender_success, 1);
	assert_true(sender_send(&o, ACTION_ASKS));
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
	sender_close(&o);
}

static void test_throttle_then_success(void **state)
{
	(void)state;
	const struct script_step steps[] = { sender_throttled, sender_throttled, sender_success };
	struct sender o;
	sender_open_usual(&o, steps, 3);
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(o.answer.error_code, "");
	assert_int_equal(o.answer.attempts, 3);
	assert_int_equal(o.fixture.clock.slept_ms, 500 + 1000);
	// Signed anew each time, and the same token.
	assert_string_not_equal(o.script.records[0].headers, o.script.records[2].headers);
	assert_string_equal(o.script.records[0].body, o.script.records[2].body);
	sender_close(&o);
}

static void test_in_passing_is_tried_twice_for_seconds(void **state)
{
	(void)state;
	static const struct script_step *const steps[] = { &sender_throttled, &sender_lost };
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct sender o;
		sender_open_usual(&o, steps[i], 1);
		o.in_passing = true;
		assert_int_equal(sender_send(&o, ACTION_ASKS), i == 0);
		assert_int_equal(o.script.exchanges, LIMIT_PASSING_ATTEMPTS);
		assert_int_equal(o.script.records[0].timeout_ms, LIMIT_PASSING_MS);
		assert_int_equal(o.script.records[1].timeout_ms, LIMIT_PASSING_MS);
		sender_close(&o);
	}
	struct sender o;
	sender_open_usual(&o, &sender_success, 1);
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_int_equal(o.script.records[0].timeout_ms, 0);
	sender_close(&o);
	// Who wants fewer attempts gets fewer.
	struct aws_settings once = sender_usual;
	once.max_attempts = 1;
	sender_open(&o, &once, &sender_throttled, 1, NULL);
	o.in_passing = true;
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_int_equal(o.script.exchanges, 1);
	sender_close(&o);
}

static void test_throttled_to_the_end(void **state)
{
	(void)state;
	struct sender o;
	sender_open_usual(&o, &sender_throttled, 1);
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(o.answer.error_code, "RequestLimitExceeded");
	assert_text(o.answer.error_message, "slow down");
	assert_text(o.answer.request_id, "req-e");
	assert_int_equal(o.answer.attempts, LIMIT_ATTEMPTS);
	assert_int_equal(o.script.exchanges, LIMIT_ATTEMPTS);
	assert_int_equal(o.fixture.diagnostics.errors, 0);
	sender_close(&o);
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
	struct sender o;
	sender_open_usual(&o, steps, 3);
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(o.answer.error_code, "TrafficMirrorFilterInUse");
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(o.answer.error_code, "AccessDenied");
	assert_text(o.answer.request_id, "req-s");
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_text(o.answer.error_code, "InsufficientAddresses");
	assert_int_equal(o.fixture.clock.sleeps, 0);
	sender_close(&o);
}

static void test_lost_answer_is_sent_again(void **state)
{
	(void)state;
	const struct script_step steps[] = { sender_lost, sender_success };
	struct sender o;
	sender_open_usual(&o, steps, 2);
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_int_equal(o.answer.attempts, 2);
	assert_string_equal(o.script.records[0].body, o.script.records[1].body);
	sender_close(&o);
}

static void expect_failure(const struct aws_settings *settings, const struct script_step *steps, size_t count,
			   enum action_effect effect, size_t exchanges, const char *const *parts)
{
	struct sender o;
	sender_open(&o, settings, steps, count, NULL);
	assert_false(sender_send(&o, effect));
	assert_int_equal(o.fixture.diagnostics.errors, 1);
	assert_int_equal(o.script.exchanges, exchanges);
	for (; *parts; parts++)
		assert_in(fixture_told(&o.fixture), *parts);
	sender_close(&o);
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
	const struct script_step well_formed = { .status = 200, .body = "<html><body>please log in</body></html>" };
	const struct script_step foreign_answer = { .status = 200,
						    .body = "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>" };
	const struct script_step other = { .status = 200, .body = "" };
	const struct script_step moved = { .status = 307, .headers = "Location: http://evil\r\n", .body = "" };
	const struct script_step foreign = { .status = 404, .body = "<html/>" };
	expect_failure(&custom, &sender_refused, 1, ACTION_CREATES, 9,
		       PARTS("Cannot reach AWS", "127.0.0.1:1", "provider argument \"endpoints\"", "9 attempts"));
	expect_failure(&sender_usual, &no_host, 1, ACTION_ASKS, 9,
		       PARTS("ec2.eu-central-1.amazonaws.com", "the region eu-central-1", "resolved"));
	expect_failure(&sender_usual, &untrusted, 1, ACTION_ASKS, 1,
		       PARTS("certificate", "AWS_CA_BUNDLE", "1 attempt."));
	expect_failure(&sender_usual, &tls, 1, ACTION_ASKS, 9, PARTS("TLS 1.2"));
	expect_failure(&sender_usual, &large, 1, ACTION_ASKS, 4, PARTS("larger than"));
	expect_failure(&sender_usual, &sender_lost, 1, ACTION_ASKS, LIMIT_ATTEMPTS,
		       PARTS("Cannot reach AWS", "25 attempts"));
	expect_failure(&sender_usual, &sender_lost, 1, ACTION_CREATES, LIMIT_ATTEMPTS,
		       PARTS("outcome is unknown", "Check in AWS"));
	expect_failure(&sender_usual, &page, 1, ACTION_CREATES, LIMIT_ATTEMPTS,
		       PARTS("HTTP status 502", "not from AWS"));
	expect_failure(&sender_usual, &portal, 1, ACTION_ASKS, 4, PARTS("HTTP status 200", "proxy"));
	expect_failure(&sender_usual, &portal, 1, ACTION_CREATES, 4, PARTS("outcome is unknown"));
	expect_failure(&sender_usual, &well_formed, 1, ACTION_CREATES, 4,
		       PARTS("not a response of AWS", "outcome is unknown"));
	expect_failure(&sender_usual, &foreign_answer, 1, ACTION_CREATES, 4,
		       PARTS("response to another request", "outcome is unknown"));
	expect_failure(&sender_usual, &other, 1, ACTION_ASKS, 4, PARTS("it is empty"));
	expect_failure(&sender_usual, &moved, 1, ACTION_CREATES, 1, PARTS("HTTP status 307", "redirects the request"));
	expect_failure(&sender_usual, &foreign, 1, ACTION_CREATES, 1, PARTS("HTTP status 404", "not an error of AWS"));
}

// The transport may have sent a request twice, and then it is the second one that was refused.
static void test_refusal_of_a_repetition(void **state)
{
	(void)state;
	static const char refusal[] = EC2_ERROR("InvalidParameterValue", "no");
	const struct script_step refused[] = { { .status = 400, .body = refusal },
					       { .status = 400, .body = refusal, .resent = true } };
	for (size_t i = 0; i < 2; i++) {
		struct sender o;
		sender_open_usual(&o, &refused[i], 1);
		assert_true(sender_send(&o, ACTION_CREATES));
		assert_text(o.answer.error_code, "InvalidParameterValue");
		assert_int_equal(o.answer.outcome_unknown, i == 1);
		sender_close(&o);
		sender_open_usual(&o, &refused[i], 1);
		assert_true(sender_send(&o, ACTION_ASKS));
		assert_false(o.answer.outcome_unknown);
		sender_close(&o);
	}
}

// A success which does not say what was made is damaged, or not the service's.
static void test_a_success_without_what_it_needs_is_sent_again(void **state)
{
	(void)state;
	static const struct script_step bare = {
		.status = 200,
		.body = "<CreateTrafficMirrorFilterResponse><requestId>r-1</requestId><filter><id/></filter>"
			"</CreateTrafficMirrorFilterResponse>",
	};
	static const struct script_step whole = {
		.status = 200,
		.body = "<CreateTrafficMirrorFilterResponse><filter><id>tmf-1</id></filter>"
			"</CreateTrafficMirrorFilterResponse>",
	};
	static const struct script_step denied = { .status = 403, .body = EC2_ERROR("UnauthorizedOperation", "no") };
	const struct script_step steps[] = { bare, bare, bare, whole };
	struct sender o;
	sender_open_usual(&o, steps, 4);
	o.needed = T("filter/id");
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_int_equal(o.script.exchanges, 4);
	assert_text(xml_text(o.answer.root, o.needed), "tmf-1");
	sender_close(&o);
	sender_open_usual(&o, &bare, 1);
	o.needed = T("filter/id");
	assert_false(sender_send(&o, ACTION_CREATES));
	assert_int_equal(o.script.exchanges, 4);
	assert_in(fixture_told(&o.fixture), "it has no filter/id; request id: r-1");
	assert_in(fixture_told(&o.fixture), "outcome is unknown");
	sender_close(&o);
	// A refusal needs nothing.
	sender_open_usual(&o, &denied, 1);
	o.needed = T("filter/id");
	assert_true(sender_send(&o, ACTION_CREATES));
	assert_int_equal(o.script.exchanges, 1);
	sender_close(&o);
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
	const struct script_step steps[] = { skewed, sender_success, sender_success };
	struct sender o;
	sender_open_usual(&o, steps, 3);
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_text(o.answer.error_code, "");
	assert_int_equal(o.answer.attempts, 2);
	assert_int_equal(o.fixture.clock.sleeps, 0);
	assert_string_equal(script_header(&o.script, 0, "X-Amz-Date"), "20260921T141320Z");
	assert_string_equal(script_header(&o.script, 1, "X-Amz-Date"), "20260921T151320Z");
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_string_equal(script_header(&o.script, 2, "X-Amz-Date"), "20260921T151320Z");
	sender_close(&o);

	// When the new time does not help, the refusal is the answer.
	sender_open_usual(&o, &skewed, 1);
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_text(o.answer.error_code, "RequestExpired");
	assert_int_equal(o.script.exchanges, 2);
	sender_close(&o);
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
	const struct script_step steps[] = { expired, sender_success };
	struct sender o;
	keys_given = 0;
	sender_open(&o, &sender_usual, steps, 2, sources);
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_text(o.answer.error_code, "");
	assert_int_equal(keys_given, 2);
	assert_non_null(strstr(script_header(&o.script, 1, "Authorization"), "Credential=KEY2/"));
	sender_close(&o);

	sender_open(&o, &sender_usual, &expired, 1, sources);
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_text(o.answer.error_code, "ExpiredToken");
	assert_int_equal(o.script.exchanges, 2);
	sender_close(&o);

	// Keys without an end are not asked for again.
	sender_open_usual(&o, &expired, 1);
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_int_equal(o.script.exchanges, 1);
	sender_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sends_and_reads),
		cmocka_unit_test(test_request_ids_are_plain),
		cmocka_unit_test(test_signature_verifies),
		cmocka_unit_test(test_throttle_then_success),
		cmocka_unit_test(test_throttled_to_the_end),
		cmocka_unit_test(test_in_passing_is_tried_twice_for_seconds),
		cmocka_unit_test(test_refusals_are_answers),
		cmocka_unit_test(test_lost_answer_is_sent_again),
		cmocka_unit_test(test_failures_tell),
		cmocka_unit_test(test_refusal_of_a_repetition),
		cmocka_unit_test(test_a_success_without_what_it_needs_is_sent_again),
		cmocka_unit_test(test_skew_is_corrected),
		cmocka_unit_test(test_expired_credentials_are_renewed_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
