// SPDX-License-Identifier: MPL-2.0
// Ids that are kept once, and what a set says that can keep no more.
#include "base/limits.h"
#include "ec2/id_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct text numbered(char *room, size_t size, int number)
{
	(void)snprintf(room, size, "tms-%d", number);
	return text_of(room);
}

static void each_is_kept_once(void **state)
{
	(void)state;
	struct id_set set;
	id_set_init(&set);
	char id[16];
	assert_false(id_set_may_have(&set, T("tms-0")));
	for (int i = 0; i < 3000; i++)
		assert_int_equal(id_set_add(&set, numbered(id, sizeof id, i % 1000)), i < 1000);
	for (int i = 0; i < 1000; i++)
		assert_true(id_set_may_have(&set, numbered(id, sizeof id, i)));
	assert_int_equal(set.bytes, 10 * 5 + 90 * 6 + 900 * 7);
	assert_false(id_set_may_have(&set, T("tms-1000")));
	assert_false(id_set_may_have(&set, T("tms-"))); // they are known whole
	assert_false(id_set_may_have(&set, T("")));
	assert_true(id_set_add(&set, T("")));
	assert_true(id_set_may_have(&set, T("")));
	id_set_free(&set);
}

static void a_full_one_may_have_any(void **state)
{
	(void)state;
	struct id_set set;
	id_set_init(&set);
	char *const bytes = calloc(1, LIMIT_KNOWN_BYTES);
	assert_non_null(bytes);
	assert_true(id_set_add(&set, (struct text){ bytes, LIMIT_KNOWN_BYTES }));
	assert_false(id_set_may_have(&set, T("tms-1")));
	(void)id_set_add(&set, T("t"));
	assert_false(id_set_add(&set, T("u")));
	assert_true(id_set_may_have(&set, T("tms-1")));
	id_set_free(&set);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_kept_once),
		cmocka_unit_test(a_full_one_may_have_any),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
