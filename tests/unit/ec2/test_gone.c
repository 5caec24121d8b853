// SPDX-License-Identifier: MPL-2.0
// Reads of what is not there, or seems not to be: whom EC2 is believed to have said that an object is gone.
#include "readers.h"

#include "ec2/flight.h"

static void the_missing_are_gone_and_the_others_found(void **state)
{
	(void)state;
	for (int blames_nobody = 0; blames_nobody < 2; blames_nobody++) {
		struct world world;
		open_world(&world, 5);
		world.ec2.blames_nobody = blames_nobody;
		struct reader readers[MOST_READERS];
		read_many(&world, readers, 0, 9);
		for (int i = 0; i < 9; i++)
			assert_int_equal(readers[i].result, i < 5 ? READS_FOUND : READS_GONE);
		assert_in_range(world.ec2.by_id, 1, blames_nobody ? 12 : 8);
		close_world(&world);
	}
}

// The answer to somebody else's request for other ids, as from a proxy that mixes up its connections.
static void an_answer_that_lacks_an_object_is_not_believed_at_once(void **state)
{
	(void)state;
	static const int crowds[] = { 1, 5 };
	for (size_t i = 0; i < sizeof crowds / sizeof crowds[0]; i++) {
		struct world world;
		open_world(&world, 10);
		struct reader readers[MOST_READERS];
		for (int empty = 0; empty < 2; empty++) {
			world.ec2.empty = empty;
			world.ec2.strange = !empty;
			read_many(&world, readers, 0, crowds[i]);
			for (int j = 0; j < crowds[i]; j++)
				assert_int_equal(readers[j].result, READS_FOUND);
		}
		close_world(&world);
	}
}

static void an_answer_without_an_object_is_believed_when_it_comes_twice(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	struct reader readers[MOST_READERS];
	for (int count = 1; count < 4; count++) {
		world.ec2.empty = 100;
		world.ec2.by_id = 0;
		read_many(&world, readers, 0, count);
		for (int i = 0; i < count; i++)
			assert_int_equal(readers[i].result, READS_GONE);
		assert_in_range(world.ec2.by_id, count + 1, 2 * count);
	}
	close_world(&world);
}

static void answers_about_others_say_nothing_of_an_object(void **state)
{
	(void)state;
	static const char *const ids[] = { NULL, "tms-00001-and-whatever-somebody-wrote-into-a-state-by-hand" };
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		struct world world;
		open_world(&world, 10);
		world.ec2.strange = 100;
		struct reader reader = { .world = &world, .id = ids[i] };
		read_one(&reader);
		assert_false(reader.is_wrong);
		assert_int_equal(reader.result, READS_FAILED);
		assert_contains(reader.told, "Unreadable response from EC2: 3 responses to "
					     "DescribeTrafficMirrorSessions list other objects instead of");
		assert_int_equal(world.ec2.by_id, 3);
		close_world(&world);
	}
}

// A listing does not have them; EC2 is asked for their very ids.
static void a_listing_says_of_nobody_that_it_is_gone(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 40);
	walk(&world, 40, 10);
	assert_int_equal(world.ec2.pages, 1);
	world.ec2.sessions = 60; // by somebody else's hand
	const int by_id = world.ec2.by_id;
	struct reader readers[MOST_READERS];
	read_many(&world, readers, 50, 12);
	for (int i = 0; i < 12; i++)
		assert_int_equal(readers[i].result, i < 10 ? READS_FOUND : READS_GONE);
	assert_true(world.ec2.by_id > by_id);
	assert_int_equal(world.ec2.pages, 1);
	close_world(&world);
}

static void an_id_longer_than_any_goes_alone(void **state)
{
	(void)state;
	struct world world;
	open_world(&world, 10);
	world.ec2.id_refusal = "InvalidTrafficMirrorSessionId.NotFound";
	struct reader reader = { .world = &world, .id = "tms-00001-and-whatever-somebody-wrote-into-a-state-by-hand" };
	read_one(&reader);
	assert_int_equal(reader.result, READS_GONE);
	close_world(&world);
}

// Ids have been of 8 digits and are of 17: one may begin another.
static void a_message_blames_whom_it_names_whole(void **state)
{
	(void)state;
	static const struct blame_case {
		const char *message;
		bool blames;
	} cases[] = {
		{ "The session 'tms-0123abcd' does not exist", true },
		{ "tms-0123abcd", true },
		{ "The session 'tms-0123abcd9' does not exist", false },
		{ "The session 'tms-0123abcd0' does not exist", false },
		{ "The session 'tms-0123abcda' does not exist", false },
		{ "The session 'tms-0123abcdz' does not exist", false },
		{ "The session 'tms-0123abcd-e' does not exist", false },
		{ "The sessions 'tms-0123abcde, tms-0123abcd' do not exist", true },
		{ "A session does not exist", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct flight flight = { .answer.error_message = text_of(cases[i].message) };
		assert_int_equal(flight_blames(&flight, T("tms-0123abcd")), cases[i].blames);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_missing_are_gone_and_the_others_found),
		cmocka_unit_test(an_answer_that_lacks_an_object_is_not_believed_at_once),
		cmocka_unit_test(an_answer_without_an_object_is_believed_when_it_comes_twice),
		cmocka_unit_test(answers_about_others_say_nothing_of_an_object),
		cmocka_unit_test(a_listing_says_of_nobody_that_it_is_gone),
		cmocka_unit_test(an_id_longer_than_any_goes_alone),
		cmocka_unit_test(a_message_blames_whom_it_names_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
