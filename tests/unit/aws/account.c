// SPDX-License-Identifier: MPL-2.0
// Which accounts may be worked in, and when nobody is asked.
#include "sender.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define IDENTITY                                                                                                       \
	"<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"     \
	"<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"

static const struct script_step steps[] = {
	{ .problem = HTTP_ANSWERED, .status = 200, .body = IDENTITY },
	{ .problem = HTTP_ANSWERED, .status = 200, .body = SUCCESS },
};

static const struct text other[] = { TEXT("210987654321") };
static const struct text mine[] = { TEXT("210987654321"), TEXT("123456789012") };

static void expect(const struct aws_settings *settings, bool allowed, size_t exchanges)
{
	struct sender s;
	sender_open(&s, settings, steps, 2, NULL);
	assert_int_equal(sender_send(&s, ACTION_CREATES), allowed);
	assert_int_equal(s.script.exchanges, exchanges);
	if (!allowed)
		assert_in(fixture_told(&s.fixture), "AWS account ID not allowed: ");
	sender_close(&s);
}

// Nothing is sent but the question; without a list not even that.
static void test_lists(void **state)
{
	(void)state;
	struct aws_settings settings = sender_usual;
	settings.allowed_account_ids = (struct settings_texts){ mine, 2 };
	expect(&settings, true, 2);
	settings.allowed_account_ids = (struct settings_texts){ other, 1 };
	expect(&settings, false, 1);
	settings.allowed_account_ids = (struct settings_texts){ NULL, 0 };
	settings.forbidden_account_ids = (struct settings_texts){ other, 1 };
	expect(&settings, true, 2);
	settings.forbidden_account_ids = (struct settings_texts){ mine, 2 };
	expect(&settings, false, 1);
}

static struct text account_with(bool skip_credentials, bool skip_account, size_t *ret_exchanges, bool *ret_warned)
{
	struct sender s;
	struct aws_settings settings = sender_usual;
	settings.skip_credentials_validation = skip_credentials;
	settings.skip_requesting_account_id = skip_account;
	sender_open(&s, &settings, steps, 1, NULL);
	struct text account_id = T("");
	assert_true(client_account_id(&s.fixture.call, s.client, &account_id));
	*ret_exchanges = s.script.exchanges;
	*ret_warned = s.fixture.diagnostics.first != NULL;
	const bool known = account_id.length > 0;
	sender_close(&s);
	return known ? T("known") : T("");
}

static void test_nobody_is_asked(void **state)
{
	(void)state;
	size_t exchanges = 0;
	bool warned = false;
	assert_text(account_with(true, true, &exchanges, &warned), "");
	assert_int_equal(exchanges, 0);
	assert_true(warned);
	assert_text(account_with(false, true, &exchanges, &warned), "known");
	assert_false(warned);
	assert_text(account_with(true, false, &exchanges, &warned), "known");
	assert_int_equal(exchanges, 1);
}

#define DENIED                                                                                                         \
	"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error>"                            \
	"<RequestId>r</RequestId></ErrorResponse>"
#define ROLES                                                                                                          \
	"<ListRolesResponse><ListRolesResult><Roles><member><Arn>arn:aws:iam::123456789012:role/x</Arn></member>"      \
	"</Roles></ListRolesResult></ListRolesResponse>"

// Where nobody wants the credentials to be checked, whoever tells the account will do.
static void test_others_are_asked(void **state)
{
	(void)state;
	const struct script_step told[] = {
		{ .status = 403, .body = DENIED },
		{ .status = 403, .body = DENIED },
		{ .status = 200, .body = ROLES },
	};
	struct aws_settings settings = sender_usual;
	settings.skip_credentials_validation = true;
	settings.endpoints[AWS_IAM] = T("https://iam.test/base");
	struct sender s;
	struct text account_id = T("");
	sender_open(&s, &settings, told, 3, NULL);
	assert_true(client_account_id(&s.fixture.call, s.client, &account_id));
	assert_text(account_id, "123456789012");
	assert_null(s.fixture.diagnostics.first);
	assert_string_equal(s.script.records[0].url, "https://sts.eu-central-1.amazonaws.com/");
	assert_string_equal(s.script.records[1].url, "https://iam.test/base");
	assert_in(text_of(s.script.records[1].body), "Action=GetUser&Version=2010-05-08");
	assert_in(text_of(s.script.records[2].body), "Action=ListRoles&Version=2010-05-08&MaxItems=1");
	sender_close(&s);
	sender_open(&s, &settings, told, 1, NULL); // the script's last step is repeated
	assert_false(client_account_id(&s.fixture.call, s.client, &account_id));
	assert_int_equal(s.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&s.fixture), "GetCallerIdentity: AccessDenied: not you");
	assert_in(fixture_told(&s.fixture), "ListRoles: AccessDenied");
	assert_in(fixture_told(&s.fixture), "skip_requesting_account_id");
	sender_close(&s);
}

static void test_sts_out_of_reach(void **state)
{
	(void)state;
	struct aws_settings settings = sender_usual;
	settings.max_attempts = 2;
	struct sender s;
	struct text account_id = T("");
	sender_open(&s, &settings, &sender_refused, 1, NULL);
	for (size_t i = 0; i < 3; i++) {
		assert_false(client_account_id(&s.fixture.call, s.client, &account_id));
		assert_int_equal(s.fixture.diagnostics.errors, 1);
		assert_in(fixture_told(&s.fixture), "sts.eu-central-1.amazonaws.com");
		assert_in(fixture_told(&s.fixture), "skip_credentials_validation");
		fixture_forget(&s.fixture);
	}
	assert_int_equal(s.script.exchanges, 2); // once, with its retries
	sender_close(&s);
}

// A call that was stopped says nothing of the account.
static void test_stop_is_not_kept(void **state)
{
	(void)state;
	struct sender s;
	struct text account_id = T("");
	sender_open(&s, &sender_usual, steps, 1, NULL);
	struct call stopped = s.fixture.call;
	s.fixture.call.cancel = NULL;
	cancel_source_fire(s.fixture.source);
	assert_false(client_account_id(&stopped, s.client, &account_id));
	assert_int_equal(s.fixture.diagnostics.errors, 1);
	assert_in(fixture_told(&s.fixture), "Terraform asked to stop");
	assert_true(client_account_id(&s.fixture.call, s.client, &account_id));
	assert_int_equal(s.fixture.diagnostics.errors, 1);
	sender_close(&s);
}

// An account that nobody asks for is none that is allowed, and may be one that is forbidden.
static void test_not_asking_is_no_way_around(void **state)
{
	(void)state;
	struct aws_settings settings = sender_usual;
	settings.skip_credentials_validation = true;
	settings.skip_requesting_account_id = true;
	settings.allowed_account_ids = (struct settings_texts){ mine, 2 };
	expect(&settings, false, 0);
	settings.allowed_account_ids = (struct settings_texts){ NULL, 0 };
	settings.forbidden_account_ids = (struct settings_texts){ other, 1 };
	expect(&settings, false, 0);
}

// Whichever resource comes first: its region may be one that the account has not enabled.
static void test_asked_in_the_default_region(void **state)
{
	(void)state;
	static const struct {
		struct text region;
		const char *asked;
	} cases[] = {
		{ TEXT("eu-central-1"), "https://sts.eu-central-1.amazonaws.com/" },
		{ TEXT(""), "https://sts.ap-east-1.amazonaws.com/" }, // there is none
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct aws_settings settings = sender_usual;
		settings.region = T("eu-central-1");
		struct sender s;
		sender_open(&s, &settings, steps, 1, NULL);
		s.aws->region = cases[i].region;
		struct client *there = client_of(&s.fixture.call, s.aws, T("ap-east-1"));
		struct text account_id;
		assert_true(client_account_id(&s.fixture.call, there, &account_id));
		assert_string_equal(s.script.records[0].url, cases[i].asked);
		sender_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_nobody_is_asked),
		cmocka_unit_test(test_others_are_asked),
		cmocka_unit_test(test_sts_out_of_reach),
		cmocka_unit_test(test_stop_is_not_kept),
		cmocka_unit_test(test_not_asking_is_no_way_around),
		cmocka_unit_test(test_asked_in_the_default_region),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
