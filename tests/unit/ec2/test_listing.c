// SPDX-License-Identifier: MPL-2.0
// Which pages a listing asks for, and where it ends.
#include "describer.h"
#include "unit/engine/harness.h"

#include "base/limits.h"
#include "ec2/listing.h"
#include "resources/mirror_session.h"

struct world {
	struct harness harness;
	struct describer ec2;
	int seen;
	int enough; // 0: never
};

static void open_world(struct world *world, int sessions)
{
	*world = (struct world){ .seen = 0 };
	harness_open(&world->harness, &mirror_session, NULL);
	describer_init(&world->ec2, sessions);
	world->ec2.latency_ms = 0;
	world->harness.aws->seams.http = &world->ec2.http;
}

static bool see(void *context, const struct xml_node *item)
{
	struct world *world = context;
	assert_true(text_starts_with(xml_text(item, T("trafficMirrorSessionId")), T("tms-")));
	return ++world->seen != world->enough;
}

static bool walk(struct world *world)
{
	const struct listing listing = {
		.action = T("DescribeTrafficMirrorSessions"),
		.set = T("trafficMirrorSessionSet"),
		.doing = T("count the sessions"),
	};
	world->seen = 0;
	world->ec2.pages = 0;
	const bool walked = listing_walk(&world->harness.operation, &listing, see, world);
	assert_int_equal(world->harness.diagnostics.errors, walked ? 0 : 1);
	return walked;
}

static void every_page_is_walked_once(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 2500);
	for (world.ec2.circle = 0; world.ec2.circle < 4; world.ec2.circle++) {
		assert_true(walk(&world));
		assert_int_equal(world.ec2.pages, world.ec2.circle == 3 ? 4 : 3); // the first one's token was none
		assert_in_range(world.seen, 2500, 3500);
	}
	harness_close(&world.harness);
}

static void enough_ends_it(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 2500);
	world.enough = 1500;
	assert_true(walk(&world));
	assert_int_equal(world.seen, 1500);
	assert_int_equal(world.ec2.pages, 2);
	harness_close(&world.harness);
}

static void one_without_an_end_is_an_error(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	world.ec2.is_endless = true;
	assert_false(walk(&world));
	assert_int_equal(world.seen, 10);
	assert_int_equal(world.ec2.pages, LIMIT_LISTING_PAGES);
	assert_contains(harness_told(&world.harness), "DescribeTrafficMirrorSessions say after 200 pages");
	harness_close(&world.harness);
}

static void a_refusal_is_told(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	world.ec2.list_refusal = "UnauthorizedOperation";
	assert_false(walk(&world));
	assert_contains(harness_told(&world.harness), "ec2:DescribeTrafficMirrorSessions");
	harness_close(&world.harness);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_is_walked_once),
		cmocka_unit_test(enough_ends_it),
		cmocka_unit_test(one_without_an_end_is_an_error),
		cmocka_unit_test(a_refusal_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
