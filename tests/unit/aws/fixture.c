// SPDX-License-Identifier: MPL-2.0
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t fake_realtime_us(void *context)
{
	return ((struct fake_clock *)context)->now_us;
}

static int64_t fake_monotonic_ms(void *context)
{
	return ((struct fake_clock *)context)->now_us / 1000;
}

static bool fake_sleep_ms(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	struct fake_clock *clock = context;
	if (clock->fire_in_sleep)
		cancel_source_fire(clock->fire_in_sleep);
	clock->fire_in_sleep = NULL;
	if (cancel && cancel_fired(cancel))
		return false;
	clock->now_us += duration_ms * 1000;
	clock->slept_ms += duration_ms;
	clock->sleeps++;
	return true;
}

void fixture_open(struct fixture *fixture)
{
	*fixture = (struct fixture){ .log_fd = memfd_create("log", MFD_CLOEXEC) };
	assert_true(fixture->log_fd >= 0);
	arena_init(&fixture->arena, 0);
	fixture->clock.clock = (struct clock){ fake_realtime_us, fake_monotonic_ms, fake_sleep_ms, &fixture->clock };
	fixture->clock.now_us = (int64_t)1790000000 * 1000000;
	fixture->log = (struct log){ LOG_TRACE, fixture->log_fd, "test", &fixture->clock.clock, NULL };
	fixture->source = cancel_source_new();
	assert_non_null(fixture->source);
	fixture->cancel = cancel_acquire(fixture->source);
	fixture->call = (struct call){
		.arena = &fixture->arena,
		.diagnostics = &fixture->diagnostics,
		.log = &fixture->log,
		.clock = &fixture->clock.clock,
		.cancel = fixture->cancel,
	};
}

void fixture_close(struct fixture *fixture)
{
	arena_free(&fixture->arena);
	cancel_release(fixture->cancel);
	cancel_source_free(fixture->source);
	(void)close(fixture->log_fd);
}

void fixture_forget(struct fixture *fixture)
{
	arena_free(&fixture->arena);
	fixture->diagnostics = (struct diagnostics){ .first = NULL };
}

struct text fixture_told(struct fixture *fixture)
{
	struct text told = T("");
	for (const struct diagnostic *d = fixture->diagnostics.first; d; d = d->next)
		told = text_print(&fixture->arena, "%.*s%.*s: %.*s\n", TEXT_ARG(told), TEXT_ARG(d->summary),
				  TEXT_ARG(d->detail));
	return told;
}

struct text fixture_logged(struct fixture *fixture)
{
	const off_t size = lseek(fixture->log_fd, 0, SEEK_END);
	assert_true(size >= 0);
	char *bytes = arena_take(&fixture->arena, (size_t)size + 1);
	assert_int_equal(pread(fixture->log_fd, bytes, (size_t)size, 0), size);
	return (struct text){ bytes, (size_t)size };
}

static char *copy_string(struct text view)
{
	char *copy = strndup(view.length ? view.at : "", view.length);
	assert_non_null(copy);
	return copy;
}

static char *copy_headers(const struct http_request *request)
{
	struct buffer all;
	buffer_init(&all, 1 << 20);
	for (size_t i = 0; i < request->header_count; i++)
		buffer_print(&all, "%.*s: %.*s\n", TEXT_ARG(request->headers[i].name),
			     TEXT_ARG(request->headers[i].value));
	assert_false(all.failed);
	char *copy = copy_string(buffer_text(&all));
	buffer_free(&all);
	return copy;
}

static void script_exchange(struct http *http, const struct http_request *request, struct http_response *response)
{
	struct script *script = (struct script *)http;
	assert_true(script->exchanges < sizeof script->records / sizeof script->records[0]);
	assert_true(script->count > 0);
	script->records[script->exchanges] = (struct script_record){
		.url = copy_string(request->url),
		.body = copy_string(request->body),
		.headers = copy_headers(request),
		.grace_ms = request->grace_ms,
		.method = copy_string(request->method),
		.no_proxy = request->no_proxy,
		.near_only = request->near_only,
		.timeout_ms = request->timeout_ms,
	};
	const size_t last = script->count - 1;
	const struct script_step *step = &script->steps[script->exchanges < last ? script->exchanges : last];
	script->exchanges++;
	if (step->during)
		step->during(step->context);
	response->sent = step->sent;
	response->resent = step->resent;
	if (step->problem != HTTP_ANSWERED) {
		http_response_fail(response, step->problem, "scripted");
		return;
	}
	response->problem = HTTP_ANSWERED;
	response->sent = true;
	response->status = step->status;
	buffer_append_text(&response->header_lines, text_of(step->headers));
	buffer_append_text(&response->body, text_of(step->body));
}

static void script_freed(struct http *http)
{
	((struct script *)http)->freed = true;
}

void script_init(struct script *script, const struct script_step *steps, size_t count)
{
	*script = (struct script){ .http = { script_exchange, script_freed }, .steps = steps, .count = count };
}

void script_free_records(struct script *script)
{
	for (size_t i = 0; i < script->exchanges; i++) {
		free(script->records[i].url);
		free(script->records[i].body);
		free(script->records[i].headers);
		free(script->records[i].method);
	}
	script->exchanges = 0;
}

const char *script_header(const struct script *script, size_t exchange, const char *name)
{
	static char value[4096];
	const char *at = script->records[exchange].headers;
	const size_t length = strlen(name);
	while (at && *at) {
		const char *end = strchr(at, '\n');
		if (strncmp(at, name, length) == 0 && at[length] == ':') {
			const char *start = at + length + 2;
			const size_t size = (size_t)(end - start);
			assert_true(size < sizeof value);
			memcpy(value, start, size);
			value[size] = '\0';
			return value;
		}
		at = end + 1;
	}
	return NULL;
}

uint32_t fixture_zero(void)
{
	return 0;
}

json_t *fixture_cases(const char *path)
{
	json_error_t error;
	json_t *cases = json_load_file(path, 0, &error);
	if (!cases)
		fail_msg("%s: %s", path, error.text);
	return cases;
}

struct text fixture_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	assert_true(json_is_string(value));
	return (struct text){ json_string_value(value), json_string_length(value) };
}

void assert_text_(struct text view, const char *expected, const char *file, int line)
{
	if (text_equal(view, text_of(expected)))
		return;
	print_error("%s:%d: \"%.*s\" is not \"%s\"\n", file, line, TEXT_ARG(view), expected);
	_fail(file, line);
}

void assert_in_(struct text whole, const char *part, bool wanted, const char *file, int line)
{
	if ((text_find(whole, text_of(part)) != SIZE_MAX) == wanted)
		return;
	print_error("%s:%d: \"%s\" is %s in \"%.*s\"\n", file, line, part, wanted ? "not" : "wrongly", TEXT_ARG(whole));
	_fail(file, line);
}
