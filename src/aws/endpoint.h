// SPDX-License-Identifier: MPL-2.0
// Where a service of a region is reached (facts: aws_client, 2.5).
#ifndef VNS_AWS_ENDPOINT_H
#define VNS_AWS_ENDPOINT_H

#include "aws/action.h"
#include "aws/environment.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct aws_settings;

struct endpoint {
	struct text url;            // scheme, host, port and path
	struct text host;           // the Host header: with the port where it is not the scheme's own
	struct text path;           // begins with '/'
	struct text signing_region; // empty: the client's
	bool plain;                 // http
	bool loopback;
};

// The kinds of hosts that AWS has of a service beside the usual one.
struct endpoint_variant {
	bool fips;
	bool dual_stack;
};

// What a profile of the shared files says about endpoints; empty: nothing.
struct endpoint_profile {
	struct text url;                         // endpoint_url of the profile
	struct text services[AWS_SERVICE_COUNT]; // endpoint_url of its services section
	struct text ignore_configured;           // ignore_configured_endpoint_urls
	struct text use_fips;                    // use_fips_endpoint
	struct text use_dual_stack;              // use_dualstack_endpoint
};

struct endpoint_service {
	struct text name;         // for people: "EC2"
	struct text host_prefix;  // "ec2"
	struct text signing_name; // "ec2"
	struct text version;      // of its API
	const char *argument;     // of the provider's endpoints block
	const char *variable;     // "AWS_ENDPOINT_URL_EC2"
	struct text profile_key;  // of a services section: "ec2"
	// Variables of older providers: they still count, with a warning. NULL: none.
	const char *old_variables[2];
};

const struct endpoint_service *endpoint_service(enum aws_service service);

// A custom endpoint and the setting that chose it, for people; an empty url when there is none.
struct endpoint_choice {
	struct text url;
	struct text chosen_by; // the variable's name, or words for people
	bool by_variable;
	bool by_argument; // of the provider
	const char *old;  // an old variable chose it, which has a new name; NULL: no
};

// `profile` may be NULL.
struct endpoint_choice endpoint_choose(const struct aws_settings *settings, const struct environment *environment,
				       const struct endpoint_profile *profile, enum aws_service service);
// Arguments, then environment, then profile. A word that is neither true nor false counts as false.
struct endpoint_variant endpoint_choose_variant(const struct aws_settings *settings,
						const struct environment *environment,
						const struct endpoint_profile *profile);

// "aws" for a region of no known pattern.
struct text endpoint_partition(struct text region);
// AWS's own endpoint. The region is a label (text_is_label), since it goes into the host name.
struct endpoint endpoint_of_region(struct arena *arena, enum aws_service service, struct text region,
				   struct endpoint_variant variant);
// Of "host:port": the host, an IPv6 address with its brackets, and the port, empty when there is none. NULL, or what is
// wrong with the host, for people.
const char *endpoint_split_host(struct text authority, struct text *ret_host, struct text *ret_port);
// A custom one. NULL when it is fine, else what is wrong, for people (it never repeats a user name or password).
const char *endpoint_parse(struct arena *arena, struct text url, struct endpoint *ret_endpoint);

// The URL of a resource below the endpoint's path; `below` begins with '/'.
struct text endpoint_below(struct arena *arena, const struct endpoint *endpoint, struct text below);

#endif
