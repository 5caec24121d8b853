// SPDX-License-Identifier: MPL-2.0
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int64_t a_moment_us(void *context)
{
	(void)context;
	return INT64_C(1700000000) * 1000000 + 42;
}

static const struct clock stopped = { .realtime_us = a_moment_us };

struct fixture {
	int ends[2];
	struct log log;
	char line[2 * LIMIT_LOG_LINE_BYTES];
	ssize_t length;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);
	if (!fixture || pipe2(fixture->ends, O_NONBLOCK) != 0 || fcntl(fixture->ends[1], F_SETPIPE_SZ, 256 * 1024) < 0)
		return -1;
	fixture->log = (struct log){ LOG_DEBUG, fixture->ends[1], "vns.test", &stopped, NULL };
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	(void)close(fixture->ends[0]);
	(void)close(fixture->ends[1]);
	free(fixture);
	return 0;
}

static const char *written(struct fixture *fixture)
{
	fixture->length = read(fixture->ends[0], fixture->line, sizeof fixture->line - 1);
	fixture->line[fixture->length < 0 ? 0 : fixture->length] = '\0';
	return fixture->line;
}

static void a_line_is_what_hosts_read(void **state)
{
	struct fixture *fixture = *state;
	LOG(&fixture->log, LOG_WARN, "sent", LOG_TEXT("action", T("CreateTags")), LOG_NUMBER("status", -200));
	assert_string_equal(
		written(fixture),
		"{\"@level\":\"warn\",\"@message\":\"sent\",\"@module\":\"vns.test\","
		"\"@timestamp\":\"2023-11-14T22:13:20.000042Z\",\"action\":\"CreateTags\",\"status\":-200}\n");
	log_write(&fixture->log, LOG_DEBUG, "bare", NULL);
	assert_non_null(strstr(written(fixture), "000042Z\"}\n"));
}

static void a_log_adds_its_own_fields(void **state)
{
	struct fixture *fixture = *state;
	const struct log_field second = LOG_TEXT("tf_req_id", T("1"));
	struct log_field first = LOG_TEXT("tf_rpc", T("Read"));
	first.next = &second;
	fixture->log.fields = &first;
	LOG(&fixture->log, LOG_INFO, "x", LOG_NUMBER("n", 1));
	assert_non_null(strstr(written(fixture), ",\"n\":1,\"tf_rpc\":\"Read\",\"tf_req_id\":\"1\"}\n"));
}

static void lines_below_the_level_are_not_made(void **state)
{
	struct fixture *fixture = *state;
	LOG(&fixture->log, LOG_TRACE, "quiet", LOG_NUMBER("n", 1));
	log_write(&fixture->log, LOG_TRACE, "quiet", NULL);
	log_write(&fixture->log, LOG_OFF, "never", NULL);
	log_write(&log_none, LOG_ERROR, "nowhere", NULL);
	assert_string_equal(written(fixture), "");
	assert_false(log_wants(&log_none, LOG_ERROR));
}

static void any_bytes_become_json(void **state)
{
	struct fixture *fixture = *state;
	LOG(&fixture->log, LOG_INFO, "a \"quote\"\\", LOG_TEXT("v", T("\n\t\0\x1f\x7f\xffé\xe2\x82")));
	const char *line = written(fixture);
	assert_non_null(strstr(line, "\"@message\":\"a \\\"quote\\\"\\\\\""));
	assert_non_null(strstr(line, "\"v\":\"\\n\\u0009\\u0000\\u001f\x7f\\ufffdé\\ufffd\\ufffd\"}\n"));
}

static void a_long_line_keeps_below_what_hosts_cut(void **state)
{
	struct fixture *fixture = *state;
	const size_t size = (size_t)100 * 1024;
	char *text = malloc(size);
	assert_non_null(text);
	memset(text, '\1', size); // six bytes each, once escaped
	struct text value = { text, size };
	LOG(&fixture->log, LOG_INFO, "long", LOG_NUMBER("kept", 1), LOG_TEXT("dropped", value), LOG_NUMBER("last", 1));
	const char *line = written(fixture);
	assert_true(fixture->length > 0 && (size_t)fixture->length <= LIMIT_LOG_LINE_BYTES);
	assert_non_null(strstr(line, ",\"kept\":1}\n"));
	memset(text, 'x', size);
	LOG(&fixture->log, LOG_INFO, "long", LOG_TEXT("cut", value), LOG_NUMBER("last", 1));
	line = written(fixture);
	assert_non_null(strstr(line, "xx...\",\"last\":1}\n"));
	free(text);
}

static void the_level_comes_from_the_environment(void **state)
{
	(void)state;
	static const struct {
		const char *own, *provider, *all;
		enum log_level level;
	} cases[] = {
		{ NULL, NULL, NULL, LOG_OFF },          { NULL, NULL, "", LOG_OFF },
		{ NULL, NULL, "debug", LOG_DEBUG },     { NULL, NULL, "JSON", LOG_TRACE },
		{ NULL, "WARN", "trace", LOG_WARN },    { NULL, "", "Error", LOG_ERROR },
		{ "info", "trace", "trace", LOG_INFO }, { "off", "trace", "trace", LOG_OFF },
		{ NULL, NULL, "nonsense", LOG_TRACE },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *const names[] = { "TF_LOG_PROVIDER_VNS", "TF_LOG_PROVIDER", "TF_LOG" };
		const char *const values[] = { cases[i].own, cases[i].provider, cases[i].all };
		for (size_t k = 0; k < 3; k++) {
			if (values[k])
				assert_int_equal(setenv(names[k], values[k], 1), 0);
			else
				assert_int_equal(unsetenv(names[k]), 0);
		}
		assert_int_equal(log_level_from_environment(), cases[i].level);
	}
}

// What does not fit is not begun: half a line would be none that a host can read.
static void a_message_that_fits_no_line_is_left_out(void **state)
{
	struct fixture *fixture = *state;
	static char message[16 * 1024]; // six bytes each, escaped
	memset(message, '\x01', sizeof message - 1);
	struct log_field field = LOG_NUMBER("number", 1);
	log_write(&fixture->log, LOG_WARN, message, &field);
	assert_string_equal(written(fixture), "");
}

enum { WRITERS = 8, LINES_OF_EACH = 40, VALUE_BYTES = 15 * 1024, LITTLE_PIPE_BYTES = 4096 };

struct writer {
	const struct log *log;
	char letter;
};

static void *write_long_lines(void *argument)
{
	const struct writer *writer = argument;
	char value[VALUE_BYTES];
	memset(value, writer->letter, sizeof value);
	for (int i = 0; i < LINES_OF_EACH; i++)
		LOG(writer->log, LOG_INFO, "long", LOG_TEXT("value", ((struct text){ value, sizeof value })));
	return NULL;
}

// A line as write_long_lines makes it, with nothing of another in it. Its letter.
static char letter_of(const char *line)
{
	static const char head[] = "{\"@level\":\"info\",\"@message\":\"long\",\"@module\":\"vns.test\","
				   "\"@timestamp\":\"2023-11-14T22:13:20.000042Z\",\"value\":\"";
	assert_int_equal(strncmp(line, head, sizeof head - 1), 0);
	const char *const value = line + sizeof head - 1;
	const char letter[] = { value[0], '\0' };
	assert_int_equal(strspn(value, letter), VALUE_BYTES);
	assert_string_equal(value + VALUE_BYTES, "\"}\n");
	return letter[0];
}

// The pipe holds less than a line, so each write() lets go of it half-way through one.
static void lines_of_many_threads_stay_whole(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, LITTLE_PIPE_BYTES) > 0);
	const struct log log = { LOG_DEBUG, ends[1], "vns.test", &stopped, NULL };
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ &log, (char)('a' + i) };
		assert_int_equal(pthread_create(&threads[i], NULL, write_long_lines, &writers[i]), 0);
	}
	FILE *const reader = fdopen(ends[0], "r");
	assert_non_null(reader);
	char *line = NULL;
	size_t room = 0;
	int counts[WRITERS] = { 0 };
	for (int i = 0; i < WRITERS * LINES_OF_EACH; i++) {
		assert_true(getline(&line, &room, reader) > 0);
		const int writer = letter_of(line) - 'a';
		assert_in_range(writer, 0, WRITERS - 1);
		counts[writer]++;
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(counts[i], LINES_OF_EACH);
	}
	free(line);
	(void)fclose(reader);
	(void)close(ends[1]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_line_is_what_hosts_read),
		TEST(a_log_adds_its_own_fields),
		TEST(lines_below_the_level_are_not_made),
		TEST(any_bytes_become_json),
		TEST(a_long_line_keeps_below_what_hosts_cut),
		TEST(a_message_that_fits_no_line_is_left_out),
		TEST(the_level_comes_from_the_environment),
		cmocka_unit_test(lines_of_many_threads_stay_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
