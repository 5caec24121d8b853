// SPDX-License-Identifier: MPL-2.0
// vns-ec2sim: a simulator of EC2's traffic mirroring for tests. README.md says what it does and what it does not.
//
//   front     HTTP               -> control   /_sim/...
//                                -> service   identity (not of EC2), auth, form, parameters, weather, effect, answer
//   actions   the table of actions: parameters, answer, function
//   mirror_*, tags, describe, instances, balancers: the functions
//   world -> place -> objects by kind (kinds, fields)
//   seed, state: what is there at the start, and after a restart
#include "faults.h"
#include "front.h"
#include "seed.h"
#include "state.h"
#include "world.h"

#include "base/text.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define LATENCY_MAX_MS 60000

static const char usage[] =
	"Usage: vns-ec2sim [--listen ADDRESS:PORT] [--seed FILE] [--state FILE] [--latency MS]\n"
	"                   [--fault JSON]...\n"
	"\n"
	"A simulator of EC2's traffic mirroring (and of the calls of STS and Elastic Load Balancing\n"
	"that go with it), for tests without AWS. Its first line is endpoint=http://ADDRESS:PORT.\n"
	"\n"
	"  --listen ADDRESS:PORT  where to listen; port 0 takes a free one (default 127.0.0.1:0)\n"
	"  --seed FILE            JSON: the network interfaces and so on that exist at the start\n"
	"                         (default: built in, as the examples need it)\n"
	"  --state FILE           what was made is kept there and read again at the next start\n"
	"  --latency MS           every call takes that much longer\n"
	"  --fault JSON           something goes wrong, for example\n"
	"                         {\"kind\": \"reset\", \"action\": \"Describe*\", \"nth\": 2}\n"
	"  --help                 this text\n"
	"\n"
	"Access key AKIDSIMULATOR, secret key simulator-secret, account 123456789012, any region,\n"
	"unless the seed says otherwise. GET /_sim/calls shows the calls, GET /_sim/state what exists.\n";

struct options {
	const char *listen;
	const char *seed_path;
	const char *state_path;
	int64_t latency_ms;
	json_t *faults; // what the --fault options say
	bool help;
};

// What is not JSON becomes a null, which is no fault either.
static void add_json(json_t *list, const char *printed)
{
	json_t *json = json_loads(printed, 0, NULL);
	json_array_append_new(list, json ? json : json_null());
}

static bool parse_options(int argc, char **argv, struct options *ret_options)
{
	static const struct option known[] = {
		{ "listen", required_argument, NULL, 'l' },
		{ "seed", required_argument, NULL, 's' },
		{ "state", required_argument, NULL, 'S' },
		{ "latency", required_argument, NULL, 'L' },
		{ "fault", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option = 0;
	*ret_options = (struct options){ .listen = "127.0.0.1:0", .faults = json_array() };
	while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		if (option == 'l')
			ret_options->listen = optarg;
		else if (option == 's')
			ret_options->seed_path = optarg;
		else if (option == 'S')
			ret_options->state_path = optarg;
		else if (option == 'f')
			add_json(ret_options->faults, optarg);
		else if (option == 'h')
			ret_options->help = true;
		else if (option != 'L' || !text_to_int64(text_of(optarg), &ret_options->latency_ms) ||
			 ret_options->latency_ms < 0 || ret_options->latency_ms > LATENCY_MAX_MS)
			return false;
	}
	return optind == argc;
}

// The signals are blocked in every thread and taken here.
static bool serve(struct world *world, const char *listen)
{
	sigset_t ends;
	int taken = 0;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	signal(SIGPIPE, SIG_IGN);
	struct front *front = front_open(world, listen);
	if (!front)
		return false;
	printf("endpoint=http://%s:%u\n", front_address(front), (unsigned)front_port(front));
	fflush(stdout);
	sigwait(&ends, &taken);
	faults_clear(world->faults); // calls that hang would be waited for
	front_close(front);
	return true;
}

static bool add_faults(struct world *world, json_t *faults)
{
	const char *wrong = json_array_size(faults) > 0 ? faults_add(world->faults, faults) : NULL;
	if (wrong)
		fprintf(stderr, "vns-ec2sim: --fault: %s\n", wrong);
	return !wrong;
}

int main(int argc, char **argv)
{
	struct options options;
	if (!parse_options(argc, argv, &options)) {
		fputs(usage, stderr);
		return 2;
	}
	if (options.help) {
		fputs(usage, stdout);
		return 0;
	}
	json_t *seed = seed_load(options.seed_path);
	if (!seed)
		return 1;
	struct world world;
	const bool served = world_init(&world, seed, options.state_path, options.latency_ms) &&
			    add_faults(&world, options.faults) && serve(&world, options.listen);
	world_free(&world);
	json_decref(options.faults);
	return served ? 0 : 1;
}
