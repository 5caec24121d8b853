// SPDX-License-Identifier: MPL-2.0
// Partitions, and where a service of a region is reached (facts: aws_client, 2.5).
#ifndef VNS_AWS_ENDPOINT_H
#define VNS_AWS_ENDPOINT_H

#include "aws/action.h"
#include "aws/environment.h"
#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>

struct aws_settings;

struct endpoint {
	struct text url;  // scheme, host, port and path, as it is sent to
	struct text host; // the Host header: with the port where it is not the scheme's own
	struct text path; // begins with '/'
	bool plain;       // http
	bool loopback;
};

struct endpoint_service {
	struct text name;         // for people: "EC2"
	struct text host_prefix;  // "ec2"
	struct text signing_name; // "ec2"
	struct text version;      // of its API
	struct text argument;     // of the provider's endpoints block
	const char *variable;     // "AWS_ENDPOINT_URL_EC2"
};

const struct endpoint_service *endpoint_service(enum aws_service service);

// A custom endpoint and the setting that chose it, for people; an empty url when there is none.
struct endpoint_choice {
	struct text url;
	struct text chosen_by; // "the environment variable AWS_ENDPOINT_URL_EC2"
};

struct endpoint_choice endpoint_choose(const struct aws_settings *settings, const struct environment *environment,
				       enum aws_service service);

// The region goes into host names: letters, digits and hyphens, 63 at most, no hyphen at an end.
bool endpoint_region_is_label(struct text region);
// "aws" for a region of no known pattern.
struct text endpoint_partition(struct text region);
// AWS's own endpoint. The region is a label.
struct endpoint endpoint_of_region(struct arena *arena, enum aws_service service, struct text region);
// A custom one. NULL when it is fine, else what is wrong, for people (it never repeats a user name or password).
const char *endpoint_parse(struct arena *arena, struct text url, struct endpoint *ret_endpoint);

#endif
