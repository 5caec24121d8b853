// SPDX-License-Identifier: MPL-2.0
// As much of EC2 as one object of each kind needs, behind the interface of the HTTP transport and without memory of its
// own: what was created, changed and deleted.
#ifndef VNS_TESTS_TORTURE_SMALL_EC2_H
#define VNS_TESTS_TORTURE_SMALL_EC2_H

#include "aws/http.h"

#include <stdbool.h>

#define SMALL_EC2_FILTER  "tmf-00000000000000001"
#define SMALL_EC2_TARGET  "tmt-00000000000000001"
#define SMALL_EC2_SESSION "tms-00000000000000001"
#define SMALL_EC2_CARD    "eni-0a1b2c3d4e5f60718"
#define SMALL_EC2_MIRROR  "eni-0123456789abcdef0"

struct small_ec2 {
	struct http http;
	bool exists;    // the object that the test is about
	int creates;    // of such an object, requests with the same token counted once
	int changes;    // requests that changed something
	char token[80]; // of the create
};

extern struct small_ec2 small_ec2;

void small_ec2_reset(bool exists);

#endif
