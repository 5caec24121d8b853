// SPDX-License-Identifier: MPL-2.0
// The grammar of the shared files, and what profiles make of it.
#include "fixture.h"

#include "aws/config_file.h"
#include "aws/profile.h"
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct text long_value(struct arena *arena, size_t length)
{
	char *bytes = arena_take(arena, length);
	memset(bytes, 'x', length);
	return (struct text){ bytes, length };
}

// Each case has files in order ("config" or "credentials" first) and what the sections are then.
static void expect_section(const struct config_sections *sections, const char *name, json_t *expected)
{
	const struct config_section *section = config_file_section(sections, text_of(name));
	if (json_is_null(expected)) {
		assert_null(section);
		return;
	}
	if (!section)
		fail_msg("no section %s", name);
	size_t count = 0;
	const char *key = NULL;
	json_t *value = NULL;
	json_object_foreach(expected, key, value)
	{
		if (strcmp(key, "partial") == 0) {
			assert_int_equal(section->partial, json_is_true(value));
			continue;
		}
		count++;
		if (json_is_string(value)) {
			assert_text(config_file_value(section, text_of(key)), json_string_value(value));
			continue;
		}
		const char *nested_key = NULL;
		json_t *nested = NULL;
		json_object_foreach(value, nested_key, nested)
			assert_text(config_file_nested_value(section, text_of(key), text_of(nested_key)),
				    json_string_value(nested));
	}
	size_t properties = 0;
	for (const struct config_property *p = section->first; p; p = p->next)
		properties++;
	assert_int_equal(properties, count);
}

static void test_grammar(void **state)
{
	(void)state;
	json_t *cases = fixture_cases(VNS_CASES "/aws/config_file.json");
	size_t i = 0;
	json_t *one = NULL;
	assert_true(json_array_size(cases) > 20);
	json_array_foreach(cases, i, one)
	{
		struct arena arena;
		arena_init(&arena, 0);
		struct config_sections sections = { NULL };
		size_t n = 0;
		json_t *file = NULL;
		print_message("%s\n", json_string_value(json_object_get(one, "name")));
		json_array_foreach(json_object_get(one, "files"), n, file)
		{
			const bool is_config = json_object_get(file, "config") != NULL;
			config_file_read(&arena, fixture_text(file, is_config ? "config" : "credentials"),
					 is_config ? CONFIG_FILE : CONFIG_FILE_OF_CREDENTIALS, &sections);
		}
		const char *name = NULL;
		json_t *expected = NULL;
		json_object_foreach(json_object_get(one, "sections"), name, expected)
			expect_section(&sections, name, expected);
		arena_free(&arena);
	}
	json_decref(cases);
}

static void test_long_values(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	const struct text token = long_value(&arena, 100000);
	struct config_sections sections = { NULL };
	config_file_read(&arena, text_print(&arena, "[a]\naws_session_token = %.*s\n", TEXT_ARG(token)),
			 CONFIG_FILE_OF_CREDENTIALS, &sections);
	assert_true(
		text_equal(config_file_value(config_file_section(&sections, T("a")), T("aws_session_token")), token));
	arena_free(&arena);
}

// A value of very many lines is read in memory that is a small multiple of its length.
static void test_many_lines(void **state)
{
	(void)state;
	enum { LINES = 20000 };
	struct arena arena;
	struct buffer content;
	arena_init(&arena, (size_t)8 * 1024 * 1024);
	buffer_init(&content, SIZE_MAX / 2);
	buffer_append_text(&content, T("[a]\nk = first\n"));
	for (int i = 0; i < LINES; i++)
		buffer_append_text(&content, T("  another line\n"));
	struct config_sections sections = { NULL };
	config_file_read(&arena, buffer_text(&content), CONFIG_FILE_OF_CREDENTIALS, &sections);
	const struct text value = config_file_value(config_file_section(&sections, T("a")), T("k"));
	assert_int_equal(value.length, 5 + LINES * 13);
	assert_true(text_starts_with(value, T("first\nanother line\nanother")));
	assert_true(text_ends_with(value, T("line\nanother line")));
	buffer_free(&content);
	arena_free(&arena);
}

static int property_depth(const struct config_property *property)
{
	if (!property)
		return 0;
	const int left = property_depth(property->children[0]);
	const int right = property_depth(property->children[1]);
	return 1 + (left > right ? left : right);
}

static int section_depth(const struct config_section *section)
{
	if (!section)
		return 0;
	const int left = section_depth(section->children[0]);
	const int right = section_depth(section->children[1]);
	return 1 + (left > right ? left : right);
}

// However many names a file has, and whatever they have in common, each is compared with a few others only. Most of it
// is one file that is almost as large as files may be.
static void test_many_names(void **state)
{
	(void)state;
	enum { NAMES = 60000, MOST_STEPS = 64 };
	static const struct {
		const char *title, *before, *after;
	} forms[] = {
		{ "[keys]\n", "k", " = v\n" },
		{ "[more]\n", "", "k = v\n" },
		{ "", "[s", "]\n" },
		{ "[nests]\nabove =\n", " n", " = v\n" },
	};
	struct arena arena;
	struct buffer content;
	arena_init(&arena, LIMIT_SETTINGS_BYTES);
	struct config_sections sections = { NULL };
	for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
		buffer_init(&content, LIMIT_CONFIG_FILE_BYTES);
		buffer_append_text(&content, text_of(forms[form].title));
		for (int i = 0; i < NAMES; i++)
			buffer_print(&content, "%s%05d%s", forms[form].before, i, forms[form].after);
		assert_false(content.failed);
		config_file_read(&arena, buffer_text(&content), CONFIG_FILE_OF_CREDENTIALS, &sections);
		buffer_free(&content);
	}
	const struct config_section *nests = config_file_section(&sections, T("nests"));
	assert_true(section_depth(sections.first) <= MOST_STEPS);
	assert_true(property_depth(config_file_section(&sections, T("keys"))->first) <= MOST_STEPS);
	assert_true(property_depth(config_file_section(&sections, T("more"))->first) <= MOST_STEPS);
	assert_true(property_depth(nests->first->nested) <= MOST_STEPS);
	assert_text(config_file_value(config_file_section(&sections, T("keys")), T("k59999")), "v");
	assert_text(config_file_value(config_file_section(&sections, T("more")), T("00000k")), "v");
	assert_text(config_file_nested_value(nests, T("above"), T("n12345")), "v");
	assert_non_null(config_file_section(&sections, T("s59999")));
	arena_free(&arena);
}

// A NUL is a character like others, and ends nothing.
static void test_nul(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	struct config_sections sections = { NULL };
	config_file_read(&arena, T("[\0a b]\nk = v\0\n  w\0x\n"), CONFIG_FILE_OF_CREDENTIALS, &sections);
	const struct config_section *section = config_file_section(&sections, T("\0a b"));
	assert_non_null(section);
	assert_true(text_equal(config_file_value(section, T("k")), T("v\0\nw\0x")));
	arena_free(&arena);
}

// Whatever bytes stand in a file, nothing breaks.
static void test_noise(void **state)
{
	(void)state;
	static const char alphabet[] = "[]=:#;\"' \t\r\n\0\xff"
				       "apz1profile sso-session services default";
	uint32_t random = 12345;
	for (int round = 0; round < 3000; round++) {
		struct arena arena;
		arena_init(&arena, 0);
		char bytes[200];
		for (size_t i = 0; i < sizeof bytes; i++) {
			random = random * 1664525u + 1013904223u;
			bytes[i] = alphabet[(random >> 16) % (sizeof alphabet - 1)];
		}
		struct config_sections sections = { NULL };
		char *copy = malloc(sizeof bytes); // so that a read past the end is seen
		assert_non_null(copy);
		memcpy(copy, bytes, sizeof bytes);
		config_file_read(&arena, (struct text){ copy, sizeof bytes }, CONFIG_FILE, &sections);
		config_file_read(&arena, (struct text){ copy, sizeof bytes }, CONFIG_FILE_OF_CREDENTIALS, &sections);
		free(copy);
		(void)config_file_value(config_file_section(&sections, T("a")), T("p"));
		arena_free(&arena);
	}
}

static const char *write_temporary(struct arena *arena, struct text content)
{
	char *path = text_to_c_string(arena, T("/tmp/vns-test-config-XXXXXX"));
	const int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content.at, content.length), content.length);
	(void)close(fd);
	return path;
}

// Profiles: what is chosen, or what the error says.
static void test_profiles(void **state)
{
	(void)state;
	json_t *cases = fixture_cases(VNS_CASES "/aws/profile.json");
	size_t i = 0;
	json_t *one = NULL;
	json_array_foreach(cases, i, one)
	{
		struct fixture f;
		fixture_open(&f);
		print_message("%s\n", json_string_value(json_object_get(one, "name")));
		const char *path = write_temporary(&f.arena, fixture_text(one, "config"));
		const struct environment_variable variables[] = {
			{ "AWS_CONFIG_FILE", path },
			{ "HOME", "/nonexistent" },
			{ "AWS_PROFILE", json_string_value(json_object_get(one, "profile")) },
		};
		const struct environment environment = { variables, json_object_get(one, "profile") ? 3u : 2u };
		const struct aws_settings settings = { .max_attempts = 0 };
		struct profiles profiles;
		const bool read = profile_read(&f.call, &f.arena, &settings, &environment, &profiles);
		json_t *error = json_object_get(one, "error");
		assert_int_equal(read, error == NULL);
		assert_int_equal(f.diagnostics.errors, error ? 1 : 0);
		if (error)
			assert_in(fixture_told(&f), json_string_value(error));
		assert_not_in(fixture_told(&f), "hush");
		// The chain, outermost first: "a(role) b(keys)".
		struct text chain = T("");
		for (const struct profile *p = read ? profiles.chosen : NULL; p; p = p->source)
			chain = text_print(&f.arena, "%.*s%s%.*s%s%s", TEXT_ARG(chain), chain.length ? " " : "",
					   TEXT_ARG(p->name), p->role_arn.length ? "+role" : "",
					   p->key_id.length ? "+keys" : "");
		if (!error)
			assert_text(chain, json_string_value(json_object_get(one, "chain")));
		(void)unlink(path);
		fixture_close(&f);
	}
	json_decref(cases);
}

// So many sources, one after the other; the last has the keys.
static bool read_chain(struct fixture *f, int sources)
{
	struct text content = T("[default]\nrole_arn = r\nsource_profile = p1\n");
	for (int i = 1; i < sources; i++)
		content = text_print(&f->arena, "%.*s[profile p%d]\nrole_arn = r\nsource_profile = p%d\n",
				     TEXT_ARG(content), i, i + 1);
	content = text_print(&f->arena, "%.*s[profile p%d]\naws_access_key_id = A\naws_secret_access_key = hush\n",
			     TEXT_ARG(content), sources);
	const char *path = write_temporary(&f->arena, content);
	const struct environment_variable variables[] = { { "AWS_CONFIG_FILE", path }, { "HOME", "/nonexistent" } };
	const struct environment environment = { variables, 2 };
	const struct aws_settings settings = { .max_attempts = 0 };
	struct profiles profiles;
	const bool read = profile_read(&f->call, &f->arena, &settings, &environment, &profiles);
	(void)unlink(path);
	return read;
}

static void test_long_chains(void **state)
{
	(void)state;
	struct fixture f;
	fixture_open(&f);
	assert_true(read_chain(&f, LIMIT_PROFILE_CHAIN));
	assert_null(f.diagnostics.first);
	assert_false(read_chain(&f, LIMIT_PROFILE_CHAIN + 1));
	assert_int_equal(f.diagnostics.errors, 1);
	assert_in(fixture_told(&f), "source_profile entries");
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grammar),    cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_many_lines), cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_nul),        cmocka_unit_test(test_noise),
		cmocka_unit_test(test_profiles),   cmocka_unit_test(test_long_chains),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
