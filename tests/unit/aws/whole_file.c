// SPDX-License-Identifier: MPL-2.0
// Files read and written whole, pipes among them, and what a shared AWS file that cannot be read leaves in the log.
#include "home.h"

#include "aws/profile.h"
#include "aws/whole_file.h"
#include "base/limits.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *pipe_in(struct home *home)
{
	struct arena *arena = &home->fixture.arena;
	const char *path = text_to_c_string(arena, text_print(arena, "%s/pipe", home->directory));
	assert_int_equal(mkfifo(path, 0600), 0);
	return path;
}

static void test_files(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, NULL, 0);
	struct call *call = &home.fixture.call;
	struct arena *arena = call->arena;
	struct text content;
	home_write(&home, "f", "12345");
	const struct text path = text_print(arena, "%s/f", home.directory);
	assert_null(whole_file_read(call, arena, path, 5, &content));
	assert_text(content, "12345");
	assert_string_equal(whole_file_read(call, arena, path, 4, &content),
			    "it is larger than any such file should be");
	assert_string_equal(whole_file_read(call, arena, T("/tmp"), 4, &content), "it is not a file");
	assert_string_equal(whole_file_read(call, arena, T("/nonexistent"), 4, &content), "No such file or directory");
	assert_string_equal(whole_file_read(call, arena, T("/dev/zero"), 4, &content), "it is not a file");
	assert_non_null(whole_file_replace(arena, T("/nonexistent/x"), T("a")));
	assert_null(whole_file_replace(arena, path, T("new")));
	assert_null(whole_file_read(call, arena, path, 5, &content));
	assert_text(content, "new");
	home_close(&home);
}

// Comes when the pipe is opened, and takes its time.
struct writer {
	pthread_t thread;
	const char *path;
	const char *parts[3];       // NULL: no more
	struct cancel_source *fire; // once the pipe is open; NULL: none
	pthread_mutex_t *until;     // it is closed when this can be locked; NULL: at once
};

static void *write_slowly(void *argument)
{
	const struct writer *writer = argument;
	const int fd = open(writer->path, O_WRONLY);
	for (size_t i = 0; fd >= 0 && i < sizeof writer->parts / sizeof writer->parts[0] && writer->parts[i]; i++) {
		(void)usleep(50 * 1000);
		if (write(fd, writer->parts[i], strlen(writer->parts[i])) < 0)
			break;
	}
	if (writer->fire)
		cancel_source_fire(writer->fire);
	if (writer->until) {
		(void)pthread_mutex_lock(writer->until);
		(void)pthread_mutex_unlock(writer->until);
	}
	(void)close(fd);
	return NULL;
}

static void start(struct writer *writer)
{
	assert_int_equal(pthread_create(&writer->thread, NULL, write_slowly, writer), 0);
}

static void join(const struct writer *writer)
{
	assert_int_equal(pthread_join(writer->thread, NULL), 0);
}

static void test_pipe(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, NULL, 0);
	struct writer writer = { .path = pipe_in(&home), .parts = { "12", "34", "5" } };
	struct text content;
	start(&writer);
	assert_null(whole_file_read(&home.fixture.call, &home.fixture.arena, text_of(writer.path), 5, &content));
	join(&writer);
	assert_text(content, "12345");
	start(&writer);
	assert_string_equal(whole_file_read(&home.fixture.call, &home.fixture.arena, text_of(writer.path), 4, &content),
			    "it is larger than any such file should be");
	join(&writer);
	home_close(&home);
}

static void test_pipe_is_left_when_told(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, NULL, 0);
	pthread_mutex_t until = PTHREAD_MUTEX_INITIALIZER;
	struct writer writer = {
		.path = pipe_in(&home), .parts = { "1" }, .fire = home.fixture.source, .until = &until
	};
	struct text content;
	(void)pthread_mutex_lock(&until);
	start(&writer);
	assert_string_equal(whole_file_read(&home.fixture.call, &home.fixture.arena, text_of(writer.path), 5, &content),
			    "Terraform asked to stop");
	(void)pthread_mutex_unlock(&until);
	join(&writer);
	home_close(&home);
}

// Each look at it is later by the longest wait.
static int64_t leaping_ms(void *context)
{
	return *(int64_t *)context += LIMIT_PIPE_MS;
}

static void test_pipe_of_nobody(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, NULL, 0);
	int64_t now_ms = 0;
	struct clock clock = home.fixture.clock.clock;
	clock.monotonic_ms = leaping_ms;
	clock.context = &now_ms;
	struct call call = home.fixture.call;
	call.clock = &clock;
	struct text content;
	assert_string_equal(whole_file_read(&call, call.arena, text_of(pipe_in(&home)), 5, &content),
			    "it is a pipe to which nobody wrote all of it within a minute");
	home_close(&home);
}

static void test_credentials_in_a_pipe(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, NULL, 0);
	home_set_path(&home, "AWS_SHARED_CREDENTIALS_FILE", "pipe");
	struct writer writer = {
		.path = pipe_in(&home),
		.parts = { "[default]\naws_access_key_id = AKIDPIPE\n", "aws_secret_access_key = hush\n" },
	};
	start(&writer);
	home_expect(&home, "profile", "AKIDPIPE");
	join(&writer);
	home_close(&home);
}

// The usual files are missing with most people; one that is there and is not used is worth a warning.
static void test_what_is_passed_over(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, NULL, 0);
	home_set_path(&home, "AWS_CONFIG_FILE", "");
	home_write(&home, ".aws/credentials", "[default]\naws_access_key_id = A\naws_secret_access_key = hush\n");
	home.fixture.log.level = LOG_WARN;
	assert_true(home_ask(&home));
	assert_in(fixture_logged(&home.fixture), "a shared AWS file is passed over");
	assert_in(fixture_logged(&home.fixture), "it is not a file");
	home_close(&home);
	home_open(&home, NULL, 0);
	home_write(&home, ".aws/credentials", "[default]\naws_access_key_id = A\naws_secret_access_key = hush\n");
	home.fixture.log.level = LOG_INFO;
	assert_true(home_ask(&home));
	assert_not_in(fixture_logged(&home.fixture), "passed over");
	home_close(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_pipe_is_left_when_told),
		cmocka_unit_test(test_pipe_of_nobody),
		cmocka_unit_test(test_credentials_in_a_pipe),
		cmocka_unit_test(test_what_is_passed_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
