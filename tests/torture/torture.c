// SPDX-License-Identifier: MPL-2.0
// Every allocation of every RPC that is served, of each resource, is refused: each alone, each with all that come after
// it, and the call's memory ends at every size. Whatever happens, the provider answers, gives back what it took,
// creates nothing twice, and what EC2 holds is in the state it returns.
//
// Covered: all of src/ but the transport, and every library that it calls on the way (expat, jansson, OpenSSL,
// protobuf-c, msgpack, libc). Not covered: libcurl and gRPC, which are not under these calls. OpenSSL's blocks are
// refused, but only ours and the other libraries' are counted: allocations.h says why.
#include "allocations.h"
#include "rpcs.h"
#include "scenes.h"
#include "small_ec2.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const size_t ceiling_step_bytes = 1024;

enum way {
	ONE_REFUSED,
	REFUSED_FROM_THEN_ON,
	CEILING, // of the arena: wherever it is taken from, that may be where it ends
	WAYS,
};

static const char *const way_names[WAYS] = { "alone", "from then on", "ceiling" };

static char filter_name[] = "vns_mirror_filter";
static char target_name[] = "vns_mirror_target";
static char session_name[] = "vns_mirror_session";

#define SESSION_CONFIG(more)                                                                                           \
	"{\"network_interface_id\":\"" SMALL_EC2_MIRROR "\",\"traffic_mirror_target_id\":\"" SMALL_EC2_TARGET          \
	"\",\"traffic_mirror_filter_id\":\"" SMALL_EC2_FILTER "\"" more "}"

static const struct scene subjects[] = {
	{ .type_name = filter_name,
	  .id = SMALL_EC2_FILTER,
	  .config = "{\"ingress_rules\":{\"100\":{\"rule_action\":\"accept\"}},\"egress_rules\":{}}",
	  .changed = "{\"ingress_rules\":{\"100\":{\"rule_action\":\"reject\"}},\"egress_rules\":{},"
		     "\"tags\":{\"a\":\"b\"}}" },
	{ .type_name = target_name,
	  .id = SMALL_EC2_TARGET,
	  .config = "{\"network_interface_id\":\"" SMALL_EC2_CARD "\"}",
	  .changed = "{\"network_interface_id\":\"" SMALL_EC2_CARD "\",\"tags\":{\"a\":\"b\"}}" },
	{ .type_name = session_name,
	  .id = SMALL_EC2_SESSION,
	  .config = SESSION_CONFIG(""),
	  .changed = SESSION_CONFIG(",\"session_number\":2,\"tags\":{\"a\":\"b\"}") },
};

static const char *const kind_names[SCENE_KINDS] = {
	[SCENE_VALIDATES] = "Validate",
	[SCENE_PLANS] = "Plan (new)",
	[SCENE_PLANS_A_CHANGE] = "Plan",
	[SCENE_CREATES] = "Apply (create)",
	[SCENE_READS] = "Read",
	[SCENE_UPDATES] = "Apply (update)",
	[SCENE_REMOVES] = "Apply (delete)",
	[SCENE_PLANS_AND_LOOKS] = "Plan (preflight)",
	[SCENE_READS_WITH_PROCESS] = "Read (process)",
	[SCENE_IMPORTS] = "Import (id)",
	[SCENE_IMPORTS_BY_IDENTITY] = "Import (identity)",
	[SCENE_UPGRADES_STATE] = "Upgrade state",
	[SCENE_UPGRADES_IDENTITY] = "Upgrade identity",
	[SCENE_CONFIGURES] = "Configure",
	[SCENE_VALIDATES_PROVIDER] = "Validate provider",
	[SCENE_TELLS_SCHEMA] = "Schema",
	[SCENE_TELLS_PACKED_SCHEMA] = "Schema (packed)",
	[SCENE_TELLS_IDENTITY_SCHEMAS] = "Identity schemas",
	[SCENE_TELLS_METADATA] = "Metadata",
	[SCENE_STOPS] = "Stop",
};

struct tally {
	size_t bytes;   // of the call's memory when nothing is refused
	size_t sites;   // allocations of the RPC when none is refused
	size_t runs;    // with one refused or more
	size_t errors;  // of them ended with an error; the others did without the memory
	size_t unknown; // of them that say that something may have been done
};

// One run. False when nothing was refused any more. `ret_kept`: blocks that were not given back.
static bool play_once(const struct scene *scene, enum way way, size_t n, struct tally *tally, long *ret_kept)
{
	const long alive = allocations_alive();
	void *state;
	assert_int_equal(host_setup(&state), 0);
	struct host *host = state;
	scenes_prepare(host, scene);
	const size_t ceiling = (n + 1) * ceiling_step_bytes;
	if (way == CEILING)
		host->call_arena.ceiling_bytes = ceiling;
	allocations_begin(way == REFUSED_FROM_THEN_ON ? ALLOCATIONS_REFUSE_FROM_THEN_ON : ALLOCATIONS_REFUSE_ONE,
			  way == CEILING ? SIZE_MAX : n);
	const struct ending ending = scenes_play(host);
	const size_t asked = allocations_end();
	const size_t taken = host->call_arena.taken_bytes;
	scenes_check(host, scene, &ending);
	const bool goes_on = way == CEILING ? ceiling < tally->bytes : allocations_refused() > 0;
	if (!goes_on) {
		if (ending.failed)
			fail_msg("without any refusal: %s", ending.told);
		tally->sites = asked;
		tally->bytes = taken;
	}
	tally->runs += goes_on;
	tally->errors += ending.failed;
	tally->unknown += scenes_outcome_is_unknown(&ending);
	assert_int_equal(host_teardown(&state), 0);
	*ret_kept = allocations_alive() - alive;
	return goes_on;
}

// A leak happens each time; what a library keeps from its first failure on is kept once.
static bool play(const struct scene *scene, enum way way, size_t n, struct tally *tally)
{
	long kept;
	const bool goes_on = play_once(scene, way, n, tally, &kept);
	for (int again = 0; kept != 0; again++) {
		if (again == 3)
			fail_msg("%s %s: %ld blocks leak at allocation %zu, refused %s", scene->type_name,
				 kind_names[scene->kind], kept, n, way_names[way]);
		struct tally forgotten = { 0 };
		(void)play_once(scene, way, n, &forgotten, &kept);
	}
	return goes_on;
}

static void torture_scene(const struct scene *scene, size_t *sites, size_t *runs)
{
	size_t bytes = 0;
	for (int way = 0; way < WAYS; way++) {
		struct tally tally = { .bytes = bytes };
		size_t n = 0;
		while (play(scene, (enum way)way, n, &tally))
			n++;
		print_message("%-20s%-18s%-14s%6zu sites%6zu runs%6zu errors%4zu unknown\n", scene->type_name,
			      kind_names[scene->kind], way_names[way], tally.sites, tally.runs, tally.errors,
			      tally.unknown);
		bytes = tally.bytes;
		*sites += way == ONE_REFUSED ? tally.sites : 0;
		*runs += tally.runs;
	}
}

static void torture(void **unused)
{
	(void)unused;
	size_t sites = 0, runs = 0;
	for (size_t subject = 0; subject < sizeof subjects / sizeof subjects[0]; subject++) {
		for (int kind = 0; kind < SCENE_KINDS; kind++) {
			struct scene scene = subjects[subject];
			scene.kind = (enum scene_kind)kind;
			if (subject == 0 || !rpcs_is_for_all(scene.kind))
				torture_scene(&scene, &sites, &runs);
		}
	}
	print_message("%zu allocation sites covered, in %zu runs\n", sites, runs);
	assert_true(sites > 3000);
}

// What libraries make once and keep is made here.
static int warm_up(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < SCENE_KINDS; kind++) {
		struct scene scene = subjects[0];
		scene.kind = (enum scene_kind)kind;
		void *state;
		(void)host_setup(&state);
		scenes_prepare(state, &scene);
		(void)scenes_play(state);
		(void)host_teardown(&state);
	}
	return 0;
}

int main(void)
{
	if (!allocations_hook_openssl())
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(torture, warm_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
