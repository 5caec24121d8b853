// SPDX-License-Identifier: MPL-2.0
// The tables of retries and of clock skew.
#include "fixture.h"

#include "aws/retry.h"
#include "aws/skew.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_classification(void **state)
{
	(void)state;
	static const struct {
		int status;
		const char *code;
		const char *message;
		enum retry_kind kind;
	} cases[] = {
		{ 503, "RequestLimitExceeded", "", RETRY_THROTTLED },
		{ 400, "Throttling", "Rate exceeded", RETRY_THROTTLED },
		{ 400, "EC2ThrottledException", "", RETRY_THROTTLED },
		{ 400, "SlowDown", "", RETRY_THROTTLED },
		{ 429, "", "", RETRY_THROTTLED },
		{ 500, "InternalError", "", RETRY_TRANSIENT },
		{ 500, "", "", RETRY_TRANSIENT },
		{ 502, "", "", RETRY_TRANSIENT },
		{ 503, "Unavailable", "", RETRY_TRANSIENT },
		{ 504, "", "", RETRY_TRANSIENT },
		{ 400, "RequestTimeout", "", RETRY_TRANSIENT },
		{ 400, "ConcurrentTagAccess", "", RETRY_TRANSIENT },
		{ 400, "InsufficientInstanceCapacity", "", RETRY_TRANSIENT },
		{ 400, "InvalidParameterValue", "There are pending VPNs or Virtual Interfaces here", RETRY_TRANSIENT },
		{ 400, "InvalidParameterValue", "Value (x) is invalid", RETRY_NEVER },
		{ 400, "OperationNotPermitted", "another endpoint is being created", RETRY_TRANSIENT },
		{ 400, "OperationNotPermitted", "", RETRY_NEVER },
		// Lasting quotas, however much they look like throttles.
		{ 400, "TrafficMirrorSessionLimitExceeded", "", RETRY_NEVER },
		{ 400, "VpcLimitExceeded", "", RETRY_NEVER },
		{ 400, "TagLimitExceeded", "", RETRY_NEVER },
		{ 400, "IdempotentParameterMismatch", "", RETRY_NEVER },
		{ 400, "InvalidTrafficMirrorSessionId.NotFound", "", RETRY_NEVER },
		{ 403, "UnauthorizedOperation", "", RETRY_NEVER },
		{ 401, "AuthFailure", "", RETRY_NEVER },
		{ 404, "", "", RETRY_NEVER },
		{ 501, "", "", RETRY_NEVER },
		{ 301, "", "", RETRY_NEVER },
		{ 200, "", "", RETRY_NEVER },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(retry_classify(cases[i].status, text_of(cases[i].code), text_of(cases[i].message)),
				 cases[i].kind);
}

static void test_blame(void **state)
{
	(void)state;
	static const char *const clock[] = { "RequestExpired",        "AuthFailure",
					     "SignatureDoesNotMatch", "InvalidSignatureException",
					     "RequestTimeTooSkewed",  "AccessDeniedException" };
	static const char *const expiry[] = { "ExpiredToken", "ExpiredTokenException", "RequestExpired" };
	for (size_t i = 0; i < sizeof clock / sizeof clock[0]; i++)
		assert_true(retry_blames_clock(text_of(clock[i])));
	for (size_t i = 0; i < sizeof expiry / sizeof expiry[0]; i++)
		assert_true(retry_blames_expiry(text_of(expiry[i])));
	assert_false(retry_blames_clock(T("UnauthorizedOperation")));
	assert_false(retry_blames_expiry(T("InvalidClientTokenId")));
}

static void test_delays(void **state)
{
	(void)state;
	assert_int_equal(retry_delay_ms(RETRY_TRANSIENT, 1, 0), 30);
	assert_int_equal(retry_delay_ms(RETRY_TRANSIENT, 1, UINT32_MAX), 59);
	assert_int_equal(retry_delay_ms(RETRY_TRANSIENT, 5, 0), 480);
	assert_int_equal(retry_delay_ms(RETRY_UNREACHABLE, 8, 0), 3840);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLED, 1, 0), 500);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLED, 1, UINT32_MAX), 999);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLED, 10, 0), 256000);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLED, 11, 0), 150000);
	assert_int_equal(retry_delay_ms(RETRY_THROTTLED, 11, UINT32_MAX), 299999);
	assert_int_equal(retry_delay_ms(RETRY_TRANSIENT, 1000000, 0), 150000);
	int64_t total = 0;
	for (int attempt = 1; attempt < LIMIT_ATTEMPTS; attempt++) {
		for (uint32_t random = 0; random < UINT32_MAX - 0x10000000; random += 0x10000000) {
			const int64_t delay = retry_delay_ms(RETRY_THROTTLED, attempt, random);
			assert_true(delay >= 500 && delay <= 300000);
		}
		total += retry_delay_ms(RETRY_THROTTLED, attempt, UINT32_MAX);
	}
	assert_true(total > 30 * 60 * 1000 && total < 90 * 60 * 1000); // about an hour at worst
}

static void test_when_to_stop(void **state)
{
	(void)state;
	assert_false(retry_goes_on(RETRY_NEVER, 1, 25));
	assert_true(retry_goes_on(RETRY_TRANSIENT, 24, 25));
	assert_false(retry_goes_on(RETRY_TRANSIENT, 25, 25));
	assert_true(retry_goes_on(RETRY_UNREACHABLE, 8, 25));
	assert_false(retry_goes_on(RETRY_UNREACHABLE, 9, 25));
	assert_true(retry_goes_on(RETRY_DOUBTFUL, 3, 25));
	assert_false(retry_goes_on(RETRY_DOUBTFUL, 4, 25));
	assert_false(retry_goes_on(RETRY_UNREACHABLE, 3, 3));
}

static void test_dates(void **state)
{
	(void)state;
	int64_t ms = 0;
	assert_true(skew_parse_date(T("Sun, 06 Nov 1994 08:49:37 GMT"), &ms));
	assert_int_equal(ms, (int64_t)784111777 * 1000);
	assert_true(skew_parse_date(T("Thu, 29 Feb 2024 23:59:60 GMT"), &ms));
	static const char *const wrong[] = { "",
					     "Sun, 06 Nov 1994 08:49:37 UTC",
					     "Sunday, 06-Nov-94 08:49:37 GMT",
					     "Sun Nov  6 08:49:37 1994",
					     "Sun, 06 nov 1994 08:49:37 GMT",
					     "Sun, 06 anF 1994 08:49:37 GMT",
					     "Sun, 00 Nov 1994 08:49:37 GMT",
					     "Sun, -6 Nov 1994 08:49:37 GMT",
					     "Sun, 06 Nov 1994 24:49:37 GMT",
					     "Wed, 31 Apr 2024 08:49:37 GMT",
					     "Sun, 06 Nov 1994 08-49:37 GMT" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(skew_parse_date(text_of(wrong[i]), &ms));
}

static void test_skew(void **state)
{
	(void)state;
	const struct text date = T("Sun, 06 Nov 1994 08:49:37 GMT");
	const int64_t service_ms = (int64_t)784111777 * 1000;
	int64_t skew_ms = 0;
	assert_true(skew_measure(date, T(""), service_ms - 601000, service_ms - 599000, &skew_ms));
	assert_int_equal(skew_ms, 600000);
	assert_false(skew_measure(date, T("12"), service_ms, service_ms, &skew_ms));
	assert_false(skew_measure(T(""), T(""), service_ms, service_ms, &skew_ms));
	assert_false(skew_measure(date, T(""), service_ms, service_ms + 15 * 60 * 1000 + 1, &skew_ms));
	assert_false(skew_measure(date, T(""), service_ms, service_ms - 1, &skew_ms));
	assert_false(skew_explains(0, 240000));
	assert_true(skew_explains(0, 240001));
	assert_true(skew_explains(600000, 0));
	assert_false(skew_explains(600000, 500000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classification), cmocka_unit_test(test_blame), cmocka_unit_test(test_delays),
		cmocka_unit_test(test_when_to_stop),   cmocka_unit_test(test_dates), cmocka_unit_test(test_skew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
