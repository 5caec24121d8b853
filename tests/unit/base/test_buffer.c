// SPDX-License-Identifier: MPL-2.0
#include "base/buffer.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void assert_holds(const struct buffer *buffer, const char *expected)
{
	struct text text = buffer_text(buffer);
	assert_false(buffer->failed);
	assert_int_equal(text.length, strlen(expected));
	assert_memory_equal(text.at, expected, text.length);
}

static void appends_add_up(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 1000);
	assert_holds(&buffer, "");
	buffer_append(&buffer, "ab", 2);
	buffer_append(&buffer, NULL, 0);
	buffer_append_text(&buffer, T("cd"));
	buffer_append_char(&buffer, '|');
	buffer_append_int64(&buffer, INT64_MIN);
	buffer_append_int64(&buffer, INT64_MAX);
	buffer_print(&buffer, "%s%03d", "<", 7);
	assert_holds(&buffer, "abcd|-92233720368547758089223372036854775807<007");
	buffer_free(&buffer);
	buffer_append_text(&buffer, T("again"));
	assert_holds(&buffer, "again");
	buffer_free(&buffer);
}

static void it_grows_up_to_its_ceiling(void **state)
{
	(void)state;
	const size_t ceilings[] = { 1, 10, 255, 256, 257, 1000, 100000 };
	for (size_t i = 0; i < sizeof ceilings / sizeof ceilings[0]; i++) {
		struct buffer buffer;
		buffer_init(&buffer, ceilings[i]);
		for (size_t k = 0; k < ceilings[i]; k++)
			buffer_append_char(&buffer, (char)('a' + k % 26));
		assert_false(buffer.failed);
		assert_int_equal(buffer_text(&buffer).length, ceilings[i]);
		assert_int_equal(buffer.bytes[ceilings[i] - 1], 'a' + (ceilings[i] - 1) % 26);
		buffer_append_char(&buffer, 'x');
		assert_true(buffer.failed);
		buffer_free(&buffer);
	}
}

static void a_failure_sticks(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 4);
	buffer_append_text(&buffer, T("abc"));
	buffer_append_text(&buffer, T("de"));
	buffer_append_char(&buffer, 'f'); // this would fit
	assert_true(buffer.failed);
	assert_int_equal(buffer.length, 3);
	assert_int_equal(buffer_text(&buffer).length, 0);
	buffer_free(&buffer);
	assert_false(buffer.failed);
}

static void printing_keeps_the_ceiling(void **state)
{
	(void)state;
	struct buffer buffer;
	buffer_init(&buffer, 8);
	buffer_print(&buffer, "%s", "12345678");
	assert_true(buffer.failed); // printf needs room for its NUL
	buffer_free(&buffer);
	buffer_print(&buffer, "%s", "1234567");
	assert_holds(&buffer, "1234567");
	buffer_free(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends_add_up),
		cmocka_unit_test(it_grows_up_to_its_ceiling),
		cmocka_unit_test(a_failure_sticks),
		cmocka_unit_test(printing_keeps_the_ceiling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
