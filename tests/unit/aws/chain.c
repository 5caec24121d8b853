// SPDX-License-Identifier: MPL-2.0
// Which source gives the credentials, when several could; and the small readers that sources rest on.
#include "home.h"

#include "aws/home_path.h"
#include "aws/iso_date.h"
#include "aws/json_secret.h"

#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// What a home has, as flags; the first source in the documented order must give the credentials, and nobody else is
// asked anything.
enum {
	HAS_ARGUMENTS = 1,
	HAS_ARGUMENT_PROFILE = 2,
	HAS_KEYS = 4,
	HAS_WEB_IDENTITY = 8,
	HAS_PROFILE = 16,
	HAS_CONTAINER = 32,
	HAS_INSTANCE = 64,
	HAS_ARGUMENT_WEB_IDENTITY = 128,
	ALL = 256,
};

static const char web_answer[] =
	"<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>AKIAWEB</"
	"AccessKeyId><SecretAccessKey>hush"
	"</SecretAccessKey><SessionToken>hush</SessionToken><Expiration>2026-09-22T12:00:00Z</Expiration>"
	"</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
static const char container_answer[] = "{\"AccessKeyId\":\"AKIACONT\",\"SecretAccessKey\":\"hush\"}";
static const char instance_answer[] = "{\"Code\":\"Success\",\"AccessKeyId\":\"AKIAINST\",\"SecretAccessKey\":\"hush\","
				      "\"Token\":\"hush\",\"Expiration\":\"2026-09-22T12:00:00Z\"}";

struct expectation {
	const char *source; // NULL: none has any
	const char *key_id;
	struct script_step steps[3];
	size_t exchanges;
};

static struct expectation expect(int has)
{
	const struct script_step web = { .status = 200, .body = web_answer };
	if (has & HAS_ARGUMENTS)
		return (struct expectation){ "provider arguments", "AKIAARG", { { .status = 0 } }, 0 };
	if (has & HAS_ARGUMENT_WEB_IDENTITY)
		return (struct expectation){ "provider web identity", "AKIAWEB", { web }, 1 };
	if (has & HAS_ARGUMENT_PROFILE)
		return (struct expectation){ "profile", "AKIANAMED", { { .status = 0 } }, 0 };
	if (has & HAS_KEYS)
		return (struct expectation){ "environment", "AKIAENV", { { .status = 0 } }, 0 };
	if (has & HAS_WEB_IDENTITY)
		return (struct expectation){ "web identity", "AKIAWEB", { web }, 1 };
	if (has & HAS_PROFILE)
		return (struct expectation){ "profile", "AKIADEF", { { .status = 0 } }, 0 };
	if (has & HAS_CONTAINER)
		return (struct expectation){
			"container", "AKIACONT", { { .status = 200, .body = container_answer } }, 1
		};
	if (has & HAS_INSTANCE)
		return (struct expectation){ "instance metadata",
					     "AKIAINST",
					     { { .status = 200, .body = "t" },
					       { .status = 200, .body = "r" },
					       { .status = 200, .body = instance_answer } },
					     3 };
	return (struct expectation){ NULL, NULL, { { .problem = HTTP_REFUSED } }, 1 };
}

static void fill(struct home *home, int has)
{
	home_write(home, "token", "hush");
	home_write(home, ".aws/credentials",
		   has & HAS_PROFILE
			   ? "[named]\naws_access_key_id = AKIANAMED\naws_secret_access_key = hush\n[default]\n"
			     "aws_access_key_id = AKIADEF\naws_secret_access_key = hush\n"
			   : "[named]\naws_access_key_id = AKIANAMED\naws_secret_access_key = hush\n");
	if (has & HAS_ARGUMENTS) {
		home->settings.access_key = T("AKIAARG");
		home->settings.secret_key = T("hush");
	}
	if (has & HAS_ARGUMENT_PROFILE)
		home->settings.profile = T("named");
	if (has & HAS_ARGUMENT_WEB_IDENTITY)
		home->settings.assume_role_with_web_identity =
			(struct settings_web_identity){ .is_set = true, .role_arn = T("arn:r"), .token = T("hush") };
	if (has & HAS_KEYS) {
		home_set(home, "AWS_ACCESS_KEY_ID", "AKIAENV");
		home_set(home, "AWS_SECRET_ACCESS_KEY", "hush");
	}
	if (has & HAS_WEB_IDENTITY) {
		home_set_path(home, "AWS_WEB_IDENTITY_TOKEN_FILE", "token");
		home_set(home, "AWS_ROLE_ARN", "arn:r");
	}
	if (has & HAS_CONTAINER)
		home_set(home, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x");
	if (!(has & HAS_INSTANCE))
		home_set(home, "AWS_EC2_METADATA_DISABLED", "true");
}

static void test_order(void **state)
{
	(void)state;
	for (int has = 0; has < ALL; has++) {
		struct expectation expected = expect(has);
		struct home home;
		home_open(&home, expected.steps, 3);
		fill(&home, has);
		if (expected.source) {
			home_expect(&home, expected.source, expected.key_id);
			assert_int_equal(home.script.exchanges, expected.exchanges);
		} else {
			home_expect_error(&home, "No AWS credentials");
			assert_int_equal(home.script.exchanges, 0);
		}
		home_close(&home);
	}
}

static void test_conflict_is_told(void **state)
{
	(void)state;
	const struct script_step refused = { .problem = HTTP_REFUSED };
	struct home home;
	home_open(&home, &refused, 1);
	fill(&home, HAS_ARGUMENT_PROFILE | HAS_KEYS);
	home_expect(&home, "profile", "AKIANAMED");
	assert_in(fixture_told(&home.fixture), "Configuration conflict detected");
	home_close(&home);
}

static void test_missing_profile(void **state)
{
	(void)state;
	struct home home;
	home_open(&home, NULL, 0);
	home_set(&home, "AWS_DEFAULT_PROFILE", "missing");
	fill(&home, HAS_PROFILE | HAS_KEYS);
	home_expect(&home, "environment", "AKIAENV");
	home_close(&home);
	// "default" is not read in its place.
	home_open(&home, NULL, 0);
	home_set(&home, "AWS_DEFAULT_PROFILE", "missing");
	fill(&home, HAS_PROFILE);
	home_expect_error(&home,
			  "The profile \"missing\", chosen by the environment variable AWS_DEFAULT_PROFILE, is in "
			  "none of the shared AWS files.");
	home_close(&home);
	home_open(&home, NULL, 0);
	home_set(&home, "AWS_PROFILE", "missing");
	fill(&home, HAS_KEYS);
	home_expect_error(&home, "The profile \"missing\", chosen by the environment variable AWS_PROFILE, is in none");
	home_close(&home);
}

static void test_roles_without_a_region(void **state)
{
	(void)state;
	const struct script_step refused = { .problem = HTTP_REFUSED };
	struct home home;
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_REGION", "");
	home_write(&home, ".aws/config",
		   "[default]\nrole_arn = r\nsource_profile = b\n[profile b]\naws_access_key_id = A\n"
		   "aws_secret_access_key = hush\n");
	home_expect_error(&home, "No AWS region");
	assert_int_equal(home.script.exchanges, 0);
	home_close(&home);
}

static void test_region_of_profile(void **state)
{
	(void)state;
	const struct script_step refused = { .problem = HTTP_REFUSED };
	struct home home;
	home_open(&home, &refused, 1);
	home_set(&home, "AWS_REGION", "");
	home_write(&home, ".aws/config",
		   "[default]\nregion = eu-north-1\naws_access_key_id = A\naws_secret_access_key = hush\n");
	home_expect(&home, "profile", "A");
	assert_text(aws_region_if_known(home.aws), "eu-north-1");
	home_close(&home);
}

static void test_files_by_argument(void **state)
{
	(void)state;
	const struct script_step refused = { .problem = HTTP_REFUSED };
	struct home home;
	home_open(&home, &refused, 1);
	home_write(&home, ".aws/credentials", "[default]\naws_access_key_id = AKIANO\naws_secret_access_key = hush\n");
	home_write(&home, "one", "[default]\naws_access_key_id = AKIAONE\naws_secret_access_key = hush\n");
	home_write(&home, "two", "[default]\naws_access_key_id = AKIATWO\naws_secret_access_key = hush\n");
	const struct text files[] = { TEXT("~/one"), TEXT("$HOME/two"), TEXT("${HOME}/missing") };
	home.settings.shared_credentials_files = (struct settings_texts){ files, 3 };
	home_expect(&home, "profile", "AKIATWO");
	home_close(&home);
}

static void test_files_that_others_may_read(void **state)
{
	(void)state;
	static const char keys[] = "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hush\n";
	for (unsigned mode = 0600; mode <= 0644; mode += 044) {
		struct home home;
		home_open(&home, NULL, 0);
		home_write(&home, ".aws/config", "[default]\n"); // which anybody may read
		home_write(&home, ".aws/credentials", keys);
		const struct text path = text_print(&home.fixture.arena, "%s/.aws/credentials", home.directory);
		assert_int_equal(chmod(path.at, mode), 0);
		home_expect(&home, "profile", "AKIA");
		assert_null(home.fixture.diagnostics.first);
		const bool logged = text_find(fixture_logged(&home.fixture), T("chmod 600")) != SIZE_MAX;
		assert_int_equal(logged, mode != 0600);
		home_close(&home);
	}
}

static void test_accounts(void **state)
{
	(void)state;
	const struct script_step steps[] = {
		{ .status = 200,
		  .body = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123</Account>"
			  "</GetCallerIdentityResult></GetCallerIdentityResponse>" },
		{ .status = 200, .body = "<XResponse/>" },
	};
	const struct text own[] = { TEXT("999"), TEXT("123") };
	const struct {
		struct settings_texts allowed;
		struct settings_texts forbidden;
		const char *told;
	} cases[] = {
		{ { own, 2 }, { NULL, 0 }, NULL },
		{ { own, 1 }, { NULL, 0 }, "AWS account ID not allowed: 123" },
		{ { NULL, 0 }, { own, 2 }, "AWS account ID not allowed: 123" },
		{ { NULL, 0 }, { own, 1 }, NULL },
	};
	for (size_t i = 0; i < 4; i++) {
		struct home home;
		home_open(&home, steps, 2);
		home.settings = (struct aws_settings){ .access_key = T("A"),
						       .secret_key = T("hush"),
						       .allowed_account_ids = cases[i].allowed,
						       .forbidden_account_ids = cases[i].forbidden };
		assert_true(home_ask(&home));
		struct client *client = client_of(&home.fixture.call, home.aws, T(""));
		struct query none;
		query_init(&none, &home.fixture.arena);
		const struct action action = { .service = AWS_EC2, .name = T("X"), .parameters = &none };
		struct action_answer answer;
		assert_int_equal(client_send(&home.fixture.call, client, &action, &answer), cases[i].told == NULL);
		assert_int_equal(home.script.exchanges, cases[i].told ? 1 : 2);
		if (cases[i].told)
			assert_in(fixture_told(&home.fixture), cases[i].told);
		home_close(&home);
	}
}

static void test_dates(void **state)
{
	(void)state;
	static const struct {
		const char *date;
		int64_t us; // -1: none
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-09-21T14:13:20Z", (int64_t)1790000000 * 1000000 },
		{ "2026-09-21T16:13:20+02:00", (int64_t)1790000000 * 1000000 },
		{ "2026-09-21T08:43:20-0530", (int64_t)1790000000 * 1000000 },
		{ "2026-09-21t14:13:20.25z", (int64_t)1790000000 * 1000000 + 250000 },
		{ "2026-09-21T14:13:20.123456789Z", (int64_t)1790000000 * 1000000 + 123456 },
		{ "2026-09-21T14:13:20UTC", (int64_t)1790000000 * 1000000 },
		{ "2024-02-29T00:00:00Z", (int64_t)1709164800 * 1000000 },
		{ "2023-02-29T00:00:00Z", -1 },
		{ "2026-04-31T00:00:00Z", -1 },
		{ "2026-09-21T14:13:20", -1 },
		{ "2026-09-21T14:13:20.Z", -1 },
		{ "2026-09-21T24:00:00Z", -1 },
		{ "2026-13-01T00:00:00Z", -1 },
		{ "2026-09-21T14:13:20+2:00", -1 },
		{ "2026-09-21T14:13:20Zx", -1 },
		{ "-026-09-21T14:13:20Z", -1 },
		{ "", -1 },
		{ "2026", -1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t us = -1;
		const bool read = iso_date_parse(text_of(cases[i].date), &us);
		if (read != (cases[i].us >= 0) || (read && us != cases[i].us))
			fail_msg("%s gives %lld", cases[i].date, (long long)us);
	}
	char date[ISO_DATE_CHARS + 1];
	assert_true(iso_date_print((int64_t)1790000000 * 1000000, date));
	assert_string_equal(date, "2026-09-21T14:13:20Z");
	assert_false(iso_date_print(INT64_MIN, date));
	assert_false(iso_date_print(-1, date));
}

static void test_paths(void **state)
{
	(void)state;
	static const struct environment_variable variables[] = { { "HOME", "/h" }, { "A_1", "x" } };
	static const struct environment environment = { variables, 2 };
	static const char *const cases[][2] = {
		{ "~", "/h" },       { "~/a", "/h/a" },   { "~b/a", "~b/a" },    { "a~/b", "a~/b" },
		{ "$A_1/b", "x/b" }, { "${A_1}b", "xb" }, { "$NONE/b", "/b" },   { "${A_1", "${A_1" },
		{ "$", "$" },        { "a$$b", "a$" },    { "$HOME/c", "/h/c" }, { "", "" },
	};
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_text(home_path_expand(&arena, &environment, text_of(cases[i][0])), cases[i][1]);
	arena_free(&arena);
}

// Without HOME it is what the system's users have; an environment that was handed in has no other home.
static void test_home_of_the_user(void **state)
{
	(void)state;
	static const struct environment_variable nothing = { "X", "" };
	static const struct environment given = { &nothing, 1 };
	char room[4096];
	struct passwd entry;
	struct passwd *self = NULL;
	struct arena arena;
	arena_init(&arena, 0);
	const char *before = text_to_c_string(&arena, environment_get(&environment_process, "HOME"));
	assert_int_equal(getpwuid_r(geteuid(), &entry, room, sizeof room, &self), 0);
	assert_int_equal(unsetenv("HOME"), 0);
	const struct text found = home_path_of(&arena, &environment_process, T(".aws"));
	(void)setenv("HOME", before, 1); // empty counts as none
	assert_non_null(self);
	assert_true(text_equal(found, text_print(&arena, "%s/.aws", self->pw_dir)));
	assert_text(home_path_of(&arena, &given, T(".aws")), "");
	arena_free(&arena);
}

static void test_json(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "[]", "1", "{", "{\"a\":1,\"a\":2}", "{}x", "\xff", "{\"a\":\"\xff\"}" };
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_null(json_secret_parse(&arena, text_of(bad[i])));
	char deep[2048];
	memset(deep, '[', sizeof deep);
	assert_null(json_secret_parse(&arena, (struct text){ deep, sizeof deep }));
	assert_null(json_secret_parse(&arena, T("{\"a\":1\0}"))); // jansson alone takes it
	json_t *object = json_secret_parse(&arena, T("{\"a\":\"[[[\\\"{\",\"B\":2,\"c\":null}"));
	assert_non_null(object);
	assert_text(json_secret_text(object, "a"), "[[[\"{");
	assert_text(json_secret_text(object, "A"), "");
	assert_text(json_secret_text_any_case(object, "A"), "[[[\"{");
	assert_text(json_secret_text(object, "B"), "");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_conflict_is_told),
		cmocka_unit_test(test_roles_without_a_region),
		cmocka_unit_test(test_missing_profile),
		cmocka_unit_test(test_region_of_profile),
		cmocka_unit_test(test_files_by_argument),
		cmocka_unit_test(test_files_that_others_may_read),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_home_of_the_user),
		cmocka_unit_test(test_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
