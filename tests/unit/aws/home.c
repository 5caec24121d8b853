// SPDX-License-Identifier: MPL-2.0
#include "home.h"

#include "aws/sources.h"

#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

void home_open(struct home *home, const struct script_step *steps, size_t count)
{
	memset(home, 0, sizeof *home);
	fixture_open(&home->fixture);
	script_init(&home->script, steps, count);
	(void)snprintf(home->directory, sizeof home->directory, "/tmp/vns-test-home-XXXXXX");
	assert_non_null(mkdtemp(home->directory));
	home_set(home, "HOME", home->directory);
	home_set(home, "AWS_REGION", "eu-central-1");
}

void home_set(struct home *home, const char *name, const char *value)
{
	size_t i = 0;
	while (i < home->variable_count && strcmp(home->variables[i].name, name) != 0)
		i++;
	assert_true(i < HOME_VARIABLES);
	home->variables[i] = (struct environment_variable){ name, value };
	if (i == home->variable_count)
		home->variable_count++;
}

static const char *path_of(struct home *home, const char *below)
{
	return text_to_c_string(&home->fixture.arena,
				text_print(&home->fixture.arena, "%s/%s", home->directory, below));
}

void home_set_path(struct home *home, const char *name, const char *below)
{
	home_set(home, name, path_of(home, below));
}

void home_write(struct home *home, const char *below, const char *content)
{
	char *path = text_to_c_string(&home->fixture.arena, text_of(path_of(home, below)));
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	(void)close(fd);
}

struct text home_read(struct home *home, const char *below)
{
	char *bytes = arena_take(&home->fixture.arena, 65536);
	const int fd = open(path_of(home, below), O_RDONLY);
	assert_true(fd >= 0);
	const ssize_t length = read(fd, bytes, 65536);
	assert_true(length >= 0);
	(void)close(fd);
	return (struct text){ bytes, (size_t)length };
}

bool home_ask(struct home *home)
{
	if (!home->aws) {
		const struct aws_seams seams = {
			.environment = { home->variables, home->variable_count },
			.http = &home->script.http,
			.random = fixture_zero,
			.sources = &sources_all,
		};
		home->aws = aws_new_with(&home->fixture.call, &home->settings, &seams);
	}
	home->found = home->aws ? credentials_chain_get(&home->fixture.call, home->aws->credentials) : NULL;
	assert_int_equal(home->fixture.diagnostics.errors, home->found ? 0 : 1);
	return home->found != NULL;
}

void home_expect(struct home *home, const char *source, const char *key_id)
{
	if (!home_ask(home))
		fail_msg("%.*s", TEXT_ARG(fixture_told(&home->fixture)));
	assert_text(credentials_source_name(home->found), source);
	assert_text(credentials_key_id(home->found), key_id);
}

void home_expect_error(struct home *home, const char *part)
{
	assert_false(home_ask(home));
	assert_in(fixture_told(&home->fixture), part);
}

static int remove_one(const char *path, const struct stat *about, int flag, struct FTW *where)
{
	(void)about;
	(void)flag;
	(void)where;
	return remove(path);
}

void home_close(struct home *home)
{
	static const char *const secrets[] = { "hush", "Signature=" };
	for (size_t i = 0; i < 2; i++) {
		assert_not_in(fixture_logged(&home->fixture), secrets[i]);
		assert_not_in(fixture_told(&home->fixture), secrets[i]);
	}
	fixture_close(&home->fixture);
	aws_free(home->aws);
	script_free_records(&home->script);
	(void)nftw(home->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
