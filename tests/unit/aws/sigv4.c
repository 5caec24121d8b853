// SPDX-License-Identifier: MPL-2.0
// Compares with what botocore made of the same requests (tests/cases/aws/generate.py): those of tests/cases, or of the
// file that is the program's argument (tests/differential/signing).
#include "fixture.h"

#include "aws/sigv4.h"
#include "ec2sim/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void to_request(struct arena *arena, const json_t *test, struct sigv4_request *ret_request, char *hash)
{
	const json_t *headers = json_object_get(test, "headers");
	const size_t count = json_array_size(headers);
	struct sigv4_header *copies = ARENA_ARRAY(arena, struct sigv4_header, count);
	for (size_t i = 0; i < count; i++) {
		const json_t *pair = json_array_get(headers, i);
		copies[i].name = text_of(json_string_value(json_array_get(pair, 0)));
		copies[i].value = text_of(json_string_value(json_array_get(pair, 1)));
	}
	assert_true(sigv4_hash(fixture_text(test, "body"), hash));
	*ret_request = (struct sigv4_request){
		.method = fixture_text(test, "method"),
		.path = fixture_text(test, "path"),
		.query = fixture_text(test, "query"),
		.headers = copies,
		.header_count = count,
		.body_hash = text_of(hash),
	};
}

static void check_case(const json_t *test)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct sigv4_request request;
	char hash[SIGV4_HEX_CHARS + 1];
	to_request(&arena, test, &request, hash);
	struct buffer canonical;
	struct buffer authorization;
	buffer_init(&canonical, 1 << 20);
	buffer_init(&authorization, 1 << 20);
	sigv4_canonical_request(&arena, &request, &canonical);
	assert_text(buffer_text(&canonical), fixture_text(test, "canonical").at);

	char timestamp[SIGV4_TIMESTAMP_CHARS + 1];
	const int64_t seconds = json_integer_value(json_object_get(test, "seconds"));
	int64_t parsed = 0;
	sigv4_timestamp(seconds * 1000000 + 999999, timestamp);
	assert_text(fixture_text(test, "timestamp"), timestamp);
	assert_true(timestamp_parse(text_of(timestamp), &parsed));
	assert_int_equal(parsed, seconds);

	const struct sigv4_scope scope = { text_of(timestamp), fixture_text(test, "region"),
					   fixture_text(test, "service") };
	assert_true(sigv4_authorization(&arena, &request, &scope, fixture_text(test, "key_id"),
					fixture_text(test, "secret"), &authorization));
	assert_text(buffer_text(&authorization), fixture_text(test, "authorization").at);
	buffer_free(&canonical);
	buffer_free(&authorization);
	arena_free(&arena);
}

static void test_agrees_with_botocore(void **state)
{
	const char *other = *state;
	json_t *cases = fixture_cases(other ? other : VNS_CASES "/aws/sigv4.json");
	assert_true(json_array_size(cases) >= 400);
	for (size_t i = 0; i < json_array_size(cases); i++)
		check_case(json_array_get(cases, i));
	json_decref(cases);
}

static void test_hash_of_nothing(void **state)
{
	(void)state;
	char hash[SIGV4_HEX_CHARS + 1];
	assert_true(sigv4_hash(T(""), hash));
	assert_string_equal(hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_string_to_sign(void **state)
{
	(void)state;
	const struct sigv4_scope scope = { T("20150830T123600Z"), T("us-east-1"), T("service") };
	struct buffer to_sign;
	buffer_init(&to_sign, 4096);
	assert_true(sigv4_string_to_sign(&scope, T(""), &to_sign));
	assert_text(buffer_text(&to_sign),
		    "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	buffer_free(&to_sign);
}

static void test_timestamps_that_are_none(void **state)
{
	(void)state;
	static const char *const wrong[] = { "",
					     "20150830T123600",
					     "20150830X123600Z",
					     "20151330T123600Z",
					     "20150832T123600Z",
					     "20150830T243600Z",
					     "2015083OT123600Z",
					     "20150830T123600z",
					     "2015-830T123600Z",
					     "20150830T1236-1Z" };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		int64_t seconds = 0;
		assert_false(timestamp_parse(text_of(wrong[i]), &seconds));
	}
}

// A buffer that cannot hold the value says so instead of giving a part of it.
static void test_no_room(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	const struct sigv4_request request = { .method = T("POST"), .body_hash = T("x") };
	const struct sigv4_scope scope = { T("20150830T123600Z"), T("us-east-1"), T("ec2") };
	struct buffer value;
	buffer_init(&value, 40);
	assert_false(sigv4_authorization(&arena, &request, &scope, T("AKID"), T("secret"), &value));
	buffer_free(&value);
	arena_free(&arena);
}

int main(int count, char **arguments)
{
	char *other = count > 1 ? arguments[1] : NULL;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_agrees_with_botocore, other),
		cmocka_unit_test(test_hash_of_nothing),
		cmocka_unit_test(test_string_to_sign),
		cmocka_unit_test(test_timestamps_that_are_none),
		cmocka_unit_test(test_no_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
