// SPDX-License-Identifier: MPL-2.0
// How AWS is reached: endpoints, their variants, how often and how fast it is asked. Settings, environment and profile
// are read once.
#ifndef VNS_AWS_REACH_H
#define VNS_AWS_REACH_H

#include "aws/endpoint.h"
#include "aws/pace.h"
#include "aws/aws_settings.h"
#include "base/call.h"

#include <stdbool.h>

// What a profile of the shared files says; empty: nothing.
struct reach_profile {
	struct endpoint_profile endpoint;
	struct text max_attempts;
	struct text retry_mode;
	struct text disable_clock_skew_correction;
};

struct custom_endpoint {
	bool is_set;
	struct endpoint endpoint;
	struct text chosen_by;
	bool by_argument;
};

struct reach {
	struct custom_endpoint endpoints[AWS_SERVICE_COUNT];
	struct endpoint_variant variant;
	struct text sts_region; // empty: the client's
	int max_attempts;
	enum pace_mode mode;
	int bucket_capacity; // 0: no bucket
	bool trusts_clock;   // a skew that the service shows is not corrected
};

// Takes from `arena`, adds diagnostics to the call; texts of the inputs are not copied. `profile` may be NULL.
bool reach_make(struct call *call, struct arena *arena, const struct aws_settings *settings,
		const struct environment *environment, const struct reach_profile *profile, struct reach *ret_reach);
// Where a service is asked for a region, and who chose that. False with an error when settings contradict each other.
bool reach_endpoint(struct call *call, const struct reach *reach, enum aws_service service, struct text region,
		    struct endpoint *ret_endpoint, struct text *ret_chosen_by);

#endif
