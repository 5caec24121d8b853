// SPDX-License-Identifier: MPL-2.0
// What the User-Agent header says. action.c has what the account's says.
#include "sender.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void expect_header(struct text products, const char *header)
{
	struct sender o;
	sender_open_usual(&o, &sender_success, 1);
	o.products = products;
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_string_equal(script_header(&o.script, 0, "User-Agent"), header);
	sender_close(&o);
}

static void test_products_of_an_action_come_last(void **state)
{
	(void)state;
	expect_header(T("module/1 other/2"), "Terraform/1.11.4 terraform-provider-vns/0.1.0 app/ours extra/1  "
					     "X-Injected: yes module/1 other/2");
	// They end no header, whatever they hold.
	expect_header(T("module/1\r\nX-More: yes\n"), "Terraform/1.11.4 terraform-provider-vns/0.1.0 app/ours extra/1  "
						      "X-Injected: yes module/1  X-More: yes");
}

// The next action is somebody else's.
static void test_products_are_not_kept(void **state)
{
	(void)state;
	struct sender o;
	const struct script_step steps[] = { sender_throttled, sender_success };
	sender_open_usual(&o, steps, 2);
	o.products = T("module/1");
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_int_equal(o.script.exchanges, 2);
	assert_in(text_of(script_header(&o.script, 0, "User-Agent")), "module/1");
	assert_in(text_of(script_header(&o.script, 1, "User-Agent")), "module/1");
	o.products = T("");
	assert_true(sender_send(&o, ACTION_ASKS));
	assert_not_in(text_of(script_header(&o.script, 2, "User-Agent")), "module/1");
	sender_close(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_products_of_an_action_come_last),
		cmocka_unit_test(test_products_are_not_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
