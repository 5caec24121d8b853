// SPDX-License-Identifier: MPL-2.0
// What a plan is told of objects that nobody seems to manage, and what it may cost.
#include "unit/engine/harness.h"

#include "base/limits.h"
#include "ec2/preflight.h"
#include "ec2/recent.h"
#include "resources/mirror_filter.h"
#include "resources/mirror_session.h"
#include "resources/mirror_target.h"

#include <stdlib.h>
#include <string.h>

#define ITEM(id, name)                                                                                                 \
	"<item><trafficMirrorFilterId>" id "</trafficMirrorFilterId><tagSet><item><key>Name</key><value>" name         \
	"</value></item></tagSet></item>"
#define LISTING(items)                                                                                                 \
	{                                                                                                              \
		.action = "DescribeTrafficMirrorFilters",                                                              \
		.body = "<trafficMirrorFilterSet>" items "</trafficMirrorFilterSet>"                                   \
	}
#define PAGE(items, token)                                                                                             \
	{                                                                                                              \
		.action = "DescribeTrafficMirrorFilters",                                                              \
		.body = "<trafficMirrorFilterSet>" items "</trafficMirrorFilterSet><nextToken>" token "</nextToken>"   \
	}
#define UNUSED                                                                                                         \
	{                                                                                                              \
		.action = "DescribeTrafficMirrorSessions", .body = "<trafficMirrorSessionSet/>"                        \
	}
#define USED(id)                                                                                                       \
	{                                                                                                              \
		.action = "DescribeTrafficMirrorSessions",                                                             \
		.body = "<trafficMirrorSessionSet><item><trafficMirrorSessionId>tms-1</trafficMirrorSessionId>"        \
			"<trafficMirrorFilterId>" id "</trafficMirrorFilterId></item></trafficMirrorSessionSet>"       \
	}
#define THROTTLED(action_name)                                                                                         \
	{                                                                                                              \
		.action = action_name, .status = 503,                                                                  \
		.body = "<Code>RequestLimitExceeded</Code><Message>Too fast</Message>"                                 \
	}
#define FORBIDDEN(action_name)                                                                                         \
	{                                                                                                              \
		.action = action_name, .status = 403,                                                                  \
		.body = "<Code>UnauthorizedOperation</Code><Message>No</Message>"                                      \
	}
#define SILENCE(action_name)                                                                                           \
	{                                                                                                              \
		.action = action_name, .problem = HTTP_TIMEOUT                                                         \
	}

struct world {
	struct harness harness;
	struct preflight preflight;
	struct clock eventful;
	struct text known_after_a_while; // and so long until then
	int64_t known_at_ms;
	bool ends_instead;
	struct cancel_source *stopped_by; // the first pause
};

static bool sleep_and_learn(void *context, int64_t duration_ms, const struct cancel *cancel)
{
	struct world *world = context;
	const struct clock *clock = &world->harness.clock;
	if (world->stopped_by)
		cancel_source_fire(world->stopped_by);
	const bool slept = clock->sleep_ms(clock->context, duration_ms, cancel);
	if (world->known_at_ms == 0 || world->harness.now_ms < world->known_at_ms)
		return slept;
	if (world->ends_instead)
		preflight_end(&world->preflight);
	else
		(void)id_set_add(&world->preflight.known, world->known_after_a_while);
	return slept;
}

static int64_t monotonic_ms(void *context)
{
	return ((const struct world *)context)->harness.now_ms;
}

static int64_t realtime_us(void *context)
{
	return clock_realtime_us(&((const struct world *)context)->harness.clock);
}

static void open_world(struct world *world)
{
	*world = (struct world){ .known_at_ms = 0 };
	harness_open(&world->harness, &mirror_filter, NULL);
	world->eventful = (struct clock){ realtime_us, monotonic_ms, sleep_and_learn, world };
	world->harness.call.clock = &world->eventful;
	preflight_init(&world->preflight);
}

static void close_world(struct world *world)
{
	harness_end_script(&world->harness);
	preflight_free(&world->preflight);
	harness_close(&world->harness);
}

// What the plan of a new one of that name is told.
static const char *told(struct world *world, const char *name)
{
	const struct text config = text_print(&world->harness.arena, "{\"name\":\"%s\"}", name);
	struct value planned = harness_value(&world->harness, config.at);
	preflight_warn(&world->harness.operation, &world->preflight, &planned);
	assert_int_equal(world->harness.diagnostics.errors, 0);
	return harness_told(&world->harness);
}

static void one_that_nobody_manages_is_named(void **state)
{
	(void)state;
	struct world world;
	open_world(&world);
	static const struct reply replies[] = {
		PAGE(ITEM("tmf-1", "a") ITEM("tmf-2", "b"), "more"),
		LISTING(ITEM("tmf-3", "a") ITEM("tmf-4", "a") ITEM("tmf-5", "a") ITEM("tmf-11", "a")),
		USED("tmf-3"),
	};
	harness_script(&world.harness, replies);
	(void)id_set_add(&world.preflight.known, T("tmf-4"));
	recent_add(&world.harness.clock, T("tmf-5")); // by this process
	const char *words = told(&world, "a");
	assert_contains(words, "filter tmf-1 already exists");
	assert_contains(words, "terraform import vns_mirror_filter.NAME tmf-1\n");
	assert_lacks(words, "tmf-2");
	assert_lacks(words, "tmf-3"); // in use
	assert_lacks(words, "tmf-4");
	assert_lacks(words, "tmf-5");
	assert_contains(words, "filter tmf-11 already exists"); // the known ones are known whole
	// The listings are made once, and nobody is told twice.
	assert_contains(told(&world, "b"), "filter tmf-2 already exists");
	assert_string_equal(told(&world, "a"), "");
	assert_string_equal(told(&world, "c"), "");
	assert_string_equal(told(&world, ""), "");
	close_world(&world);
}

// A page may be empty and not the last.
static void a_session_on_a_later_page_uses_it_too(void **state)
{
	(void)state;
	struct world world;
	open_world(&world);
	static const struct reply replies[] = {
		LISTING(ITEM("tmf-1", "a")),
		{ .action = "DescribeTrafficMirrorSessions",
		  .body = "<trafficMirrorSessionSet/><nextToken>more</nextToken>" },
		USED("tmf-1"),
	};
	harness_script(&world.harness, replies);
	assert_string_equal(told(&world, "a"), "");
	assert_contains(harness_form(&world.harness, 2), "NextToken=more");
	close_world(&world);
}

static void a_listing_that_goes_in_circles_is_left(void **state)
{
	(void)state;
	struct world world;
	open_world(&world);
	static const struct reply replies[] = {
		PAGE(ITEM("tmf-1", "a"), "A"),
		PAGE(ITEM("tmf-2", "b"), "B"),
		PAGE(ITEM("tmf-3", "c"), "A"),
		UNUSED,
	};
	harness_script(&world.harness, replies);
	assert_contains(told(&world, "a"), "filter tmf-1 already exists");
	close_world(&world);
}

// What is not wholly known is not half known: it is told, once.
static void a_listing_without_room_is_left(void **state)
{
	(void)state;
	static const char head[] = "<trafficMirrorFilterSet>"
				   "<item><trafficMirrorFilterId>";
	static const char tail[] = "</trafficMirrorFilterId></item></trafficMirrorFilterSet><nextToken>.</nextToken>";
	const size_t id_bytes = LIMIT_RESPONSE_BYTES / 4; // a filter has it twice, as what it is and what it uses
	char *bodies[2];
	struct reply replies[2];
	for (int i = 0; i < 2; i++) {
		bodies[i] = malloc(sizeof head + id_bytes + sizeof tail);
		assert_non_null(bodies[i]);
		memcpy(bodies[i], head, sizeof head - 1);
		memset(bodies[i] + sizeof head - 1, 'x', id_bytes);
		memcpy(bodies[i] + sizeof head - 1 + id_bytes, tail, sizeof tail);
		bodies[i][sizeof head - 1 + id_bytes + sizeof tail - sizeof "./nextToken>" - 1] = (char)('1' + i);
		replies[i] = (struct reply){ .action = "DescribeTrafficMirrorFilters", .body = bodies[i] };
	}
	struct world world;
	open_world(&world);
	harness_script(&world.harness, replies);
	assert_contains(told(&world, "a"), "larger than the provider has room for");
	assert_string_equal(told(&world, "a"), "");
	close_world(&world);
	free(bodies[0]);
	free(bodies[1]);
}

#define SESSIONS(items)                                                                                                \
	{                                                                                                              \
		.action = "DescribeTrafficMirrorSessions",                                                             \
		.body = "<trafficMirrorSessionSet>" items "</trafficMirrorSessionSet>"                                 \
	}
#define SESSION_ITEM(id, interface, number)                                                                            \
	"<item><trafficMirrorSessionId>" id                                                                            \
	"</trafficMirrorSessionId><networkInterfaceId>" interface "</networkInterfaceId><sessionNumber>" number        \
	"</sessionNumber><trafficMirrorFilterId>tmf-9"                                                                 \
	"</trafficMirrorFilterId><trafficMirrorTargetId>tmt-9</trafficMirrorTargetId></item>"

// By interface and number, with what it uses and nobody knows.
static void a_session_is_named_with_what_it_uses(void **state)
{
	(void)state;
	struct world world;
	open_world(&world);
	static const struct reply replies[] = { SESSIONS(SESSION_ITEM("tms-1", "eni-1", "1") SESSION_ITEM(
		"tms-2", "eni-1", "2") SESSION_ITEM("tms-3", "eni-2", "1")) };
	harness_script(&world.harness, replies);
	harness_use(&world.harness, &mirror_session);
	(void)id_set_add(&world.preflight.known, T("tmf-9"));
	struct value planned =
		harness_value(&world.harness, "{\"network_interface_id\":\"eni-1\",\"session_number\":1}");
	preflight_warn(&world.harness.operation, &world.preflight, &planned);
	const char *words = harness_told(&world.harness);
	assert_contains(words, "session tms-1 already exists");
	assert_contains(words, "terraform import vns_mirror_session.NAME tms-1\n");
	assert_contains(words, "terraform import vns_mirror_target.NAME tmt-9\n");
	assert_lacks(words, "tmf-9");
	assert_lacks(words, "tms-2");
	assert_lacks(words, "tms-3");
	(void)id_set_add(&world.preflight.known, T("tms-1"));
	preflight_warn(&world.harness.operation, &world.preflight, &planned);
	assert_string_equal(harness_told(&world.harness), "");
	static const char *const sparse[] = { "{\"network_interface_id\":\"eni-1\"}", "{\"session_number\":2}" };
	for (size_t i = 0; i < 2; i++) { // which one it would double is not known
		planned = harness_value(&world.harness, sparse[i]);
		preflight_warn(&world.harness.operation, &world.preflight, &planned);
		assert_string_equal(harness_told(&world.harness), "");
	}
	close_world(&world);
}

// A provider that runs for days is told of the same objects again and again.
static void what_is_known_stays_known(void **state)
{
	(void)state;
	struct world world;
	open_world(&world);
	static const struct reply replies[] = { LISTING(ITEM("tmf-1", "a")) };
	harness_script(&world.harness, replies);
	static const char bytes[LIMIT_KNOWN_BYTES / 64];
	for (int i = 0; i < 100; i++)
		(void)id_set_add(&world.preflight.known, i ? (struct text){ bytes, sizeof bytes } : T("tmf-1"));
	assert_string_equal(told(&world, "a"), "");
	close_world(&world);
}

// The host comes to it while the plan of the new one waits.
static void what_becomes_known_is_waited_for(void **state)
{
	(void)state;
	for (int ends = 0; ends < 2; ends++) {
		struct world world;
		open_world(&world);
		static const struct reply replies[] = { LISTING(ITEM("tmf-1", "a")), UNUSED };
		harness_script(&world.harness, replies);
		world.known_after_a_while = T("tmf-1");
		world.known_at_ms = world.harness.now_ms + 1000;
		world.ends_instead = ends;
		assert_string_equal(told(&world, "a"), "");
		close_world(&world);
	}
}

static void the_wait_is_one_for_all(void **state)
{
	(void)state;
	struct world world;
	open_world(&world);
	static const struct reply replies[] = { LISTING(ITEM("tmf-1", "a") ITEM("tmf-2", "a") ITEM("tmf-3", "a")),
						UNUSED };
	harness_script(&world.harness, replies);
	const int64_t start_ms = world.harness.now_ms;
	assert_contains(told(&world, "a"), "tmf-3 already exists");
	assert_int_equal(world.harness.now_ms - start_ms, 2000);
	close_world(&world);
}

// It is said, and no plan fails for it. Those of another type are listed all the same.
static void who_cannot_be_asked_costs_little(void **state)
{
	(void)state;
	static const struct {
		struct reply replies[4];
		size_t count;
		const char *cause; // NULL: it could be asked after all
	} cases[] = {
		{ { THROTTLED("DescribeTrafficMirrorFilters"), THROTTLED("DescribeTrafficMirrorFilters") },
		  2,
		  "Too fast" },
		{ { SILENCE("DescribeTrafficMirrorFilters"), SILENCE("DescribeTrafficMirrorFilters") },
		  2,
		  "DescribeTrafficMirrorFilters" },
		{ { LISTING(ITEM("tmf-1", "a")), THROTTLED("DescribeTrafficMirrorSessions"),
		    THROTTLED("DescribeTrafficMirrorSessions") },
		  3,
		  "Too fast" },
		{ { LISTING(ITEM("tmf-1", "a")), FORBIDDEN("DescribeTrafficMirrorSessions") },
		  2,
		  "ec2:DescribeTrafficMirrorSessions" },
		// Half a listing, and of what that has nothing more: two warnings, each with its cause.
		{ { PAGE(ITEM("tmf-1", "a"), "more"), THROTTLED("DescribeTrafficMirrorFilters"),
		    THROTTLED("DescribeTrafficMirrorFilters"), FORBIDDEN("DescribeTrafficMirrorSessions") },
		  4,
		  "ec2:DescribeTrafficMirrorSessions" },
		{ { LISTING(ITEM("tmf-1", "a")), SILENCE("DescribeTrafficMirrorSessions"), UNUSED }, 3, NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world world;
		open_world(&world);
		harness_set_script(&world.harness, cases[i].replies, cases[i].count);
		const char *words = told(&world, "a");
		if (!cases[i].cause)
			assert_contains(words, "tmf-1 already exists");
		else
			assert_contains(words, "Cannot check whether the traffic mirror filter already exists");
		assert_contains(words, cases[i].cause ? cases[i].cause : "");
		assert_string_equal(told(&world, "a"), ""); // once
		harness_end_script(&world.harness);
		static const struct reply others = { .action = "DescribeTrafficMirrorTargets",
						     .body = "<trafficMirrorTargetSet/>" };
		harness_set_script(&world.harness, &others, 1);
		harness_use(&world.harness, &mirror_target);
		assert_string_equal(told(&world, "a"), "");
		close_world(&world);
	}
}

// Whoever stopped it knows why the look failed.
static void a_stop_is_no_failure(void **state)
{
	(void)state;
	static const struct reply replies[] = { LISTING(ITEM("tmf-1", "a")),
						THROTTLED("DescribeTrafficMirrorSessions") };
	static const struct reply at_once[] = { THROTTLED("DescribeTrafficMirrorFilters") };
	for (int lists = 0; lists < 2; lists++) {
		struct world world;
		open_world(&world);
		world.stopped_by = cancel_source_new();
		assert_non_null(world.stopped_by);
		struct cancel *const cancel = cancel_acquire(world.stopped_by);
		world.harness.call.cancel = cancel;
		harness_set_script(&world.harness, lists ? replies : at_once, lists ? 2 : 1);
		assert_string_equal(told(&world, "a"), "");
		close_world(&world);
		cancel_release(cancel);
		cancel_source_free(world.stopped_by);
	}
}

static void after_its_end_nothing_is_asked(void **state)
{
	(void)state;
	struct world world;
	open_world(&world);
	preflight_end(&world.preflight);
	harness_set_script(&world.harness, NULL, 0);
	assert_string_equal(told(&world, "a"), "");
	close_world(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_nobody_manages_is_named),
		cmocka_unit_test(a_session_on_a_later_page_uses_it_too),
		cmocka_unit_test(a_listing_that_goes_in_circles_is_left),
		cmocka_unit_test(a_listing_without_room_is_left),
		cmocka_unit_test(a_session_is_named_with_what_it_uses),
		cmocka_unit_test(what_is_known_stays_known),
		cmocka_unit_test(what_becomes_known_is_waited_for),
		cmocka_unit_test(the_wait_is_one_for_all),
		cmocka_unit_test(who_cannot_be_asked_costs_little),
		cmocka_unit_test(a_stop_is_no_failure),
		cmocka_unit_test(after_its_end_nothing_is_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
