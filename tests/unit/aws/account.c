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
	assert_int_equal(sender_send(&s, true), allowed);
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

// An account that nobody asks for is none that is allowed.
static void test_not_asking_is_no_way_around(void **state)
{
	(void)state;
	struct aws_settings settings = sender_usual;
	settings.skip_credentials_validation = true;
	settings.skip_requesting_account_id = true;
	settings.allowed_account_ids = (struct settings_texts){ mine, 2 };
	expect(&settings, false, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_nobody_is_asked),
		cmocka_unit_test(test_not_asking_is_no_way_around),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
